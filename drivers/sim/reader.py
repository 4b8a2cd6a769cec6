"""A simulated ID-card reader that speaks SDT, and cards of people who do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import xor
from random import Random
from typing import Any, ClassVar

from drivers.readers.card import LONG_TERM, LONG_TERM_WORD, NATIONS, Card, CardKind, Sex, check_digit

PREAMBLE = bytes.fromhex("aaaaaa9669")
NOWHERE = "999999"  # no place has this code, so nobody has such a number
PHOTO_SIZE = 1024
LONGEST_COMMAND = 64  # bytes; more is noise


class CardFault(StrEnum):
    READ_FAILED = "read_failed"
    SELECT_FAILED = "select_failed"
    NOT_AUTHORISED = "not_authorised"


class CardReaderMachine:
    """Takes commands, gives replies; a card that was read is found no more until it was lifted.

    ``finds_again``: a reader of the other sort, which finds it as long as it lies there.
    """

    ACTIONS: ClassVar[Mapping[str, str]] = {"lay": "CARD", "lift": ""}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = tuple(CardFault)

    def __init__(self, *, finds_again: bool = False) -> None:
        self.faults: set[Any] = set()
        self._finds_again = finds_again
        self._heard = b""
        self._card: Card | None = None
        self._selected = self._read = False

    def lay(self, card: str | Card) -> None:
        """Lay a card: one made by ``made_up``, or the day of birth on it, as in ``19500102``, before it the letter of
        a card that is no resident's, as in ``J19500102``. Raises ValueError for other words."""
        if isinstance(card, str):
            born = datetime.strptime(card[-8:], "%Y%m%d").date()
            card = made_up(CardKind(card[:-8].upper()), born)
        self.lift()
        self._card = card

    def lift(self) -> None:
        self._card, self._selected, self._read = None, False, False

    def seen(self) -> dict[str, str]:
        """The kind and the year of birth of the card that lies there."""
        return {"card": f"{self._card.kind}{self._card.born.year}" if self._card else ""}

    def take(self, data: bytes) -> bytes:
        answer, self._heard = b"", self._heard + data
        while (start := self._heard.find(PREAMBLE)) >= 0:
            asked = self._heard[start + len(PREAMBLE) :]
            end = 2 + int.from_bytes(asked[:2], "big")
            if len(asked) < min(end, LONGEST_COMMAND):
                break  # the rest is to come
            self._heard = asked[end:]
            answer += self._answer(asked[:end])
        self._heard = self._heard[-LONGEST_COMMAND:]
        return answer

    def _answer(self, asked: bytes) -> bytes:
        if int.from_bytes(asked[:2], "big") != len(asked) - 2 or len(asked) < 5:
            return reply(0x11)
        if reduce(xor, asked):  # with its check byte it has to be 0
            return reply(0x10)
        question = asked[2:-1]
        if question == b"\x11\xff":
            return reply(0x90)
        if question not in (b"\x20\x01", b"\x20\x02", b"\x30\x01"):
            return reply(0x24)
        if CardFault.NOT_AUTHORISED in self.faults:
            return reply(0x66)
        return {b"\x20\x01": self._find, b"\x20\x02": self._select, b"\x30\x01": self._text}[question]()

    def _find(self) -> bytes:
        self._selected = False
        gone = self._card is None or (self._read and not self._finds_again)
        return reply(0x80) if gone else reply(0x9F, bytes(4))

    def _select(self) -> bytes:
        if self._card is None or CardFault.SELECT_FAILED in self.faults:
            return reply(0x81)
        self._selected = True
        return reply(0x90, bytes(8))

    def _text(self) -> bytes:
        if self._card is None or not self._selected or CardFault.READ_FAILED in self.faults:
            return reply(0x41)
        self._read, self._selected = True, False
        return card_reply(self._card)


def reply(status: int, data: bytes = b"") -> bytes:
    """A reply's frame."""
    counted = (4 + len(data)).to_bytes(2, "big") + bytes((0, 0, status)) + data
    return PREAMBLE + counted + bytes((reduce(xor, counted),))


def card_reply(card: Card) -> bytes:
    """The 1295 bytes of a card that was read; its photo is noise."""
    photo = Random(card.number).randbytes(PHOTO_SIZE)
    return reply(0x90, bytes.fromhex("01000400") + text_block(card) + photo)


def text_block(card: Card) -> bytes:
    """256 bytes: the fields one after another, each with its length in bytes."""
    values: tuple[str, ...]
    sizes: tuple[int, ...]
    sex, born, kind, until = str(int(card.sex)), _digits(card.born), card.kind.value, _valid(card)
    if card.kind is CardKind.FOREIGNER_2017:
        values = (card.english_name, sex, card.number, card.nation, card.name, *until, born, card.issue,
                  card.authority, kind)
        sizes = (120, 2, 30, 6, 30, 16, 16, 16, 4, 8, 2)
    elif card.kind is CardKind.FOREIGNER_2023:
        values = (card.name, sex, card.issue, born, card.english_name[:35], card.number, "", *until,
                  card.english_name[35:], card.nation, kind)
        sizes = (30, 2, 4, 16, 70, 36, 30, 16, 16, 22, 6, 2)
    else:
        values = (card.name, sex, card.nation, born, card.address, card.number, card.authority, *until,
                  card.pass_number, card.issue, "", kind)
        sizes = (30, 2, 4, 16, 70, 36, 30, 16, 16, 18, 4, 6, 2)
    fields = (f"{value:{size}}".encode("utf-16-le")[:size] for value, size in zip(values, sizes, strict=True))
    return b"".join(fields).ljust(256, b"\0")


def _valid(card: Card) -> tuple[str, str]:
    until = LONG_TERM_WORD if card.valid_to == LONG_TERM else _digits(card.valid_to)
    return _digits(card.valid_from), until


def _digits(day: date | None) -> str:
    return day.isoformat().replace("-", "") if day else ""


def made_up(kind: CardKind = CardKind.RESIDENT, born: date = date(1950, 1, 2), seed: int = 0) -> Card:
    """Somebody who does not exist, born on that day; another one for another ``seed``."""
    random = Random(f"{kind}{born}{seed}")
    digits = f"{NOWHERE}{_digits(born)}{random.randrange(1000):03}"
    number, foreign = digits + check_digit(digits), kind in (CardKind.FOREIGNER_2017, CardKind.FOREIGNER_2023)
    if kind is CardKind.FOREIGNER_2017:
        number = f"XXA{NOWHERE}{random.randrange(10**6):06}"
    start = date(2020, 1, 1) + timedelta(days=random.randrange(2000))
    return Card(
        kind, name=_signs(random, 2, 4), sex=random.choice((Sex.MALE, Sex.FEMALE)), born=born, number=number,
        nation="XXA" if foreign else "" if kind is CardKind.PERMIT else random.choice(sorted(NATIONS)),
        address="" if foreign else _signs(random, 10, 35),
        authority="9999" if kind is CardKind.FOREIGNER_2017 else "" if foreign else _signs(random, 5, 15),
        valid_from=start, valid_to=random.choice((LONG_TERM, start.replace(day=1, year=start.year + 10))),
        english_name=f"NOBODY, {random.randbytes(15).hex().upper()}" if foreign else "",
        pass_number=f"H{random.randrange(10**8):08}" if kind is CardKind.PERMIT else "",
        issue="" if kind is CardKind.RESIDENT else "01",
    )


def _signs(random: Random, fewest: int, most: int) -> str:
    """Chinese signs at random: no name of anybody, no place."""
    return "".join(chr(random.randrange(0x4E00, 0x9FA0)) for _ in range(random.randint(fewest, most)))
