"""Words that more than one paper uses, or paper and screen."""

from __future__ import annotations

from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from hallapp.domain.catalogue import Material
from hallapp.domain.handling import Outcome
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.rating import Level

OUTCOMES = {
    Outcome.COMPLETED: "办结", Outcome.ACCEPTED: "受理", Outcome.DEFERRED: "容缺受理", Outcome.ASSISTED: "帮办代办",
    Outcome.NOTICE: "一次性告知", Outcome.REFERRED: "转办", Outcome.CONSULTED: "咨询", Outcome.WITHDRAWN: "申请人撤回",
}
SITUATIONS = {
    Situation.CONSULTATION: "咨询", Situation.INCOMPLETE: "材料不全", Situation.REFUSED: "不予受理",
}
LEVELS = {
    Level.VERY_SATISFIED: "非常满意", Level.SATISFIED: "满意", Level.FAIRLY_SATISFIED: "基本满意",
    Level.DISSATISFIED: "不满意", Level.VERY_DISSATISFIED: "非常不满意",
}
WEEKDAYS = "一二三四五六日"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """2026年11月23日 09:42, in hall time."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour:02}:{local.minute:02}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """09:42, in hall time."""
    return f"{at.astimezone(zone):%H:%M}"


def begun_seconds(seconds: float) -> int:
    """A begun second counts, so that no mean over ten minutes reads as ten."""
    return ceil(round(seconds, 3))


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def form(material: Material | NoticeLine) -> str:
    """原件、复印件2份: what a source states of its form and its name does not say already; empty where nothing."""
    original = ["原件"] if material.original and "原件" not in material.name else []
    return "、".join([*original, *([f"复印件{material.copies}份"] if material.copies else [])])


def gone_item(code: str) -> str:
    """An item of which no catalogue tells the name any more."""
    return f"已停用事项 {code}"
