"""Two addresses that look alike, told apart.

Invariants: both addresses are kept in full and in their own spelling; the marked middle starts at the first and
ends at the last character that differs; the characters asked for lie in that middle and differ from those of the
older address, so who types them from the older address is never let through.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from thinktwice.alerts.figures import inert

Mark = Literal["same", "differs", "asked"]
ASKED_CHARACTERS = 4


class Piece(msgspec.Struct, frozen=True):
    """A stretch of an address; ``asked`` is the part that differs and has to be typed to go on."""

    text: str
    mark: Mark


class LabelledAddress(msgspec.Struct, frozen=True):
    """One address in pieces, what it is to the customer, and how to read it aloud."""

    label: str
    pieces: tuple[Piece, ...]
    spoken: str

    @property
    def text(self) -> str:
        """The whole address."""
        return "".join(piece.text for piece in self.pieces)


class AddressPair(msgspec.Struct, frozen=True):
    """The address known from before and the one entered now; positions are 1-based and inclusive."""

    known: LabelledAddress
    entered: LabelledAddress
    first_asked: int
    last_asked: int


def spelled(text: str) -> str:
    """Return characters one by one, as a screen reader should speak them."""
    return " ".join(text)


def compare(known: str, entered: str) -> tuple[int, int]:
    """Return how many characters at the start and at the end are the same; hexadecimal is compared without case."""
    left, right = _comparable(known), _comparable(entered)
    most = min(len(left), len(right))
    head = next((index for index in range(most) if left[index] != right[index]), most)
    room = most - head
    tail = next((index for index in range(room) if left[-1 - index] != right[-1 - index]), room)
    return head, tail


def pieces_of(address: str, head: int, tail: int, *, is_asked: bool) -> tuple[Piece, ...]:
    """Cut an address into its same and differing parts; ``is_asked`` sets the first four differing ones apart."""
    end = len(address) - tail
    asked = min(head + ASKED_CHARACTERS, end) if is_asked else head
    parts: tuple[tuple[str, Mark], ...] = (
        (address[:head], "same"),
        (address[head:asked], "asked"),
        (address[asked:end], "differs"),
        (address[end:], "same"),
    )
    return tuple(Piece(text, mark) for text, mark in parts if text)


def pair_of(known: str, entered: str, *, labels: tuple[str, str], reading: str) -> AddressPair:
    """Return both addresses, marked; ``reading`` holds ``{head}``, ``{middle}`` and ``{tail}``."""
    known, entered = inert(known), inert(entered)
    head, tail = compare(known, entered)

    def labelled(address: str, label: str, *, is_asked: bool) -> LabelledAddress:
        end = len(address) - tail
        spoken = reading.format(
            head=spelled(address[:head]), middle=spelled(address[head:end]), tail=spelled(address[end:])
        )
        return LabelledAddress(label, pieces_of(address, head, tail, is_asked=is_asked), spoken)

    last = min(head + ASKED_CHARACTERS, len(entered) - tail)
    return AddressPair(
        known=labelled(known, labels[0], is_asked=False),
        entered=labelled(entered, labels[1], is_asked=True),
        first_asked=head + 1,
        last_asked=last,
    )


def is_marked_text(typed: str, known: str, entered: str) -> bool:
    """Whether the typed characters are those asked for, of the address entered now and not of the older one.

    Case is forgiven where it does not tell the two addresses apart. Nothing asked for, nothing is right.
    """
    known, entered = inert(known), inert(entered)
    head, tail = compare(known, entered)
    asked = entered[head : min(head + ASKED_CHARACTERS, len(entered) - tail)]
    older = known[head : head + len(asked)]
    given = "".join(typed.split())
    if asked.lower() == older.lower():
        return bool(asked) and given == asked
    return bool(asked) and given.lower() == asked.lower()


def _comparable(address: str) -> str:
    return address.lower() if address[:2].lower() == "0x" else address
