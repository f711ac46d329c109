"""Ids sort by time and are UUIDs of version 7."""

from __future__ import annotations

from uuid import RFC_4122, UUID

from thinktwice.decisions.identity import uuid7

NOW = 1_795_241_775_123_456


def test_an_id_is_a_uuid_of_version_7_that_carries_its_time() -> None:
    """Version, variant and 48 bits of milliseconds are where RFC 9562 puts them."""
    for _ in range(200):
        found = UUID(uuid7(NOW))
        assert (found.version, found.variant) == (7, RFC_4122)
        assert found.int >> 80 == NOW // 1_000


def test_ids_differ_and_sort_by_time() -> None:
    """A thousand ids of one moment differ; a later one sorts after them all."""
    ids = {uuid7(NOW) for _ in range(1_000)}
    assert len(ids) == 1_000
    assert uuid7(NOW + 1_000) > max(ids)
