"""A published edition read back from its JSON and shown, by a surface that cannot compute one.

Invariant: what is shown is what was published; nothing here looks at an outcome.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from thinktwice.errors import UnavailableError
from thinktwice.measurement.published import page
from thinktwice.measurement.published.edition import Edition
from thinktwice.measurement.report.document import Setting, css

__all__ = ["css", "from_json", "show", "to_publish"]


def to_publish(edition: Edition, *, is_synthetic: bool) -> str:
    """Return an edition as the text that is published; ``is_synthetic`` where every customer is invented."""
    return json.dumps({**page.as_json(edition), "is_synthetic": is_synthetic}, ensure_ascii=False)


def from_json(content: str) -> Edition:
    """Return the edition that was published.

    Raises:
        UnavailableError: it was published in a form that this release cannot read.
    """
    return _edition(_read(content))


def show(content: str, locale: str, *, operator: str, css_href: str, home: tuple[str, str]) -> str:
    """Return a published edition as one page of HTML.

    Raises:
        InputError: there are no reports in this language.
        UnavailableError: as ``from_json``.
    """
    fields = _read(content)
    setting = Setting(
        operator=operator, css_href=css_href, home=home, is_synthetic=bool(fields.get("is_synthetic", False))
    )
    return page.render(_edition(fields), locale, setting)


def _read(content: str) -> dict[str, Any]:
    try:
        fields = json.loads(content)
        if isinstance(fields, dict) and fields.get("format") == page.FORMAT:
            return fields
    except ValueError:
        pass
    raise UnavailableError("this edition was published in a form that cannot be read here")


def _edition(fields: dict[str, Any]) -> Edition:
    try:
        return msgspec.convert(fields.get("edition"), Edition)
    except msgspec.ValidationError as error:
        raise UnavailableError("this edition was published in a form that cannot be read here") from error
