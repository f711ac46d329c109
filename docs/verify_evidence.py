"""Check a ThinkTwice evidence file on any machine: needs Python 3.11 or later and the package cryptography.

    python -m pip install cryptography
    python verify_evidence.py evidence.json --public-key BASE64

It needs no network and nothing of ThinkTwice: this file stands alone and is short enough to be read first. It checks
that the manifest was sealed with the key whose public half you give (Ed25519), that every part has the SHA-256 that
the manifest states, and that every other byte of the file is where canonical JSON (RFC 8785) puts it; whatever does
not fit is named. Get the public key from the operator by a way of its own, never from the file or whoever sent it.

It ends with 0 when everything fits, 1 when something does not, 2 when nothing could be checked.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "thinktwice-evidence-1"
MEMBERS = ("manifest", "parts", "seal")
SEAL_MEMBERS = {"algorithm", "manifest_sha256", "public_key", "signature"}


class Finding(NamedTuple):
    """What does not fit: the part it is in, and why."""

    part: str
    problem: str


def verify(data: bytes, public_key: bytes, pdf: bytes | None = None) -> list[Finding]:
    """Return everything that does not fit in an evidence file; nothing when it is whole and sealed by this key.

    ``pdf`` are the bytes of the document that lay beside it, when that is to be checked too.
    """
    try:
        evidence = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refused,
            parse_constant=_refused,
        )
    except (ValueError, RecursionError) as error:
        return _broken(data, f"is not JSON as evidence is written: {error}")
    if not isinstance(evidence, dict) or not all(isinstance(evidence.get(name), dict) for name in MEMBERS):
        return _broken(data, "does not hold a manifest, parts and a seal")
    manifest, parts, seal = (evidence[name] for name in MEMBERS)
    findings = [Finding("file", f"holds {name!r}, which is not sealed") for name in evidence if name not in MEMBERS]
    findings += _check_seal(manifest, seal, public_key)
    findings += _check_parts(manifest.get("digests"), parts)
    if pdf is not None:
        findings += _check_pdf(parts, pdf)
    if not findings and canonical(evidence) + b"\n" != data:
        # It means what was sealed, but is spelled otherwise: a space, say, or another way to write a character.
        return _broken(data, "means the same, but is not spelled as it was sealed")
    return findings


def canonical(value: Any) -> bytes:
    """Return a value without floats as canonical JSON (RFC 8785): one spelling for each value."""
    return json.dumps(_sorted(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _check_seal(manifest: dict[str, Any], seal: dict[str, Any], public_key: bytes) -> Iterable[Finding]:
    stated = canonical(manifest)
    is_stated = seal.get("manifest_sha256") == hashlib.sha256(stated).hexdigest()
    try:
        signature = base64.b64decode(str(seal.get("signature")), validate=True)
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, FORMAT.encode() + b"\n" + stated)
        is_sealed = base64.b64encode(signature).decode() == seal.get("signature")
    except (InvalidSignature, binascii.Error, ValueError):
        is_sealed = False
    if not is_sealed and not is_stated:
        yield Finding("manifest", "was changed after it was sealed")
    elif not is_sealed:
        yield Finding("seal", "the signature was changed, or was made with another key than the one given")
    elif not is_stated or set(seal) != SEAL_MEMBERS or seal["algorithm"] != "Ed25519":
        yield Finding("seal", "was changed")
    elif seal["public_key"] != base64.b64encode(public_key).decode():
        yield Finding("seal", "the public key stated in the file is not the one given")
    elif manifest.get("format") != FORMAT:
        yield Finding("manifest", f"is of another format than {FORMAT}")


def _check_parts(digests: Any, parts: dict[str, Any]) -> Iterable[Finding]:
    known = digests if isinstance(digests, dict) else {}
    for name in known:
        if name not in parts:
            yield Finding(name, "is missing")
        elif hashlib.sha256(canonical(parts[name])).hexdigest() != known[name]:
            yield Finding(name, "is not what was sealed")
    for name in parts:
        if name not in known:
            yield Finding(name, "was not sealed")


def _check_pdf(parts: dict[str, Any], pdf: bytes) -> Iterable[Finding]:
    document = parts.get("document")
    stated = document.get("sha256") if isinstance(document, dict) else None
    if hashlib.sha256(pdf).hexdigest() != stated:
        yield Finding("document", "the PDF beside the file is not the one that was sealed")


def _broken(data: bytes, problem: str) -> list[Finding]:
    """Name the parts whose very bytes are not those that were sealed, where the file cannot be read as a whole.

    A part lies between its own name and the next one; where that stands more than once, the digest tells which it is.
    """
    manifest = data.partition(b'{"manifest":')[2].partition(b',"parts":{')[0]
    stated = re.search(rb'"manifest_sha256":"([0-9a-f]{64})"', data)
    if stated is None or hashlib.sha256(manifest).hexdigest().encode() != stated[1]:
        return [Finding("seal" if stated is None else "manifest", problem)]
    try:
        known = dict(json.loads(manifest)["digests"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return [Finding("manifest", problem)]
    names, at, changed = sorted(known), data.find(b',"parts":{') + len(b',"parts":{'), []
    for name, following in zip(names, [*names[1:], None], strict=True):
        start = at + len(b'"%s":' % name.encode())
        ends = list(_all(data, b',"%s":' % following.encode() if following else b'},"seal":', start))
        whole = [end for end in ends if hashlib.sha256(data[start:end]).hexdigest() == known[name]]
        if not whole:
            changed.append(name)
        at = (whole or ends or [start])[0] + 1
    return [Finding(name, problem) for name in changed] or [Finding("seal", problem)]


def _all(data: bytes, sought: bytes, start: int) -> Iterator[int]:
    while (start := data.find(sought, start)) >= 0:
        yield start
        start += 1


def _sorted(value: Any) -> Any:
    """Order the members of objects as RFC 8785 does: by their names in UTF-16."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice in one object")
    return found


