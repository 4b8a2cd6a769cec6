"""Chinese for appointments: times, numbers, states, and why one is not given."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hallapp.domain.appointment import Appointment, AppointmentState, Refusal, Slot
from hallapp.domain.codes import AppointmentCode

WEEKDAYS = "一二三四五六日"
STATES = {AppointmentState.BOOKED: "未到", AppointmentState.CAME: "已到", AppointmentState.WITHDRAWN: "已撤销"}
REFUSALS = {
    Refusal.UNKNOWN: "没有找到这个预约，请核对预约号。", Refusal.OTHER_DAY: "这个预约不是今天的。",
    Refusal.LATE: "这个预约的时间已经过了。", Refusal.CAME: "这个预约的群众已经到厅取号。",
    Refusal.WITHDRAWN: "这个预约已经撤销。", Refusal.FULL: "这个时段刚刚约满，请另选时段。",
    Refusal.NOT_OPEN: "这个时段不能预约，请另选时段。",
}


def day_words(day: date) -> str:
    """11月25日 星期三."""
    return f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def slot_words(slot: Slot | Appointment, zone: ZoneInfo) -> str:
    """09:30—10:00."""
    return f"{clock_words(slot.starts_at, zone)}—{clock_words(slot.ends_at, zone)}"


def clock_words(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def number_words(code: AppointmentCode) -> str:
    """1125 032: as it is read out on the telephone."""
    return f"{code.number[:4]} {code.number[4:]}"
