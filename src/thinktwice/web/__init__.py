"""The surfaces that people and programs reach over HTTP; each is an app factory of its own."""
