"""Whom a customer can ask: help lines and reporting offices by jurisdiction, each with source and expiry.

Invariant: a number that nobody checked, or checked too long ago, is never shown; a jurisdiction without one
gets plain words and no number.
"""