def _refused(text: str) -> None:
    raise ValueError(f"{text} is a number that evidence never holds")


def read_public_key(text: str) -> bytes:
    """Read a public key: base64 of its 32 bytes, or the path of a file that holds it.

    Raises:
        ValueError: it is neither.
    """
    if len(text) < 200 and Path(text).is_file():
        text = Path(text).read_text("utf-8")
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise ValueError("the public key is 44 characters of base64, or a file that holds them")
    return key


def report(data: bytes, public_key: bytes, pdf: bytes | None = None) -> tuple[bool, list[str]]:
    """Return whether an evidence file is whole and sealed by this key, and what there is to say about it, in lines."""
    findings = verify(data, public_key, pdf)
    if findings:
        return False, [f"NOT PROVED: {part}: {problem}" for part, problem in findings]
    manifest = json.loads(data)["manifest"]
    lines = [f"proved: sealed by key {manifest['seal_key']} on {manifest['made_at']} for {manifest['operator']}"]
    lines += [f"  {name}: sha256 {digest}" for name, digest in manifest["digests"].items()]
    if manifest["is_test_key"]:
        lines.append("  but the key is a public test key: anybody could have made this file")
    lines.append(f"  {manifest['edition']} edition about decision {manifest['decision_id']}")
    return True, lines


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Check a ThinkTwice evidence file.")
    parser.add_argument("file", type=Path, help="evidence.json")
    parser.add_argument("--public-key", required=True, help="base64, or a file that holds it")
    parser.add_argument("--pdf", type=Path, help="the PDF, when it is to be checked too; default: beside the file")
    given = parser.parse_args(arguments)
    beside = given.file.with_suffix(".pdf")
    pdf = given.pdf or (beside if beside.is_file() else None)
    try:
        is_proved, lines = report(
            given.file.read_bytes(), read_public_key(given.public_key), pdf.read_bytes() if pdf else None
        )
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if is_proved else 1


if __name__ == "__main__":
    sys.exit(main())
