"""Nothing of the staff record reaches a browser: not by page, answer, header or token (rule 7)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.api_server import ApiServer, serve_everything
from tests.support.watchlists import Lists
from tests.support.world import request
from thinktwice.records.catalogue import CATALOGUE
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


def test_a_silent_destination_answers_like_an_unlisted_one(server: ApiServer) -> None:
    """Same status, same headers, same body but for ids, from five accounts with tiny and large amounts."""
    for number in range(5):
        for fiat in ("0.01", "900"):
            silent, plain = (
                _decide(server, f"{kind}-{number}-{fiat}", address, f"{kind}-{number}", amount=fiat, fiat_amount=fiat)
                for kind, address in (("probe", SILENT), ("twin", UNLISTED))
            )
            assert silent.status_code == plain.status_code
            assert set(silent.headers) == set(plain.headers)
            one, other = silent.json(), plain.json()
            if (one["alert"] is None) == (other["alert"] is None):  # the holdout goes by customer
                assert _shape(one) == _shape(other)


def _shape(answer: Any) -> Any:
    """Replace ids and tokens by their form."""
    if isinstance(answer, dict):
        return {key: _shape(value) for key, value in answer.items() if key != "withdrawal_id"}
    if not isinstance(answer, str):
        return answer
    # Times first: the second may turn between two answers.
    answer = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "time", answer)
    return re.sub(r"[0-9a-zA-Z_-]{8,}", "id", answer)
