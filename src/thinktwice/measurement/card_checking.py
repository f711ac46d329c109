"""Check an evidence card on any machine: needs Python 3.11 or later and the package cryptography.

    python -m pip install cryptography
    python verify_card.py card.json --public-key BASE64

It needs no network and nothing of ThinkTwice: this file stands alone and is short enough to be read first. It checks
that the card was sealed with the key whose public half you give (Ed25519 over the card's canonical JSON, RFC 8785).
Get the public key from the operator by a way of its own, never from the file or whoever sent it.

It ends with 0 when the card is what was sealed, 1 when it is not, 2 when nothing could be checked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "thinktwice-evidence-card-1"


def check(data: bytes, public_key: bytes) -> list[str]:
    """Return everything that does not fit; nothing when the card is whole and sealed by this key."""
    try:
        found = json.loads(data.decode("utf-8"), parse_float=_refused, parse_constant=_refused)
        card, seal = found["card"], found["seal"]
        stated, signature = canonical(card), base64.b64decode(seal["signature"], validate=True)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        return [f"this is no evidence card: {error!r:.120}"]
    problems = []
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, FORMAT.encode() + b"\n" + stated)
    except (InvalidSignature, ValueError):
        problems.append("the card was changed, or sealed with another key than the one given")
    if seal.get("card_sha256") != hashlib.sha256(stated).hexdigest():
        problems.append("the SHA-256 stated is not that of the card")
    if seal.get("public_key") != base64.b64encode(public_key).decode():
        problems.append("the public key stated is not the one given")
    if card.get("format") != FORMAT:
        problems.append(f"the card is of another format than {FORMAT}")
    if not problems and canonical(found) + b"\n" != data:
        problems.append("it means the same, but is not spelled as it was sealed")
    return problems


def canonical(value: Any) -> bytes:
    """Return a value without floats as canonical JSON (RFC 8785): one spelling for each value."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _refused(text: str) -> None:
    raise ValueError(f"{text} is a number that a card never holds")


def report(data: bytes, public_key: bytes) -> tuple[bool, list[str]]:
    """Return whether a card is what was sealed by this key, and what there is to say about it, in lines."""
    problems = check(data, public_key)
    if problems:
        return False, [f"NOT PROVED: {problem}" for problem in problems]
    card = json.loads(data)["card"]
    experiment = card["experiment"]
    lines = [
        f"proved: sealed by key {card['seal_key']} on {card['made_at']} for {card['operator']}",
        f"  experiment {experiment['id']}, {experiment['starts_at']} to {experiment['ends_at']}",
        f"  {card['verdict']['sentence'] or card['verdict']['standing']}",
    ]
    if card["is_test_key"]:
        lines.append("  but the key is a public test key: anybody could have made this file")
    if card["is_synthetic"]:
        lines.append("  but the customers are invented: this card is an example")
    return True, lines


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Check a ThinkTwice evidence card.")
    parser.add_argument("file", type=Path, help="card.json")
    parser.add_argument("--public-key", required=True, help="44 characters of base64")
    given = parser.parse_args(arguments)
    try:
        is_proved, lines = report(given.file.read_bytes(), base64.b64decode(given.public_key, validate=True))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if is_proved else 1


if __name__ == "__main__":
    sys.exit(main())
