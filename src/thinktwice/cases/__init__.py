"""Agencies' requests: from a draft to a closed case, with whatever may be produced in between."""
