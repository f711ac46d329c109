"""Where the tables of ``control.db`` are declared, each part in a module of its own.

Invariant: ``storage.control_schema`` imports every part, so that whoever takes the metadata from there has all tables.
"""

from __future__ import annotations

from sqlalchemy import MetaData

CONTROL = MetaData()
