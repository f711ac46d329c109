"""Drafts, releases and approvals of campaigns."""

from __future__ import annotations
