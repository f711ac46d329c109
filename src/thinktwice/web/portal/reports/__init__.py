"""Addresses that the agency reports."""
