"""Signing in as an invented officer, for a demonstration; not part of a portal that serves real agencies."""
