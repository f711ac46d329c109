"""Telling the operator's server what changed: a transactional outbox with Standard Webhooks.

Invariants: a message is written in the same transaction as the records it tells of, and leaves the outbox only after
the receiver has acknowledged it, so it is told at least once, whatever is killed when; nothing goes to any address but
the configured one.
"""
