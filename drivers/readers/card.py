"""What stands on an ID card: the 256 bytes of text that a reader gives, as values (facts/devices 6, facts/domain 8.1).

The letters I, J and Y that tell the kinds apart come from client programs, not from a standard (unverified).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from importlib import resources

from drivers.errors import DeviceError

TEXT_SIZE = 256  # bytes, UTF-16LE
LONG_TERM = date.max  # a card that never expires
LONG_TERM_WORD = bytes.fromhex("7f951f67").decode("utf-16-le")  # 长期, which stands in place of the day
_PADDING = " \0\u3000"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

NATIONS: Mapping[str, str] = dict(
    line.split("\t") for line in
    (resources.files(__package__) / "nations.tsv").read_text(encoding="utf-8").splitlines()
)
"""GB/T 3304: two digits -> the nation's name."""


class CardUnread(DeviceError):
    """The reader is well, the card was not read: lifting it and laying it again may help."""

    text = "the card was not read"


class BadCard(CardUnread):
    """The text cannot be that of a card. The message names the field, never what stands in it."""

    text = "the card's text makes no sense"


class CardKind(StrEnum):
    """The letter at offset 248, a resident's card has none."""

    RESIDENT = ""
    PERMIT = "J"  # residence permit of people from Hong Kong, Macao and Taiwan
    FOREIGNER_2017 = "I"
    FOREIGNER_2023 = "Y"


class Sex(IntEnum):
    """GB/T 2261.1."""

    UNKNOWN = 0
    MALE = 1
    FEMALE = 2
    UNSTATED = 9


@dataclass(frozen=True, slots=True)
class Card:
    """A card's text. Only its kind is in its repr: all else tells who somebody is.

    ``nation``: a code of NATIONS, of a foreigner the country's letters; ``valid_to`` may be LONG_TERM. ``issue``: how
    often issued (J), changed (Y), or the card's version (I); ``pass_number`` stands on J only.
    Empty text or ``None`` for what the card does not tell.
    """

    kind: CardKind
    name: str = field(repr=False)
    sex: Sex = field(repr=False)
    born: date = field(repr=False)
    number: str = field(repr=False)
    nation: str = field(repr=False, default="")
    address: str = field(repr=False, default="")
    authority: str = field(repr=False, default="")
    valid_from: date | None = field(repr=False, default=None)
    valid_to: date | None = field(repr=False, default=None)
    english_name: str = field(repr=False, default="")
    pass_number: str = field(repr=False, default="")
    issue: str = field(repr=False, default="")

    def age_on(self, day: date) -> int:
        """Full years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def plausible(self) -> bool:
        """Whether the number's check digit fits; the foreigner's card of 2017 has none."""
        return self.kind is CardKind.FOREIGNER_2017 or self.number[17:] == check_digit(self.number[:17]) != ""


def check_digit(digits: str) -> str:
    """The last sign of a number of GB 11643 whose first 17 these are; empty if they are no 17 digits."""
    if len(digits) != len(_WEIGHTS) or not (digits.isascii() and digits.isdecimal()):
        return ""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


class _Text:
    """The block, read by offset and length in bytes."""

    def __init__(self, block: bytes) -> None:
        self._block = block

    def raw(self, offset: int, length: int) -> str:
        return self._block[offset : offset + length].decode("utf-16-le", "replace")

    def word(self, offset: int, length: int) -> str:
        return self.raw(offset, length).strip(_PADDING)

    def sex(self, offset: int) -> Sex:
        word = self.word(offset, 2)
        if word not in ("", "0", "1", "2", "9"):
            raise BadCard("sex")
        return Sex(int(word or 0))

    def born(self, offset: int) -> date:
        day = _day(self.word(offset, 16))
        if day is None:
            raise BadCard("date of birth")
        return day

    def valid(self, offset: int) -> date | None:
        word = self.word(offset, 16)
        if word == LONG_TERM_WORD:
            return LONG_TERM
        day = _day(word)
        if word and day is None:  # rather no card than one read by the wrong layout
            raise BadCard("validity")
        return day


def _day(word: str) -> date | None:
    if len(word) == 8 and word.isascii() and word.isdecimal():
        with suppress(ValueError):
            return date(int(word[:4]), int(word[4:6]), int(word[6:]))
    return None


def read_card(block: bytes) -> Card:
    """The card of a text block of 256 bytes. Raises BadCard."""
    if len(block) != TEXT_SIZE:
        raise BadCard(f"{len(block)} bytes")
    text = _Text(block)
    letter = text.word(248, 2)
    if letter not in set(CardKind):
        raise BadCard("kind of card")
    kind = CardKind(letter)
    if kind is CardKind.FOREIGNER_2017:
        return _foreigner_2017(text)
    return _foreigner_2023(text) if kind is CardKind.FOREIGNER_2023 else _resident(text, kind)


def _resident(text: _Text, kind: CardKind) -> Card:
    permit = kind is CardKind.PERMIT
    return Card(
        kind, name=text.word(0, 30), sex=text.sex(30), nation=text.word(32, 4), born=text.born(36),
        address=text.word(52, 70), number=text.word(122, 36), authority=text.word(158, 30),
        valid_from=text.valid(188), valid_to=text.valid(204),
        pass_number=text.word(220, 18) if permit else "", issue=text.word(238, 4) if permit else "",
    )


def _foreigner_2017(text: _Text) -> Card:
    return Card(
        CardKind.FOREIGNER_2017, english_name=text.word(0, 120), sex=text.sex(120), number=text.word(122, 30),
        nation=text.word(152, 6), name=text.word(158, 30), valid_from=text.valid(188), valid_to=text.valid(204),
        born=text.born(220), issue=text.word(236, 4), authority=text.word(240, 8),
    )


def _foreigner_2023(text: _Text) -> Card:
    return Card(
        CardKind.FOREIGNER_2023, name=text.word(0, 30), sex=text.sex(30), issue=text.word(32, 4), born=text.born(36),
        english_name=(text.raw(52, 70) + text.raw(220, 22)).strip(_PADDING),  # a long one goes on at 220
        number=text.word(122, 36), valid_from=text.valid(188), valid_to=text.valid(204), nation=text.word(242, 6),
    )
