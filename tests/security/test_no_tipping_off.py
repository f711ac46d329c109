"""Nothing of the staff record reaches a browser: not by page, answer, header or token (rule 7)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api_server import ApiServer, serve_everything
from tests.support.watchlists import Lists
from tests.support.world import request
from thinktwice.decisions.intake import Intake
from thinktwice.experiments.assignment import arm_of, bucket_of
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.installation import Installation
from thinktwice.records.vocabulary import Disposition, IndicatorKind

LISTED, SILENT, SANCTIONED, UNLISTED = (f"0x{digit * 40}" for digit in "abcd")
GENUINE = "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c"
IMITATION = "0x25f56616a9c1d2e3f40516273849a5b6e26db02c"
CUSTOMERS_OWN_WORDS = {"amount", "asset", "network", "locale", "language", "channel", "jurisdiction"}
"""Signals whose names are words that a customer may read."""


def _forbidden() -> list[str]:
    """Return every word of the staff record that must not be seen outside."""
    signals = [name for name in CATALOGUE if name not in CUSTOMERS_OWN_WORDS]
    lists = ["zebra-list", "zebra label", "watchlist", "indicator", "disposition", "confidence"]
    reasons = ["known_bad", "lookalike:", "campaign:", "holdout", "capped", "standing_hold", "overshadowed", "bucket"]
    campaigns = ["hk-joint-anti-scam", "new-destination", "hk-pilot-2026", "hk-police-cstcb"]
    # ``block`` is also an action of the contract, which the operator's server has to see.
    kinds = [word for word in (*_words(IndicatorKind), *_words(Disposition)) if word != "block"]
    return [*signals, *lists, *reasons, *campaigns, *(f'"{word}"' for word in kinds)]


def _words(literal: Any) -> tuple[str, ...]:
    return tuple(literal.__args__)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Serve with one list of each disposition, under names that appear nowhere else."""
    data: Path = tmp_path_factory.mktemp("data")
    lists = Lists(data)
    for address, kind in ((LISTED, "scam"), (SILENT, "mixer"), (SANCTIONED, "sanctions")):
        path = data / f"{kind}.csv"
        path.write_text(f"address,label\n{address},zebra label\n")
        lists.take(path, kind=kind, source="zebra-list")  # type: ignore[arg-type]  # the three are kinds
    with serve_everything(data) as running:
        yield running


def _decide(server: ApiServer, name: str, address: str, customer: str, **changes: Any) -> httpx.Response:
    now = datetime.now(UTC).isoformat()
    body = request(name, destination__address=address, customer__id=customer, initiated_at=now, **changes)
    return httpx.post(f"{server.url}/v1/decisions", json=body, headers=server.headers)


def _everything_shown(server: ApiServer, answer: httpx.Response) -> Iterator[str]:
    """Yield what a browser gets of one decision: the answer, each page, each header, the parts of the token."""
    yield answer.text
    yield str(answer.headers)
    alert = answer.json()["alert"]
    if alert is None:
        return
    yield from _token_parts(alert["token"])
    bearer = {"Authorization": f"Bearer {alert['token']}"}
    path = f"{server.url}/alerts/{alert['token']}"
    pages = [
        httpx.get(path),
        httpx.get(f"{path}?locale=en"),
        httpx.get(f"{path}/signs"),
        httpx.get(f"{path}/continue"),
        httpx.get(f"{server.url}/v1/alerts/{alert['id']}", headers=bearer),
        httpx.post(f"{server.url}/v1/alerts/{alert['id']}/events", headers=bearer, json={"events": []}),
        httpx.post(f"{path}/choices", data={"choice": "nonsense"}),
        httpx.get(f"{path}x"),
    ]
    for page in pages:
        assert page.status_code < 500, page.text
        yield page.text
        yield str(page.headers)
        yield str(page.cookies)


def _token_parts(token: str) -> Iterator[str]:
    yield token
    for part in token.split("."):
        padded = part + "=" * (-len(part) % 4)
        try:
            yield base64.urlsafe_b64decode(padded).decode("latin-1")
        except ValueError:
            continue


