"""Outcomes in plain Python, one customer at a time, straight from the rows of a history: the oracle of the SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from thinktwice.lake.columns import TABLES, schema_of
from thinktwice.lake.history import connect, show
from thinktwice.lake.rows import columns_of
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.records.catalogue import CATALOGUE

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]


def history_of(tables: Tables) -> duckdb.DuckDBPyConnection:
    """Open a history made of rows written by hand; decimals are texts, times are aware, what is left out is NULL."""
    connection = connect()
    newest = {name: columns_of(list(tables.get(name, ())), schema_of(kind, CATALOGUE)) for kind, name in TABLES.items()}
    show(connection, newest, {}, CATALOGUE)
    return connection


def tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Row]]:
    """Read the raw rows back with plain SQL."""
    return {
        name: connection.sql(f"SELECT * FROM {name} ORDER BY seq").to_arrow_table().to_pylist()
        for name in ("decisions", "events", "alert_events")
    }


def outcomes_by_hand(tables: Tables, rules: OutcomeRules, until: datetime) -> list[Row]:
    """Return what ``outcomes`` should hold, by (experiment, customer), in the order of entering."""
    end = until.astimezone(UTC).replace(tzinfo=None)
    live = {
        name: [row for row in rows if not row["is_test"] and row["recorded_at"] <= end] for name, rows in tables.items()
    }
    found = []
    for experiment in sorted({d["experiment"] for d in live["decisions"] if d["experiment"]}):
        firsts: dict[str, Row] = {}
        for d in live["decisions"]:
            if d["experiment"] == experiment and d["is_trigger"]:
                firsts.setdefault(d["customer_ref"], d)
        for first in firsts.values():
            closes = first["recorded_at"] + timedelta(days=rules.days)
            if first["arm"] is not None and closes <= end:
                found.append(_one(first, live, rules, end))
    return sorted(found, key=lambda row: (row["closes_at"], row["seq"]))


def _known(live: Tables, customer: str) -> dict[tuple[str, int], Row]:
    known: dict[tuple[str, int], Row] = {}
    for d in live["decisions"]:
        if d["customer_ref"] == customer:
            known[d["withdrawal_id"], d["attempt"]] = d
    for e in live["events"]:
        if e["type"] == "decision.fallback" and e["customer_ref"] == customer:
            known.setdefault((e["withdrawal_id"], e["attempt"]), e)
    return known


def _last(moves: Iterable[Row]) -> bool:
    kinds = [move["type"] for move in moves]
    return bool(kinds) and kinds[-1] == "withdrawal.completed"


def _one(first: Row, live: Tables, rules: OutcomeRules, end: datetime) -> Row:
    start, own = first["recorded_at"], (first["withdrawal_id"], first["attempt"])
    closes, late = start + timedelta(days=rules.days), start + timedelta(days=rules.late_days)
    back, here = start - timedelta(days=rules.before_days), first["destination_key"]
    known = _known(live, first["customer_ref"])
    moves: dict[tuple[str, int], list[Row]] = {key: [] for key in known}
    for e in live["events"]:
        if e["type"] in ("withdrawal.completed", "withdrawal.cancelled"):
            moves.get((e["withdrawal_id"], e["attempt"]), []).append(e)
    paid: dict[str, int] = {}
    for key, list_ in moves.items():
        for e in list_:
            if e["type"] == "withdrawal.completed":
                place = known[key]["destination_key"]
                paid[place] = min(paid.get(place, e["seq"]), e["seq"])
    row: Row = {"experiment": first["experiment"], "customer_ref": first["customer_ref"], "arm": first["arm"],
                "seq": first["seq"], "closes_at": closes, "payments": 0, "payments_before": 0,
                "is_late_closed": late <= end, "seconds_to_leave": None, "is_loss": False,
                "is_mixed": first["fiat_currency"] != rules.currency}  # fmt: skip
    amounts = ("sent", "sent_to_new", "sent_to_known", "completed", "completed_late", "completed_before", "loss",
               "loss_by_alert", "loss_undeclared")  # fmt: skip
    row |= {name: Decimal(0) for name in amounts}
    is_sent = is_sent_late = False
    left: list[datetime] = []
    for key, all_moves in moves.items():
        seen = [e for e in all_moves if back < e["recorded_at"] <= late]
        if not seen:
            continue
        is_same = known[key]["fiat_currency"] == rules.currency
        row["is_mixed"] |= not is_same
        amount = known[key]["fiat_amount"] if is_same else Decimal(0)
        was_out = key != own and _last(e for e in seen if e["seq"] < first["seq"])
        after = [e for e in seen if key == own or e["seq"] > first["seq"]]
        is_after = not was_out and _last(e for e in after if e["recorded_at"] <= closes)
        is_after_late = not was_out and _last(after)
        place = known[key]["destination_key"]
        if was_out:
            row["completed_before"] += amount
            row["payments_before"] += 1
        if is_after:
            row["payments"] += 1
            row["completed"] += amount
            if place == here:
                is_sent = True
                row["sent"] += amount
                left.append(min(e["recorded_at"] for e in seen if e["type"] == "withdrawal.completed"))
            else:
                row["sent_to_new" if paid[place] > first["seq"] else "sent_to_known"] += amount
        if is_after_late:
            is_sent_late |= place == here
            row["completed_late"] += amount
            said = judgement(live, key, rules, start)
            for kind, name in (("independent", "loss"), ("alert", "loss_by_alert"), ("undeclared", "loss_undeclared")):
                if (kind, "scam") in said.values():
                    row[name] += amount
                    row["is_loss"] |= kind == "independent"
    row["not_sent"] = not is_sent
    row["not_sent_late"] = None if late > end else not is_sent_late
    row["seconds_to_leave"] = None if not left else _whole(min(left)) - _whole(start)
    asked = first["fiat_amount"]
    row["reduced"] = row["redirected"] = row["displaced"] = None
    if not row["is_mixed"]:
        row["reduced"] = 0 < row["sent"] < rules.reduced_below * asked
        row["redirected"] = row["not_sent"] and row["sent_to_known"] >= rules.displaced_from * asked
        row["displaced"] = row["sent_to_new"] >= rules.displaced_from * asked
    row |= _said_of_the_trigger(judgement(live, own, rules, start)) | _feedback(first, live, known, rules, closes)
    return row | _exposure(first, live, closes)


def _said_of_the_trigger(said: Mapping[str, tuple[str, str]]) -> Row:
    words = {word for kind, word in said.values() if kind == "independent"}
    return {"is_called_scam": "scam" in words, "is_genuine": "genuine" in words and "scam" not in words}


def _feedback(first: Row, live: Tables, known: Mapping[Any, Row], rules: OutcomeRules, closes: datetime) -> Row:
    words = {
        e["label"]
        for e in live["events"]
        if e["type"] == "outcome.labelled"
        and (e["withdrawal_id"], e["attempt"]) in known
        and first["recorded_at"] < e["recorded_at"] <= closes
    }
    return {
        "is_complained": bool(words & rules.complaint_labels),
        "is_contacted": bool(words & rules.contact_labels),
    }


def _whole(moment: datetime) -> int:
    """Whole seconds, as calendars count them."""
    return int(moment.replace(microsecond=0, tzinfo=UTC).timestamp())


def judgement(live: Tables, key: tuple[str, int], rules: OutcomeRules, start: datetime) -> dict[str, tuple[str, str]]:
    """Return what each source says last about a withdrawal while labels are waited for: its kind, scam or genuine."""
    end = start + timedelta(days=rules.late_days + rules.label_days)
    said: list[tuple[int, str, str]] = [
        (e["seq"], e["source"], e["label"])
        for e in live["events"]
        if e["type"] in ("scam.reported", "outcome.labelled")
        and (e["withdrawal_id"], e["attempt"]) == key
        and e["recorded_at"] <= end
        and e["label"] in rules.scam_labels | rules.genuine_labels
    ]
    said += [
        (a["seq"], "alert", "scam")
        for a in live["alert_events"]
        if a["type"] == "reported" and (a["withdrawal_id"], a["attempt"]) == key and a["recorded_at"] <= end
    ]
    found = {}
    for _, source, label in sorted(said):
        kind = "alert" if source in rules.alert_sources else "undeclared"
        kind = "independent" if source in rules.independent_sources else kind
        found[source] = kind, "scam" if label in rules.scam_labels else "genuine"
    return found


def _exposure(first: Row, live: Tables, closes: datetime) -> Row:
    alerts = {
        d["alert_id"]
        for d in live["decisions"]
        if d["experiment"] == first["experiment"]
        and d["customer_ref"] == first["customer_ref"]
        and d["recorded_at"] >= first["recorded_at"]
    } - {None}
    types = {a["type"] for a in live["alert_events"] if a["alert_id"] in alerts and a["recorded_at"] <= closes}
    return {
        "is_shown": first["alert_id"] is not None,
        "is_delivered": "delivered" in types,
        "is_seen": "seen" in types,
        "is_reviewed": bool(types & {"reviewed", "answered"}),
    }
