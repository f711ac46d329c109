"""A page as customers get it, with made-up figures, for whoever writes or approves its words.

Invariants: templates and renderer are the customers' own; the page loads nothing, and no button of it leads anywhere.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import count
from typing import Any, Final, cast

from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.screens import render_opened
from thinktwice.alerts.vouching import vouched
from thinktwice.alerts.words import words_for
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partner
from thinktwice.campaigns.typologies import is_unauthorised
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import NotFoundError
from thinktwice.records.alert import OpenAlert
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.decision import AlertReference, CustomerFacts, Hold, LookalikePair
from thinktwice.records.vocabulary import Action, Rung
from thinktwice.web.customer.codes_shown import CodeShown
from thinktwice.web.customer.questions import question_after
from thinktwice.web.customer.views import Page, show

# Made up, with the head and tail of the example in the content guidance: nobody's address.
_IMITATED: Final = "0x25f5e86e1f3a9c7d20b48e65017cd2b3deb02c50"
_DESTINATION: Final = "0x25f566169d08b2c4e1f7365a8b0d3ce26db02c50"
_CODE: Final = "K7Q-00000"
_CODE_UNTIL: Final = "10:15"
_CALL_CODE: Final = "482 913"
_PICTURE: Final = "data:image/png;base64,"
_UNRUN: Final = '<script type="module" src=""></script>'


@dataclass(frozen=True, slots=True)
class Previews:
    """Renders previews for one operator, with the contacts of today."""

    operator: str
    contacts: Callable[[], Contacts]
    clock: Callable[[], datetime]

    def __call__(
        self, pack: Pack, *, locale: str, rung: str, screen: str, arm: str | None = None, badge: Sequence[Partner] = ()
    ) -> str:
        """Return one screen as HTML, as the pack's first arm shows it where none is named.

        ``badge`` are partners whose names stand beside the words as they would once all of them approved; nothing then
        says that they issued none of it.

        Raises:
            NotFoundError: this rung has no such screen.
        """
        alert = preview_alert(
            pack,
            self.contacts(),
            self.clock(),
            locale=locale,
            rung=cast("Rung", rung),
            arm=arm,
            is_notice=screen == "notice",
        )
        alert, page = vouched(alert, badge, inside), page_of(alert, operator=self.operator)
        if screen == "notice":
            text = show("alert.html", page, alert=alert)
        elif screen == "waiting" and alert.waiting is not None:
            text = show("waiting.html", page, alert=alert, call_code=_CALL_CODE)
        elif screen == "first" and alert.waiting is None:
            text = show("alert.html", page, alert=alert)
        elif screen == "signs" and alert.waiting is None:
            text = show("signs.html", page, alert=alert)
        elif screen == "second" and alert.second_step is not None:
            text = show("second_step.html", page, alert=alert, fault=None, is_missing=False)
        elif screen == "questions" and alert.ask is not None:
            asked: dict[str, Any] = {"step": alert.ask, "question": question_after(alert.ask, {}), "answers": {}}
            text = show("questions.html", page, alert=alert, is_missing=False, **asked)
        else:
            raise NotFoundError("this step has no such screen")
        return text.replace(_UNRUN, "")


def inside(partner: Partner) -> str | None:
    """Return a partner's picture as it is written into a page of ``page_of``, which loads nothing."""
    return None if partner.logo is None else base64.b64encode(partner.logo).decode()


def preview_alert(
    pack: Pack,
    contacts: Contacts,
    now: datetime,
    *,
    locale: str,
    rung: Rung | None = None,
    arm: str | None = None,
    jurisdiction: str | None = None,
    is_notice: bool = False,
) -> RenderedAlert:
    """Return one alert with made-up figures: at the pack's own rung and in its first arm where none is named.

    ``is_notice`` is what goes out where no screen is looked at, in which a rung has no part.
    """
    rung = rung or pack.intervention
    waits = rung in ("hold", "refer") and not is_notice
    opened = OpenAlert(
        decision_id="preview",
        reference=AlertReference(
            alert_id="preview",
            campaign=pack.id,
            version="preview",
            locale=locale,
            expires_at=now + timedelta(hours=24),
            arm=arm or next(iter(pack.arms)),
            is_notice=is_notice,
        ),
        facts=preview_facts(pack, jurisdiction or first_jurisdiction(pack), now),
        intervention=None if is_notice else rung,
        action="proceed" if is_notice else cast("Action", rung if waits else "alert"),
        hold=Hold(
            until=now + timedelta(hours=24) if rung == "hold" else None,
            reason_class="account_security" if is_unauthorised(pack.typologies) else "customer_protection",
            appeal="in_app",
        )
        if waits
        else None,
    )
    return render_opened(opened, pack, contacts, now)


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


def page_of(
    alert: RenderedAlert, *, operator: str, script: str = "", here: str = "#", signs: str = "#", step: str = "#"
) -> Page:
    """Return the frame of the page with its stylesheet inside, so that it loads nothing; buttons lead nowhere."""
    style = (files("thinktwice.web.customer") / "assets" / "alert.css").read_bytes()
    numbers = count(1)
    said = words_for(alert.locale).verify.code_text
    return Page(
        operator=operator,
        language=alert.language,
        locale=alert.locale,
        direction=alert.direction,
        languages=(),
        stylesheet="data:text/css;base64," + base64.b64encode(style).decode(),
        script=script,
        new_id=lambda: f"preview-{next(numbers)}",
        here=here,
        signs=signs,
        second_step=step,
        questions="#",
        choices="#",
        help="#",
        code=CodeShown(_CODE, said.format(operator=operator, until=_CODE_UNTIL)),
        partners=_PICTURE,
        may_stop=True,
        may_report=True,
    )
