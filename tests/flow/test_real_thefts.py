"""4,895 published address-poisoning thefts on BSC, as the exchange would have seen them.

Each victim earlier completed a withdrawal to the address they meant and now starts one to the fake. The story is
told again with a small test payment to the fake that completed half an hour before.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.support.poisoning import thefts
from thinktwice.cli.main import assemble

PAID, TESTED, STARTED, AGAIN = (
    datetime(2026, 9, 1, tzinfo=UTC),
    datetime(2026, 9, 3, 11, 30, tzinfo=UTC),
    datetime(2026, 9, 3, 12, 0, tzinfo=UTC),
    datetime(2026, 9, 3, 13, 0, tzinfo=UTC),
)
ONE_TOKEN = Decimal(10) ** 18


def _withdrawal(name: str, case: int, address: str, at: datetime, fiat: str) -> dict[str, Any]:
    return {
        "withdrawal_id": f"{name}-{case}",
        "initiated_at": at.isoformat(),
        "customer": {"id": f"victim-{case}", "jurisdiction": ("HK", "SG", "GB")[case % 3]},
        "asset": "USDT",
        "network": "bsc",
        "amount": fiat,
        "fiat_amount": fiat,
        "fiat_currency": "USD",
        "destination": {"address": address},
    }


def _completed(name: str, case: int, at: datetime) -> dict[str, Any]:
    return {
        "event_id": f"done-{name}-{case}",
        "type": "withdrawal.completed",
        "occurred_at": at.isoformat(),
        "withdrawal_id": f"{name}-{case}",
    }


def _history(rows: list[dict[str, str]], *, with_test_payment: bool) -> Iterator[dict[str, Any]]:
    for case, row in enumerate(rows):
        # An empty value is unknown, not zero; the request needs a number, and no rule for lookalikes reads it.
        fiat = row["value_usd"] or "0"
        yield _withdrawal("genuine", case, row["intended_addr"], PAID, "50")
        yield _completed("genuine", case, PAID + timedelta(minutes=5))
        if with_test_payment:
            yield _withdrawal("test", case, row["topics_to_addr"], TESTED, "1")
            yield _completed("test", case, TESTED)
        yield _withdrawal("theft", case, row["topics_to_addr"], STARTED, fiat)
        yield _withdrawal("back", case, row["intended_addr"], AGAIN, "60")


def _decide(folder: Path, rows: list[dict[str, str]], *, with_test_payment: bool) -> dict[str, list[dict[str, Any]]]:
    source, target = folder / "history.jsonl", folder / "decisions.jsonl"
    with source.open("w") as lines:
        lines.writelines(json.dumps(line) + "\n" for line in _history(rows, with_test_payment=with_test_payment))
    result = CliRunner().invoke(assemble("decide"), ["decide", str(source), "-o", str(target), "--explain"])
    assert result.exit_code == 0, result.output
    found: dict[str, list[dict[str, Any]]] = {"genuine": [], "test": [], "theft": [], "back": []}
    with target.open() as answers:
        for line in answers:
            decision = json.loads(line)
            found[decision["withdrawal_id"].partition("-")[0]].append(decision)
    return found


def _is_one_token_row(row: dict[str, str], imitators: set[str]) -> bool:
    return Decimal(row["value"]) == ONE_TOKEN and {row["topics_to_addr"], row["intended_addr"]} <= imitators


@pytest.mark.parametrize("with_test_payment", [False, True])
def test_every_theft_is_called_a_lookalike_names_the_address_and_alerts(
    tmp_path: Path, with_test_payment: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """4,895 of 4,895, with and without a completed test payment; the genuine address never."""
    rows = thefts()
    found = _decide(tmp_path, rows, with_test_payment=with_test_payment)
    assert len(found["theft"]) == len(rows) == 4_895
    fakes = found["theft"] + found["test"]
    wrong = [
        one["withdrawal_id"]
        for one in fakes
        if one["action"] != "alert"
        or one["explanation"]["signals"]["is_lookalike"] is not True
        or one["explanation"]["signals"]["lookalike_of"].lower()
        != rows[int(one["withdrawal_id"].partition("-")[2])]["intended_addr"].lower()
    ]
    assert wrong == []
    called = [one for one in found["genuine"] + found["back"] if one["explanation"]["signals"]["is_lookalike"]]
    assert called == []
    with capsys.disabled():
        print(_summary(rows, with_test_payment=with_test_payment))


def _summary(rows: list[dict[str, str]], *, with_test_payment: bool) -> str:
    busy = Counter(row["topics_to_addr"] for row in rows if Decimal(row["value"]) == ONE_TOKEN)
    imitators = {address for address, _ in busy.most_common(4)}
    plain = [row for row in rows if not _is_one_token_row(row, imitators)]

    def dollars(some: list[dict[str, str]]) -> str:
        known = [Decimal(row["value_usd"]) for row in some if row["value_usd"]]
        return f"{len(some):,} thefts, USD {sum(known):,.0f} in {len(known):,} with a value"

    extra = "with a completed test payment" if with_test_payment else "without a test payment"
    return f"\nlookalikes named and alerted ({extra}): {dollars(rows)}; without one-token rows: {dollars(plain)}"
