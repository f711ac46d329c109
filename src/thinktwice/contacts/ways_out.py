"""Ways to reach somebody that a text names by itself: addresses to open or to write to, and telephone numbers.

Invariants: pure; what is found is what a reader could follow, however it is spelled: in wide letters, in the digits of
any script, with the stops that browsers take for dots. Nothing here knows which ways are good; the registry of contacts
does, so words name none of their own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from thinktwice.contacts.characters import folded

_ABBREVIATIONS: Final = frozenset({"p.ej", "p.es", "p.ex"})
"""Short for *for example*; other abbreviations with dots (e.g., a.m.) end in one letter, as no address does."""

_STOPS: Final = re.compile(r"(?<=[a-z0-9-])[。｡](?=[a-z0-9])|\[\.\]|\(\.\)", re.IGNORECASE)
"""What browsers, or people, read as the dot of an address."""

_ADDRESS: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]*://[^\s)\]】」]+"
    r"|\b(?:mailto|tel|sms|javascript|data):\S+"
    r"|(?<![\w.])(?:[\w.+-]*@)?(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w])(?:[:/?#][^\s)\]】」]*)?"
    r"|(?<![\d.])(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})(?![\d.]*\d)(?:[:/?#][^\s)\]]*)?"
    r"|(?<![\w@.])@\w{3,}",
    re.IGNORECASE,
)

_RUN: Final = re.compile(r"\+?\(?[0-9](?:[ \t().,/·•_~*‐-―-]{0,3}[0-9])*")
_HEX: Final = re.compile(r"\b0x[0-9a-f]+", re.IGNORECASE)
_AMOUNT: Final = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:[.,][0-9]+)?|0[.,][0-9]+")
_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}([./-])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
    r"|[0-3]?[0-9]([./-])[0-3]?[0-9]\2(?:19|20)[0-9]{2}"
)
_SPAN: Final = re.compile(r"[0-9]{1,2} ?[/‐-―-] ?[0-9]{1,2}|(?:19|20)[0-9]{2} ?[/‐-―-] ?(?:19|20)[0-9]{2}")
_LEFT: Final = re.compile(r"(?:[$€£¥]|\b(?:usd[ct]?|hkd|mop|sgd|gbp|aed|eur|rm))\s*$", re.IGNORECASE)
_RIGHT: Final = re.compile(
    r"\s*(?:[%‰٪$€£¥]|(?:usd[ct]?|btc|eth|hkd|mop|sgd|gbp|aed|eur|patacas|euros?|dollars?|pounds?|dirhams?)\b"
    r"|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|people|times|segundos?|minutos?|horas?|dias|semanas?"
    r"|meses|anos?|pessoas|vezes|saat|minit|jam|hari|minggu|bulan|tahun|orang|kali)\b"
    r"|[小年月日天週周個个人次萬万億亿元]|分鐘|分钟|港元|美元|(?:ال)?(?:ثاني|دقيق|دقائق|ساع|يوم|أيام|ايام|أسبوع|شهر|سن|درهم|دولار|شخص|مر))",
    re.IGNORECASE,
)
_NEAR: Final = 30
_CALLING: Final = re.compile(
    r"\b(?:call|dial|phone|ring|tel|telephone|(?:hot|help)?line|number|sms|text|fax|contact|police|emergency"
    r"|lig(?:ue|ar|a)|linha|contact[eo]|numero|marque|policia|hubungi|dail|talian|nombor|polis)(?:s|ed|ing|led|ling)?\b"
    r"|telefon|致電|致电|撥|拨|打|電話|电话|熱線|热线|專線|专线|號碼|号码|聯絡|联络|联系|警"
    r"|اتصل|الاتصال|هاتف|رقم|خط|الشرطة",
    re.IGNORECASE,
)
_CHINESE: Final = {ord(letter): str(digit) for digit, letter in enumerate("〇一二三四五六七八九")} | {ord("零"): "0"}
_CHINESE_RUN: Final = re.compile("[〇零一二三四五六七八九]{3,}")
_LONG: Final = 7
"""Digits from which a number is one to dial wherever it stands; a shorter one is where words speak of calling."""

_SHORTEST: Final = 3


def addresses_in(text: str) -> Iterator[str]:
    """Yield what a reader could open or write to: links, hosts, numeric hosts, addresses of mail, names after an @."""
    for found in _ADDRESS.finditer(_STOPS.sub(".", folded(text))):
        said = found.group(0).rstrip(".,;:!?'\"»”’")
        if said.casefold() not in _ABBREVIATIONS and not _is_not_a_host(said):
            yield said


def _is_not_a_host(said: str) -> bool:
    """Whether a numeric host has a part that no host has."""
    parts = re.split(r"[:/?#]", said)[0].split(".")
    return all(part.isdigit() for part in parts) and any(int(part) > 255 for part in parts)


def numbers_in(text: str) -> Iterator[str]:
    """Yield what reads like a telephone number; amounts, days, spans and percentages do not."""
    plain = _CHINESE_RUN.sub(lambda run: run.group(0).translate(_CHINESE), _HEX.sub("0x", folded(text)))
    plain = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in plain)
    for found in _RUN.finditer(plain):
        if _is_dialled(found.group(0), plain[: found.start()], plain[found.end() :]):
            yield found.group(0)


def _is_dialled(run: str, before: str, after: str) -> bool:
    digits = sum(one.isdigit() for one in run)
    if digits < _SHORTEST or _DATE.fullmatch(run) or _SPAN.fullmatch(run):
        return False
    if run.startswith("+") and digits >= _LONG:
        return True
    if _LEFT.search(before) or _RIGHT.match(after):
        return False
    if _CALLING.search(before[-_NEAR:]) or _CALLING.search(after[:_NEAR]):
        return True
    return digits >= _LONG and not _AMOUNT.fullmatch(run)
