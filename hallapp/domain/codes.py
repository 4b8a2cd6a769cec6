"""What a scanned text is: a ticket, a notice, somebody's e-credential, or nothing that this hall knows.

Only the hall's own codes are kept as values. An e-credential (医保电子凭证) is recognised and forgotten, and an
identity number is as unknown as anything else: neither text leaves this module. Appointments do not exist here, so
there is no code of theirs either.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_SYMBOLOGY = r"(?:\][A-Z]\d)?"  # AIM identifier, which some scanners put before what they read (ISO/IEC 15424)
_TICKET = re.compile(_SYMBOLOGY + r"T(\d{4})(\d\d)(\d\d)([A-Z]\d{3,5})")
_NOTICE = re.compile(_SYMBOLOGY + r"N(\d{11,13})")
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
class CredentialShown:
    """Somebody showed an e-credential. Whose is not told: only the insurance's own systems may read it."""


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Nothing of this hall, whatever it was."""


Code = TicketCode | NoticeCode | CredentialShown | NotKnown


def understand(text: str) -> Code:
    """What ``text`` is; full-width signs and small letters, made by an input method or Caps Lock, do not matter."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain.isascii():  # digits of other scripts would pass for \d
        return NotKnown()
    if found := _TICKET.fullmatch(plain):
        return _ticket(*found.groups())
    if found := _NOTICE.fullmatch(plain):
        return NoticeCode(found[1])
    return CredentialShown() if _CREDENTIAL.fullmatch(plain) else NotKnown()


def _ticket(year: str, month: str, day: str, number: str) -> Code:
    try:
        return TicketCode(date(int(year), int(month), int(day)), number)
    except ValueError:  # no such day
        return NotKnown()
