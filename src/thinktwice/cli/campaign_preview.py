"""The pages of one pack as files that any browser opens, without a service.

Invariants: the templates and the renderer are those that customers get; the figures are made up and say so nowhere on
the page, because the page is meant to be looked at as it will be; no button of a preview leads to a service.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Final

from thinktwice.alerts.render import render_alert
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.campaigns.pack import Pack
from thinktwice.contacts.registry import Contacts
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.decision import AlertReference, CustomerFacts, LookalikePair
from thinktwice.web.customer.views import Page, show

# Made up, with the head and tail of the example in the content guidance: nobody's address.
_IMITATED: Final = "0x25f5e86e1f3a9c7d20b48e65017cd2b3deb02c50"
_DESTINATION: Final = "0x25f566169d08b2c4e1f7365a8b0d3ce26db02c50"
_CODE: Final = "K7Q-00000"


def preview_pages(
    pack: Pack, contacts: Contacts, locale: str, jurisdiction: str | None, now: datetime, out: Path
) -> dict[Path, str]:
    """Return the first screen for ``out`` and beside it the signs and the second step, as HTML by path."""
    alert = render_alert(
        pack,
        AlertReference(
            alert_id="preview",
            campaign=pack.id,
            version="preview",
            locale=locale,
            expires_at=now + timedelta(hours=24),
            arm=next(iter(pack.arms)),
        ),
        preview_facts(pack, jurisdiction or first_jurisdiction(pack), now),
        contacts,
        now,
    )
    signs, step = out.with_stem(f"{out.stem}-signs"), out.with_stem(f"{out.stem}-continue")
    page = page_of(alert, out.name, signs.name, step.name)
    pages = {out: show("alert.html", page, alert=alert), signs: show("signs.html", page, alert=alert)}
    if alert.second_step is not None:
        pages[step] = show("second_step.html", page, alert=alert, fault=None, is_missing=False)
    return pages


def first_jurisdiction(pack: Pack) -> str:
    """Return the jurisdiction whose contacts a preview shows; a pack for everywhere is shown where none is known."""
    first = pack.jurisdictions[0]
    return "ZZ" if first == ANYWHERE else first


def preview_facts(pack: Pack, jurisdiction: str, now: datetime) -> CustomerFacts:
    """Return made-up facts of a customer, with an imitated address where the pack speaks of one."""
    pair = LookalikePair(imitated_address=_IMITATED, origin="paid", known_since=now - timedelta(days=200))
    return CustomerFacts(
        asset="USDT",
        network="ethereum",
        amount=Decimal(12000),
        fiat_amount=Decimal("12003.10"),
        fiat_currency=pack.currency,
        address=_DESTINATION,
        jurisdiction=jurisdiction,
        lookalike=pair if pack.is_lookalike else None,
    )


def page_of(alert: RenderedAlert, here: str, signs: str, step: str) -> Page:
    """Return the frame of the page with its stylesheet inside, so that one file is enough."""
    style = (files("thinktwice.web.customer") / "assets" / "alert.css").read_bytes()
    numbers = count(1)
    return Page(
        operator="ThinkTwice",
        language=alert.language,
        locale=alert.locale,
        direction=alert.direction,
        languages=(),
        stylesheet="data:text/css;base64," + base64.b64encode(style).decode(),
        script="data:text/javascript,",
        new_id=lambda: f"preview-{next(numbers)}",
        here=here,
        signs=signs,
        second_step=step,
        choices="#",
        help="#",
        code=_CODE,
        may_stop=True,
        may_report=True,
    )
