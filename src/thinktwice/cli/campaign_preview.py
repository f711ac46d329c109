"""The pages of one pack as files that any browser opens, without a service.

Invariants: the templates and the renderer are those that customers get; the figures are made up and say so nowhere on
the page, because the page is meant to be looked at as it will be; no button of a preview leads to a service.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from thinktwice.alerts.render import render_alert
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.vouching import vouched
from thinktwice.bootstrap.previewing import first_jurisdiction, inside, preview_alert, preview_facts
from thinktwice.bootstrap.previewing import page_of as framed
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partner
from thinktwice.campaigns.typologies import is_unauthorised
from thinktwice.contacts.registry import Contacts
from thinktwice.records.decision import AlertReference
from thinktwice.web.customer.views import Page, show


def preview_pages(
    pack: Pack,
    contacts: Contacts,
    locale: str,
    jurisdiction: str | None,
    now: datetime,
    out: Path,
    *,
    arm: str | None = None,
    badge: Sequence[Partner] = (),
) -> dict[Path, str]:
    """Return the first screen for ``out``, and beside it the signs, the second step and the notice, as HTML by path.

    ``badge`` are the partners who vouch for the words.
    """
    alert = render_alert(
        pack,
        AlertReference(
            alert_id="preview",
            campaign=pack.id,
            version="preview",
            locale=locale,
            expires_at=now + timedelta(hours=24),
            arm=arm or next(iter(pack.arms)),
        ),
        preview_facts(pack, jurisdiction or first_jurisdiction(pack), now),
        contacts,
        now,
    )
    alert = vouched(alert, badge, inside)
    signs, step = out.with_stem(f"{out.stem}-signs"), out.with_stem(f"{out.stem}-continue")
    page = page_of(alert, out.name, signs.name, step.name)
    pages = {out: show("alert.html", page, alert=alert), signs: show("signs.html", page, alert=alert)}
    if alert.second_step is not None:
        pages[step] = show("second_step.html", page, alert=alert, fault=None, is_missing=False)
    if not is_unauthorised(pack.typologies):  # where somebody else may be acting nothing of a campaign is told
        told = preview_alert(pack, contacts, now, locale=locale, arm=arm, jurisdiction=jurisdiction, is_notice=True)
        told = vouched(told, badge, inside)
        notice = out.with_stem(f"{out.stem}-notice")
        pages[notice] = show("alert.html", page_of(told, notice.name, signs.name, step.name), alert=told)
    return pages


def page_of(alert: RenderedAlert, here: str, signs: str, step: str) -> Page:
    """Return the frame of a page that one file is enough for."""
    return framed(alert, operator="ThinkTwice", script="data:text/javascript,", here=here, signs=signs, step=step)
