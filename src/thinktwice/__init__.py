"""ThinkTwice: scam warnings for withdrawals, written with the police and measured against a holdout."""

__version__ = "0.1.0"
