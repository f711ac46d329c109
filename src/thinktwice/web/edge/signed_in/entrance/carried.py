"""What a browser carries while somebody is on the way in: the names of the cookies."""

from __future__ import annotations

from typing import Final

WAITING: Final = "waiting"
"""Between the first and the second factor."""

SETTING_UP: Final = "setting-up"
"""While somebody sets an account up."""
