"""What the kiosk says of a number or an appointment, to its visitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hallapp.domain.appointment import Appointment, Refusal
from hallapp.domain.catalogue import Catalogue
from hallapp.domain.errors import NotToday
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import HoldKind, Ticket, TicketState
from hallapp.services.standing import Standing
from hallapp.ui.appointment_words import clock_words
from hallapp.ui.ticket_words import ahead_words, business_words, early, refused_words, wait_words
from hallapp.ui.words import tr


@dataclass(frozen=True, slots=True)
class Told:
    """``number`` is empty where the answer is about none; ``advice``: what to do next."""

    number: str
    answer: str
    advice: str


def told_number(ticket: Ticket, catalogue: Catalogue, rules: Rules) -> dict[str, str]:
    """What goes with a number just taken: its business, the people ahead, the wait."""
    wait = wait_words(ticket)
    if ticket.booked_for and early(ticket):
        wait = tr("您来得早，按预约的 %1 排队", clock_words(ticket.booked_for, rules.zone))
    elif ticket.expected_minutes == 0:
        wait = tr("请准备，%1", wait)
    return {"business": business_words(ticket, catalogue, rules.zone), "ahead": ahead_words(ticket), "wait": wait}


def told_standing(found: Standing, rules: Rules) -> Told:
    """Where the number stands."""
    ticket, at = found.ticket, found.ticket.window
    if ticket.state is TicketState.MISSED:
        return _missed(found, rules)
    if ticket.state is TicketState.HELD:
        return _held(ticket)
    again = tr("如还要办理业务，请重新取号。")
    answer, advice = {
        TicketState.WAITING: (
            tr("等候中，前面 %1 人", found.ahead) if found.ahead else tr("等候中，前面没有人"),
            tr("请在等候区就座，留意叫号屏和广播。")),
        TicketState.CALLED: (tr("请到 %1 号窗口", at), tr("正在叫您的号码。")),
        TicketState.ARRIVED: (tr("正在 %1 号窗口办理", at), ""),
        TicketState.HANDLING: (tr("正在 %1 号窗口办理", at), ""),
        TicketState.DONE: (tr("已办完"), again),
        TicketState.ABANDONED: (tr("号码已作废"), again),
    }[ticket.state]
    return Told(ticket.number, answer, advice)


def _missed(found: Standing, rules: Rules) -> Told:
    ticket, missed_at = found.ticket, found.ticket.changed_at
    if found.return_place is None or missed_at is None:
        return Told(ticket.number, tr("已过号"), tr("已超过返回的时限或次数，请重新取号。"))
    until = (missed_at + timedelta(minutes=rules.return_minutes)).astimezone(rules.zone)
    advice = tr("请在 %1 前告诉任一窗口的工作人员，可恢复排队，将排在第 %2 位。", f"{until:%H:%M}", found.return_place)
    return Told(ticket.number, tr("已过号，请到窗口"), advice)


def _held(ticket: Ticket) -> Told:
    if ticket.hold_kind is HoldKind.KEEP_PAPERS:
        advice = tr("您的材料在那里，请告诉工作人员继续办理。")
        return Told(ticket.number, tr("请回到 %1 号窗口", ticket.target_window), advice)
    return Told(ticket.number, tr("已挂起，请到窗口"), tr("请告诉任一窗口的工作人员继续办理，不用重新取号。"))


def told_other_day(error: NotToday) -> Told:
    answer = tr("这是%1月%2日的号码", error.day.month, error.day.day)
    return Told(error.number, answer, tr("号码只在当天有效，请重新取号。"))


def told_late(booked: Appointment, rules: Rules) -> Told:
    until = clock_words(booked.holds_until, rules.zone)
    return Told("", refused_words(Refusal.LATE, booked, rules.zone),
                tr("您的预约保留到 %1。可以现在取普通号，或到窗口另约时间。", until))


def told_refused(why: Refusal, booked: Appointment | None, rules: Rules) -> Told:
    """Why an appointment gets no number here and now."""
    advice = {
        Refusal.OTHER_DAY: tr("预约只在当天有效。今天要办理，请直接点选业务取号。"),
        Refusal.WITHDRAWN: tr("请直接点选业务取号，或到窗口另约时间。"),
        Refusal.UNKNOWN: tr("请直接点选业务取号，或请工作人员帮忙。"),
    }.get(why, tr("请到窗口请工作人员帮忙。"))
    return Told("", refused_words(why, booked, rules.zone), advice)


def told_credential() -> Told:
    """Nothing was read of it and nothing is kept."""
    return Told("", tr("这是医保电子凭证"), tr("办理时请在窗口出示。取号请直接点选业务。"))
