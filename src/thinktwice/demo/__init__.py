"""The demonstration: an invented exchange, invented customers, and the real service behind them.

Invariants: nothing here decides or shows an alert by itself; the exchange talks to the service over HTTP with an API
key, as any operator would; everything says that it is synthetic; only loopback is served.
"""
