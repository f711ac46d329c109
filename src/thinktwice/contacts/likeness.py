"""Which names look alike: a text as its shape, after Unicode Technical Standard 39, "skeleton".

Invariants: pure; two texts that an eye takes for one have one skeleton. The standard's table has thousands of rows,
and no maintained package keeps it; here stand the letters that pass for Latin ones in the alphabets people type. It is
coarser than the standard: letter case, accents, and what tells i, l and 1 apart, are no shape.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from thinktwice.contacts.characters import folded

_SHAPES: Final[tuple[tuple[str, str], ...]] = (
    ("АВЕЅІЈКМНОРСТУХҺԀԚԜѴӀҮԌ", "ABESIJKMHOPCTYXHDQWVIYG"),  # Cyrillic
    ("аеѕіјкорсухһԁԛԝѵӏүԍгпь", "aesijkopcyxhdqwviygrnb"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹͿ", "ABEZHIKMNOPTYXCJ"),  # Greek
    ("αγεηικνορτυχϲϳω", "ayenikvoptuxcjw"),
    ("ՕՍՏԼօսհոցզյ", "OUSLouhngqj"),  # Armenian
    ("ᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᎽᏀᏃᏎᏒᏔᏕᏙᏚᏞᏟᏢᏦᏴ", "DRTiAJEWMHYGZ4RWSVSLCPKB"),  # Cherokee
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFMNLSRVHWXYAEIOU"),  # Lisu
    ("ⲀⲂⲈⲎⲒⲔⲘⲚⲞⲢⲤⲦⲨⲬⲟⲣⲥⲭ", "ABEHIKMNOPCTYXopcx"),  # Coptic
)

_LATIN: Final = (
    "ıɩɪȷɑɡᴏᴄᴠᴡᴢꜱʟɴʀʏᴀᴅᴇᴊᴋᴍᴘᴛᴜʙɢʜƅƨʋ",
    "iiijagocvwzslnryadejkmptubghbsv",
)

LATIN_ALIKE: Final = frozenset(_LATIN[0])
"""Letters that Unicode counts as Latin, that pass for plain ones, and that no language of ours is written with."""

_STROKES: Final = ("łøđħŧƀɨ", "lodhtbi")
_MAPPED: Final[Mapping[int, str]] = {
    ord(letter): shape
    for letters, shapes in (*_SHAPES, _LATIN, _STROKES)
    for letter, shape in zip(letters, shapes, strict=True)
}
_COARSE: Final = {ord("l"): "i", ord("1"): "i", ord("|"): "i", ord("0"): "o"}
SHORTEST: Final = 4
"""Letters of a name from which another can be said to look like it."""


@lru_cache(maxsize=1024)
def skeleton(text: str) -> str:
    """Return the shape of a text: equal for two that an eye takes for one."""
    plain = unicodedata.normalize("NFKD", text).translate(_MAPPED)
    bare = folded("".join(one for one in plain if unicodedata.category(one) not in {"Cf", "Me", "Mn"}))
    shape = bare.translate(_MAPPED).casefold().translate(_MAPPED).translate(_COARSE)
    return " ".join(shape.replace("rn", "m").replace("vv", "w").split())


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name with an earlier one that it looks like and is not; letter case makes no other name."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(skeleton(name), name)
        if len(skeleton(name)) >= SHORTEST and _written(first) != _written(name):
            yield name, first


def imitated_in(text: str, names: Iterable[str]) -> str | None:
    """Return the first of some names that a text holds in other letters."""
    shape, written = skeleton(text), _written(text)
    for name in names:
        one = skeleton(name)
        if len(one) >= SHORTEST and shape.count(one) > written.count(_written(name)):
            return name
    return None


@lru_cache(maxsize=1024)
def _written(text: str) -> str:
    return " ".join(folded(text).casefold().split())
