"""Beginning anew in a forked child, where locks and threads of the parent mean nothing."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def after_fork(owner: T, reset: Callable[[T], None]) -> None:
    """Call ``reset(owner)`` in every forked child for as long as the owner lives."""
    reference = weakref.ref(owner)

    def in_child() -> None:
        found = reference()
        if found is not None:
            reset(found)

    if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
        os.register_at_fork(after_in_child=in_child)
