"""Signing in as anybody, for a demonstration with invented data; not part of a console that serves real people."""
