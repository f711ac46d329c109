"""The officers of one agency, as its administrator sees them."""
