"""What staff note and decide about withdrawals that wait."""

from __future__ import annotations
