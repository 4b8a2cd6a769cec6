"""What a scanned text is: a ticket, a notice, an appointment, somebody's e-credential, or nothing that this hall knows.

Only the hall's own codes are kept as values. An e-credential (医保电子凭证) is recognised and forgotten, and an
identity number is as unknown as anything else: neither text leaves this module.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_SYMBOLOGY = r"(?:\][A-Z]\d)?"  # AIM identifier, which some scanners put before what they read (ISO/IEC 15424)
_TICKET = re.compile(_SYMBOLOGY + r"T(\d{4})(\d\d)(\d\d)([A-Z]\d{3,5})")
_NOTICE = re.compile(_SYMBOLOGY + r"N(\d{11,13})")
_APPOINTMENT = re.compile(_SYMBOLOGY + r"Y(\d{4})(\d\d)(\d\d)(\d{3,5})")
_TYPED = re.compile(r"(\d\d)(\d\d)(\d{3,5})")
_CREDENTIAL = re.compile(_SYMBOLOGY + r"\d{28}")  # facts/domain 8.2


@dataclass(frozen=True, slots=True)
class TicketCode:
    """The QR code of a slip: a number and the day on which it is valid."""

    day: date
    number: str

    def __str__(self) -> str:
        return f"T{self.day:%Y%m%d}{self.number}"


@dataclass(frozen=True, slots=True)
class NoticeCode:
    """The barcode of a one-time notice; ``number`` as in Notice."""

    number: str

    def __str__(self) -> str:
        return f"N{self.number}"


@dataclass(frozen=True, slots=True)
class AppointmentCode:
    """The QR code of an appointment: its day, and which of the day's appointments it is.

    What is told by telephone is ``number``, as 1125032: month and day, serial, and a check digit by which a wrong digit
    is noticed, for it would be somebody else's appointment.
    """

    day: date
    serial: int

    def __str__(self) -> str:
        return f"Y{self.day:%Y}{self.number}"

    @property
    def number(self) -> str:
        return f"{self.day:%m%d}{self.serial:02d}{_check_digit(f'{self.day:%Y%m%d}{self.serial:02d}')}"


@dataclass(frozen=True, slots=True)
class CredentialShown:
    """Somebody showed an e-credential. Whose is not told: only the insurance's own systems may read it."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nothing of this hall, whatever it was."""


Code = TicketCode | NoticeCode | AppointmentCode | CredentialShown | NotKnown


def understand(text: str) -> Code:
    """What ``text`` is; full-width signs and small letters, made by an input method or Caps Lock, do not matter."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain.isascii():  # digits of other scripts would pass for \d
        return NotKnown()
    if found := _TICKET.fullmatch(plain):
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        return TicketCode(day, found[4]) if day else NotKnown()
    if found := _NOTICE.fullmatch(plain):
        return NoticeCode(found[1])
    if found := _APPOINTMENT.fullmatch(plain):
        return _appointment(_day(int(found[1]), int(found[2]), int(found[3])), found[4]) or NotKnown()
    return CredentialShown() if _CREDENTIAL.fullmatch(plain) else NotKnown()


def typed_appointment(text: str, today: date) -> AppointmentCode | None:
    """The appointment of a typed number, of that day and month nearest to today; ``None``: it is none of ours."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = _TYPED.fullmatch(plain) if plain.isascii() else None
    if found is None:
        return None
    days = [day for turn in (-1, 0, 1) if (day := _day(today.year + turn, int(found[1]), int(found[2])))]
    nearest = min(days, key=lambda day: abs(day - today), default=None)
    return _appointment(nearest, found[3])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _appointment(day: date | None, rest: str) -> AppointmentCode | None:
    """``rest``: serial and check digit."""
    code = day and AppointmentCode(day, int(rest[:-1]))
    return code if code and code.serial and code.number[4:] == rest else None


def _check_digit(digits: str) -> int:
    """ISO 7064 MOD 11,10: it differs if one digit is wrong, and nearly always if two have changed places."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10
