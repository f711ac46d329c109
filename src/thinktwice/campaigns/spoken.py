"""The one reader of the Markdown of packs, and what a text says once its markup is gone.

Invariant: whoever looks for something in the words of a pack looks at what is said, so that no markup inside a word
hides it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt

MARKDOWN: Final = MarkdownIt("zero").enable(["list", "emphasis", "link", "newline", "escape"])
"""The subset that messages are written in."""


@lru_cache(maxsize=4096)
def spoken(text: str) -> str:
    """Return the words of a Markdown text, a line for each paragraph and item; of a link its words stay."""
    lines = []
    for token in MARKDOWN.parse(text):
        if token.type == "inline":
            parts = (" " if one.type in {"softbreak", "hardbreak"} else one.content for one in token.children or ())
            lines.append("".join(parts))
    return "\n".join(lines)