@pytest.mark.parametrize(
    ("name", "address"),
    [("listed", LISTED), ("silent", SILENT), ("sanctioned", SANCTIONED), ("unlisted", UNLISTED), ("fake", IMITATION)],
)
@pytest.mark.parametrize("channel", ["app", "api"])
def test_no_word_of_the_staff_record_is_shown(server: ApiServer, name: str, address: str, channel: str) -> None:
    """Searched for signal names, list names and labels, reasons, campaign ids, dispositions and scores."""
    customer = f"{name}-{channel}"
    known = _decide(server, f"known-{customer}", GENUINE, customer)
    done = {"event_id": f"done-{customer}", "type": "withdrawal.completed", "withdrawal_id": f"known-{customer}"}
    done["occurred_at"] = datetime.now(UTC).isoformat()
    httpx.post(f"{server.url}/v1/events", json={"events": [done]}, headers=server.headers)
    answer = _decide(server, f"w-{customer}", address, customer, channel=channel)
    assert (known.status_code, answer.status_code) == (200, 200), answer.text
    for shown in _everything_shown(server, answer):
        for word in _forbidden():
            assert word.lower() not in shown.lower(), f"{word!r} is shown: {shown[:2000]}"


EXPERIMENT = "hk-pilot-2026"
ACCOUNTS: tuple[tuple[str, str], ...] = tuple(
    (f"probe-{number}", arm) for number, arm in enumerate(("holdout", "a", "b", "a", "b"))
)


def _bucket(customer: str) -> int:
    """Return the bucket of a customer of test traffic, by which holdout and arm go."""
    ref = Intake(Installation(), TEST_KEYRING).reference(customer, is_test=True)
    return bucket_of(TEST_KEYRING.assign.secret, EXPERIMENT, ref)


def _twins(arm: str, name: str) -> tuple[str, str]:
    """Return two customers of one and the same bucket in an arm, so that nothing but the destination differs."""
    weights = {"a": 1, "b": 1}
    known: dict[int, str] = {}
    for number in count():
        customer = f"{name}-{number:06}"
        bucket = _bucket(customer)
        if arm_of(bucket, Decimal("0.10"), weights) == arm and bucket in known:
            return known[bucket], customer
        known[bucket] = customer
    raise AssertionError("customers never end")


@pytest.mark.parametrize(("name", "arm"), ACCOUNTS)
def test_a_silent_destination_answers_like_an_unlisted_one(server: ApiServer, name: str, arm: str) -> None:
    """Same status, headers, body, pages and JSON but for ids, for tiny and large amounts, held out or warned."""
    probing, twin = _twins(arm, name)
    for turn, fiat in enumerate(("0.01", "900")):
        silent, plain = (
            _told(server, f"{name}-{turn}-{kind}", address, customer, amount=fiat, fiat_amount=fiat)
            for kind, address, customer in (("s", SILENT, probing), ("u", UNLISTED, twin))
        )
        assert silent == plain
        # The comparison is worth something only where both were warned.
        assert (len(silent) > 1) is (fiat == "900" and arm != "holdout")


def _told(server: ApiServer, name: str, address: str, customer: str, **changes: Any) -> list[Any]:
    """Return everything that comes back for one withdrawal, with ids, tokens, times and the address by their form."""
    answer = _decide(server, name, address, customer, **changes)
    answers = [answer]
    alert = answer.json()["alert"]
    if alert is not None:
        bearer = {"Authorization": f"Bearer {alert['token']}"}
        page = f"{server.url}/alerts/{alert['token']}"
        answers += [httpx.get(f"{page}{rest}") for rest in ("", "?locale=en", "/signs", "/continue", "/help")]
        answers += [httpx.get(f"{server.url}/v1/alerts/{alert['id']}{rest}", headers=bearer) for rest in ("", "/texts")]
    return [(one.status_code, _headers(one), _form(one.text.replace(address, "ADDRESS"))) for one in answers]


def _headers(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return every header with its value; what was compressed differs in length by what its ids are."""
    kept = [(name, _form(value)) for name, value in answer.headers.items() if name != "date"]
    if "content-encoding" in answer.headers:
        kept = [pair for pair in kept if pair[0] != "content-length"]
    return sorted(kept)


def _form(text: str) -> str:
    """Replace ids, tokens, codes and times by what they are; all of a kind are of one length."""
    # Times first: a minute may turn between two answers.
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "time", text)
    text = re.sub(r"\b\d\d:\d\d\b", "minute", text)
    text = re.sub(r"[\w.-]{12,}\.[\w-]{43}(?![\w-])", "token", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "id", text)
    text = re.sub(r"probe-\d-\d-[su]", "withdrawal", text)
    return re.sub(r"\b[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{5}\b", "code", text)
