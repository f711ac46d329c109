"""What a customer's browser sees and sends: the hosted alert page and the alert's JSON.

Invariants: works without script; the token in the path is the only capability and every refusal of it looks the
same; reading lowers nothing and a choice to stop always stands. This package knows nothing of decisions or journals:
an ``AlertDesk`` opens alerts and takes notes.
"""
