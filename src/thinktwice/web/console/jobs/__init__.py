"""Jobs: long work, how far it is, and how to stop it."""
