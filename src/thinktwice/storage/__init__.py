"""The files under the data folder: where they lie, how they are opened, what tables they hold.

Invariants: everything that ThinkTwice knows lies under one data folder; databases change shape only through the
migrations packaged here; the SQLAlchemy metadata describes the newest shape and is never used to read or write rows.
"""
