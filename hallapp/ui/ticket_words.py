"""What visitor and clerk are both told of a number or an appointment, in words that fit either."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hallapp.domain.appointment import Appointment, Refusal
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.ticket import Ticket
from hallapp.ui.appointment_words import clock_words
from hallapp.ui.words import tr


def business_words(ticket: Ticket, catalogue: Catalogue, zone: ZoneInfo) -> str:
    """What the number is for and why it does not rank like any other."""
    item = catalogue.find_item(ticket.item_code) if ticket.item_code else None
    group = catalogue.find_group(ticket.group)
    name = item.short if item else group.name if group else ""
    return (name + (tr("　优先") if ticket.priority else "")
            + (tr("　预约 %1", clock_words(ticket.booked_for, zone)) if ticket.booked_for else ""))


def ahead_words(ticket: Ticket) -> str:
    return tr("前面还有 %1 人", ticket.ahead) if ticket.ahead else tr("前面没有人等候")


def wait_words(ticket: Ticket) -> str:
    minutes = ticket.expected_minutes
    if minutes is None:
        return tr("窗口开放后按顺序叫号")
    return tr("预计等候约 %1 分钟", minutes) if minutes else tr("马上叫号")


def early(ticket: Ticket) -> bool:
    """Whether it came before its appointment, by which it ranks then."""
    return ticket.booked_for is not None and ticket.booked_for > ticket.issued_at


def refused_words(why: Refusal, booked: Appointment | None, zone: ZoneInfo) -> str:
    """Why an appointment gets no number here and now."""
    if why is Refusal.OTHER_DAY and booked is not None:
        start = booked.starts_at.astimezone(zone)
        return tr("这是%1月%2日 %3 的预约", start.month, start.day, clock_words(booked.starts_at, zone))
    return {
        Refusal.LATE: tr("预约的时间已经过了"), Refusal.WITHDRAWN: tr("这个预约已经撤销"),
        Refusal.UNKNOWN: tr("没有找到这个预约"),
    }.get(why, tr("这个预约现在取不了号"))
