"""Who may do what, and how they prove who they are: staff, officers, and the operator's own servers.

Invariants: roles allow what their table names and nothing else; nothing opens for a person without two factors; no
secret is stored or logged, only its hash or an envelope; a secret is shown once, when it is made; every change is an
act of the audit chain.
"""
