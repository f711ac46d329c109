"""The renderer's version names one look: what it makes of a pinned sample changes only together with it.

A version of a campaign names the renderer it was released for, so that evidence can say whether words are arranged as
they were. When this test fails, the change is seen by customers: raise ``RENDERER_VERSION`` and add a line to
``PINNED``. Lines stay, because each says how customers of that time were shown their alert; only the line of a version
that no release has had yet may be written anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from tests.support.alert_pack import CONTACTS, FACTS, LOOKALIKE, LOOKALIKE_FACTS, NOW, PACK, reference
from tests.support.alert_visit import Visit
from thinktwice.alerts.plain import alert_as_text
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.screens import render_opened
from thinktwice.campaigns.version import RENDERER_VERSION
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Hold

PINNED = {"2": "4cd7461b9c8724c60182214cf06b95626ac2f5b730de80206f71032a86eea6a5"}
"""What each version of the renderer makes of the sample, as SHA-256."""

PROTECTING = Hold(until=NOW + timedelta(hours=24), reason_class="customer_protection", appeal="in_app")
ACCOUNT = Hold(until=None, reason_class="account_security")
STATES: tuple[dict[str, Any], ...] = (
    {"intervention": "inform"},
    {"intervention": "confirm"},
    {"intervention": "ask"},
    {"intervention": "ask", "must_end_sharing": True},
    {"intervention": "hold", "action": "hold", "hold": PROTECTING},
    {"intervention": "refer", "action": "refer", "hold": replace(PROTECTING, until=None)},
    {"intervention": "refer", "action": "refer", "hold": ACCOUNT},
    {"intervention": None, "action": "block"},
    {"intervention": "hold", "action": "hold", "hold": PROTECTING, "standing": "over"},
    {"intervention": "hold", "action": "hold", "hold": PROTECTING, "standing": "released"},
    {"intervention": "confirm", "standing": "lapsed"},
    {"intervention": "hold", "action": "hold", "hold": PROTECTING, "standing": "ended"},
    {"intervention": "confirm", "standing": "sent"},
)
"""Every screen there is. The languages offered depend on what was translated, not on the renderer, and are left out."""


def _sample() -> Iterator[RenderedAlert]:
    for locale in ("en", "zh-Hant"):
        for state in STATES:
            opened = OpenAlert(decision_id="d", reference=reference(locale=locale), facts=FACTS, **state)
            yield render_opened(opened, PACK, CONTACTS, NOW)
        known = reference(locale=locale, campaign="lookalike")
        opened = OpenAlert(decision_id="d", reference=known, facts=LOOKALIKE_FACTS, intervention="confirm")
        yield render_opened(opened, LOOKALIKE, CONTACTS, NOW)
        notice = reference(locale=locale, is_notice=True)
        opened = OpenAlert(decision_id="d", reference=notice, facts=FACTS, intervention=None)
        yield render_opened(opened, PACK, CONTACTS, NOW)


def _filled(value: Any) -> Any:
    """Leave out what is empty: a field that nobody fills is seen by nobody."""
    if isinstance(value, dict):
        kept = {name: _filled(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, "", [], {})}
    return [_filled(item) for item in value] if isinstance(value, list | tuple) else value


def _pages() -> Iterator[str]:
    """The hosted pages of the plainest and the richest alert, without addresses of files, ids, codes and languages."""
    for visit in (
        Visit(),
        Visit(campaign="lookalike"),
        Visit(rung="hold", state={"action": "hold", "hold": PROTECTING}),
    ):
        for rest in ("", "/signs", "/help"):
            html = re.sub(r"(?s)<nav.*?</nav>", "", visit.get(rest))
            html = re.sub(r"/alerts/(assets/)?[^\"]*|event-\d+|<b dir.*?</b>", "", html)
            yield "\n".join(line.strip() for line in html.splitlines() if line.strip())


def test_the_same_version_renders_the_same() -> None:
    """What customers see of the sample is what this version of the renderer is pinned to."""
    digest = hashlib.sha256()
    for alert in _sample():
        shown = _filled(msgspec.to_builtins(replace(alert, locales=())))
        digest.update(msgspec.json.encode(shown, order="sorted"))
        digest.update(alert_as_text(alert).encode())
    for page in _pages():
        digest.update(page.encode())
    assert PINNED.get(RENDERER_VERSION) == digest.hexdigest(), (
        "what customers see has changed: raise RENDERER_VERSION and pin the new digest; see the head of this file"
    )


def test_versions_are_told_apart() -> None:
    """Each version is pinned once, and no two look the same."""
    assert len(set(PINNED.values())) == len(PINNED)
