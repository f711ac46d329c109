"""What every surface shares: problem documents, limits, headers, keys, rates and the access log.

Invariants: plain ASGI, no framework; nothing here knows what a withdrawal is; HTTP status codes live here and
nowhere below.
"""
