"""Copies of the shipped packs that a test may break, and one-line ways to read them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.reading import Reading, Surroundings, read_pack
from thinktwice.contacts.loading import load_contacts, shipped_contacts
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import Fault
from thinktwice.records.catalogue import CATALOGUE

TODAY = date(2026, 11, 23)


@cache
def shipped_registry() -> Contacts:
    """Return the contacts that come with ThinkTwice."""
    return load_contacts(shipped_contacts())


def copy_pack(folder: Path, name: str = "hk-joint-anti-scam") -> Path:
    """Copy one shipped pack into ``folder`` and return the copy."""
    return Path(shutil.copytree(shipped_packs() / name, folder / name))


def replace_in(path: Path, old: str, new: str) -> int:
    """Replace the only occurrence of ``old`` and return the line on which it stood."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def read(folder: Path, *, currency: str | None = None, contacts: Contacts | None = None) -> Reading:
    """Read a pack as on ``TODAY`` against the shipped contacts and the whole catalogue."""
    return read_pack(
        folder,
        Surroundings(
            catalogue=CATALOGUE,
            contacts=shipped_registry() if contacts is None else contacts,
            today=TODAY,
            currency=currency,
        ),
    )


def said(faults: Sequence[Fault]) -> str:
    """Return faults one a line, as a command prints them."""
    return "\n".join(str(fault) for fault in faults)


def word_arm(folder: Path, name: str, text: str) -> Path:
    """Give an arm words of its own in one language: ``name`` is such as ``en.b``, ``text`` its sections."""
    path = folder / "messages" / f"{name}.md"
    path.write_text(f"---\nlocale: {name.split('.', maxsplit=1)[0]}\nreviewed: none\n---\n\n{text}", "utf-8")
    return path
