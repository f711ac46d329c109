"""What a passkey signs for good on a page of either surface: an approval that anybody can verify later.

Invariant: only passkeys that are registered to whoever is signed in are ever asked for; whether a signature holds is
for the desk to say.
"""

from __future__ import annotations

import binascii
import json
from typing import Final

from thinktwice.campaigns.approval import Assertion
from thinktwice.campaigns.partners import PinnedKey, from_base64url
from thinktwice.errors import InputError
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

_MOST_ANSWER: Final = 20_000


def own_keys(visit: Visit) -> tuple[PinnedKey, ...]:
    """Return the passkeys of whoever asks, as this surface would have them pinned."""
    people = visit.desk(People)
    return tuple(
        PinnedKey(
            credential_id=key.credential_id,
            public_key=key.cose_key,
            rp_id=people.party.id,
            origins=people.party.origins,
        )
        for key in people.factors.of(visit.who.account_id).passkeys
    )


def read_assertion(answer: str) -> Assertion:
    """Read what a browser's passkey answered.

    Raises:
        InputError: it is no answer of a passkey.
    """
    try:
        fields = json.loads(answer[:_MOST_ANSWER])  # what is longer is cut off, and so is no JSON
        signed = fields["response"]
        return Assertion(
            credential_id=from_base64url(fields["rawId"]),
            authenticator_data=from_base64url(signed["authenticatorData"]),
            client_data_json=from_base64url(signed["clientDataJSON"]),
            signature=from_base64url(signed["signature"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise InputError.of(_("The passkey gave no answer that can be read. Begin again.")) from None
