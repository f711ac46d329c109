"""People: who may use the console, with which roles, from where."""
