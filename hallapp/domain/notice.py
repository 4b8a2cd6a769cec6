"""The one-time notice (一次性告知单): everything a visitor must bring, told once and in writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hallapp.domain.codes import NoticeCode


class Situation(StrEnum):
    CONSULTATION = "consultation"  # 咨询告知
    INCOMPLETE = "incomplete"  # 材料不全
    REFUSED = "refused"  # 不予受理, with a reason


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One material as the visitor reads it; ``original`` and ``copies`` as in catalogue.Material."""

    name: str
    original: bool
    copies: int
    where: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as given. ``number`` is YYYYMMDD and three digits."""

    id: int
    day: date
    number: str
    serial: int
    visit_id: int
    item_id: int
    item_code: str
    situation: Situation
    missing: tuple[NoticeLine, ...]
    received: tuple[NoticeLine, ...]
    conditions: tuple[str, ...]
    remark: str
    reason: str
    staff: str
    window: int
    given_at: datetime

    @property
    def barcode(self) -> str:
        return str(NoticeCode(self.number))
