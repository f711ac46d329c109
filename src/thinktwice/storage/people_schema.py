"""Accounts, credentials, sessions and invitations."""

from __future__ import annotations
