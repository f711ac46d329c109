"""Named keys, and customer references derived from one of them (DESIGN section 5, *Keys*).

What rotation and loss of each key mean:

========== ===================================================== ===============================================
key        rotation                                              loss
========== ===================================================== ===============================================
``ref``    never in normal life: every customer would get a new  the history is no longer found: every customer
           reference, so history, holds and caps would start     looks new, active holds no longer match. If it
           anew                                                  leaks, known customer ids can be linked to records
``assign`` only between experiments: a running one would be      running experiments end, because repeaters would
           reassigned and its results void                       change arms. If it leaks, arms can be predicted
``token``  at any time: put the new key first, keep the old one  open alert pages answer 401 until shown again. If
           for 24 hours, then drop it                            it leaks, choices on alerts can be forged: rotate
                                                                 and drop the old key at once
``seal``   at any time; old seals are checked with the published new proofs cannot be sealed; old ones still verify
           old public key                                        with the public key
``web-     at any time: put the new key first; both sign until   the receiver refuses what it is told until it knows
hook``     the receiver knows the new one, then drop the old one a new one. If it leaks, webhooks can be forged
``master`` at any time: put the new key first, run               enclosed files, names and e-mail addresses
           ``thinktwice user rewrap``, then drop the old one     are lost: nobody can sign in, and accounts
                                                                 must be made anew
========== ===================================================== ===============================================

Invariant: ``repr`` and ``str`` of a key never show its secret.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Final

from thinktwice.errors import InputError

SECRET_BYTES: Final = 32
"""Every secret has at least 256 bits."""


@dataclass(frozen=True, slots=True)
class Key:
    """One secret under a public name; ``id`` may be stored and shown, ``secret`` never."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """All keys of one installation.

    The first ``token`` key signs, all of them verify; every ``webhook`` key signs; ``master`` seals, the former ones
    still open. ``is_test`` is true when any key is
    one of the public test keys; such a keyring must never serve customers.
    """

    ref: Key
    assign: Key
    token: tuple[Key, ...]
    is_test: bool
    seal: Key | None = None
    master: Key | None = None
    former_masters: tuple[Key, ...] = ()
    webhook: tuple[Key, ...] = ()

    @property
    def masters(self) -> tuple[Key, ...]:
        """The master keys, the one that seals first; none when the installation has no accounts."""
        return (self.master, *self.former_masters) if self.master else ()


def customer_ref(key: Key, customer_id: str) -> str:
    """Return the reference under which a customer is known: 128 bits of HMAC-SHA256, 32 lower-case hex digits.

    Raises:
        InputError: The id is not encodable text (a lone surrogate).
    """
    try:
        text = customer_id.encode()
    except UnicodeEncodeError:
        raise InputError.of("is not valid Unicode text", field="customer.id") from None
    return hmac.digest(key.secret, text, "sha256")[:16].hex()


def _public_test_key(purpose: str) -> Key:
    """Return a key that anybody can derive; it protects nothing and says so in its id."""
    return Key(f"test-{purpose}", hmac.digest(b"thinktwice public test keys", purpose.encode(), "sha256"))


TEST_KEYRING: Final = Keyring(
    ref=_public_test_key("ref"),
    assign=_public_test_key("assign"),
    token=(_public_test_key("token"),),
    seal=_public_test_key("seal"),
    master=_public_test_key("master"),
    webhook=(_public_test_key("webhook"),),
    is_test=True,
)
"""Fixed public keys for ``decide`` and ``backtest`` without ``--key``; ``serve`` refuses them."""
