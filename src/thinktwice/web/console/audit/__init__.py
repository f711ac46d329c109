"""Audit: who did what, whether the chain is whole, and a copy to take away."""
