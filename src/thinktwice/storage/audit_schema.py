"""The chain of acts and the long work."""

from __future__ import annotations
