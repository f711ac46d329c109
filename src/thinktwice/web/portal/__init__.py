"""The portal of law-enforcement agencies, a surface and a process of its own.

Invariant: it knows requests, reports and its own agency's people, and nothing of the operator's customers: it never
opens the journal, and what it shows is the same whether something exists at the operator or not.
"""
