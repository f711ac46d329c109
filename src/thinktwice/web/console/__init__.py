"""The staff console: server-rendered pages for fraud operations and compliance.

Invariants: every page declares who may open it, in one place and one way (``routes``); no page needs script; no page
loads anything from elsewhere; what changes something came from a form of the same session; what was refused to a
signed-in person is in the audit chain.
"""
