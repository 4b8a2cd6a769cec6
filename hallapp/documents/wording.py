"""Words that more than one paper uses."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hallapp.domain.handling import Outcome
from hallapp.domain.notice import Situation

OUTCOMES = {
    Outcome.COMPLETED: "办结", Outcome.ACCEPTED: "受理", Outcome.DEFERRED: "容缺受理", Outcome.ASSISTED: "帮办代办",
    Outcome.NOTICE: "一次性告知", Outcome.REFERRED: "转办", Outcome.CONSULTED: "咨询", Outcome.WITHDRAWN: "申请人撤回",
}
SITUATIONS = {
    Situation.CONSULTATION: "咨询告知", Situation.INCOMPLETE: "材料不全", Situation.REFUSED: "不予受理",
}
WEEKDAYS = "一二三四五六日"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """2026年11月23日 09:42, in hall time."""
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
