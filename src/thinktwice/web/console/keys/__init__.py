"""API keys: how the operator's servers prove who they are."""
