"""Agencies and their officers, as the operator sees them."""
