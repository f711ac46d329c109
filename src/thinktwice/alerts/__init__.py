"""What one customer is shown: words chosen, filled in, ordered and put into the forms of their language.

Invariant: everything here is built from a pack's words, the customer's own facts, verified contacts and an alert
reference; no type of this package has room for a reason, a signal, a list or the name of a campaign (rule 7).
"""
