"""What keeps a demonstration, which signs anybody in, away from real keys.

Invariant: whoever may sign anybody in holds the public test keys only, and where real keys are configured no
demonstration starts.
"""

from __future__ import annotations

import os

from thinktwice.errors import InputError
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.loading import ENVIRONMENT_PREFIX, PURPOSES
from thinktwice.settings import Settings


def require_demo_keys(keyring: Keyring) -> None:
    """Refuse a demonstration with keys that are not the public test keys.

    Raises:
        InputError: these are real keys.
    """
    if not keyring.is_test:
        raise InputError.of(
            "these are real keys; the demonstration signs anybody in, so it runs with the public test keys only",
            field="key_file",
        )


def require_no_real_keys(settings: Settings) -> None:
    """Refuse to start a demonstration where an installation's keys are configured.

    Raises:
        InputError: a key file is set, or a key is in the environment.
    """
    named = [ENVIRONMENT_PREFIX + purpose.upper() for purpose in PURPOSES]
    found = ["THINKTWICE_KEY_FILE"] if settings.key_file else [name for name in named if os.environ.get(name)]
    if found:
        raise InputError.of(
            f"{', '.join(found)} is set here, so this machine has real keys; the demonstration signs anybody in and "
            "does not start beside them: unset it, or use another machine",
            field="key_file",
        )
