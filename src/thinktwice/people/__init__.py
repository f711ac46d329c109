"""Who may do what: in this version, the API keys of the operator's own servers and staff tools.

Invariant: no secret is stored or logged, only its hash; a secret is shown once, when it is made.
"""
