"""Agencies' requests, the addresses they report, and what is published about both."""
