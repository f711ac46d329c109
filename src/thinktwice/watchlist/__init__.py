"""What lists say about addresses: import, store with provenance, and answer in a microsecond.

Invariants: a listing is a claim with a source and dates, never a verdict; every claim that ever counted stays in
``control.db`` with the times from and until which we knew it; what is served is a frozen snapshot whose id names its
contents; a look-up that finds nothing touches no database.
"""
