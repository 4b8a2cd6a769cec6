"""The counter's right side: what wants an answer, who waits, who stands aside."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.rules import Rules
from hallapp.domain.ticket import Ticket, TicketState, may_come_back
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.counter.fitting_rows import FittingRows
from hallapp.ui.counter.questions import Questions
from hallapp.ui.widgets.parts import Card, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import HOLDS, STATES, minutes_text, short_minutes, tr

ROW, MOST_ASIDE = 36, 5  # px; rows before the others are counted


class Line(NamedTuple):
    """Number, what for, how long."""

    number: str
    priority: bool
    words: str
    since: str
    tight: bool


class SidePanel(Card):
    """Shows; decides nothing. ``questions`` carries the answers."""

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        super().__init__(margins=20, spacing=4)
        self._rules = rules
        self._groups = {group.code: group.name for group in catalogue.groups}
        self._desk: Desk | None = None
        self._now: datetime | None = None
        self._room = Room.WIDE
        self.questions = Questions()
        self.heading = label("", 18, bold=True)
        self.waiting = FittingRows(_more_waiting)
        self._aside_heading = label("", 18, bold=True)
        self._aside_heading.setContentsMargins(0, 8, 0, 0)
        self.aside = FittingRows(_more_aside)
        for part, share in ((self.questions, 0), (self.heading, 0), (self.waiting, 1), (self._aside_heading, 0),
                            (self.aside, 0)):
            self.column.addWidget(part, share)

    def set_room(self, room: Room) -> None:
        """On a narrow screen a priority number says so by its own ground, not by a word beside it."""
        self._room = room
        self.questions.set_tight(room is Room.TIGHT)
        if self._now is not None:
            self.show_time(self._now)

    def show_desk(self, desk: Desk, now: datetime) -> None:
        self._desk = desk
        self.questions.show_desk(desk)
        self.show_time(now)

    def show_time(self, now: datetime) -> None:
        """How long everybody has waited by now."""
        self._now, desk, tight = now, self._desk, self._room is Room.TIGHT
        if desk is None:
            return
        longest = max(((now - ticket.issued_at).total_seconds() for ticket in desk.waiting), default=0.0)
        some = tr("等候 %1 人　最长%2", len(desk.waiting), minutes_text(longest))
        self.heading.setText(some if desk.waiting else tr("无人等候"))
        self.waiting.show_rows([
            Line(ticket.number, ticket.priority, self._waits_for(ticket), _since(ticket.issued_at, now), tight)
            for ticket in desk.waiting], _row)
        self._show_aside(desk, now, tight)

    def _waits_for(self, ticket: Ticket) -> str:
        """The business, or the other window that alone calls whoever was transferred to it."""
        here = self._desk.session.window if self._desk and self._desk.session else None
        if ticket.target_window not in (None, here):
            return tr("等 %1 号窗口", ticket.target_window)
        return self._groups.get(ticket.group, "")

    def _show_aside(self, desk: Desk, now: datetime, tight: bool) -> None:
        """Whose papers lie here first, then others on hold, then those who may still come back after a miss: whoever
        was missed for good must not push them out of sight."""
        here = desk.session.window if desk.session else None
        held = sorted((one for one in desk.aside if one.state is TicketState.HELD),
                      key=lambda one: one.target_window != here)
        missed = [one for one in desk.aside
                  if one.state is TicketState.MISSED and may_come_back(one, self._rules, now)]
        counts = (tr("挂起 %1 人", len(held)) if held else "", tr("过号可返回 %1 人", len(missed)) if missed else "")
        self._aside_heading.setText("　".join(filter(None, counts)))
        every = [*held, *missed]
        self._aside_heading.setVisible(bool(every))
        self.aside.setVisible(bool(every))
        self.aside.setFixedHeight(ROW * min(len(every), MOST_ASIDE))
        self.aside.show_rows([
            Line(ticket.number, ticket.priority, _why_aside(ticket, here),
                 _since(ticket.changed_at or ticket.issued_at, now), tight) for ticket in every], _row)


def _more_waiting(count: int) -> str:
    return tr("另有 %1 人，按 F11 查看", count)


def _more_aside(count: int) -> str:
    return tr("另有 %1 个，按 F11 查看", count)


def _why_aside(ticket: Ticket, here: int | None) -> str:
    """``here``: the window that is looked from."""
    if ticket.hold_kind and ticket.target_window not in (None, here):
        return tr("持件在 %1 号窗口", ticket.target_window)
    return tr(HOLDS[ticket.hold_kind]) if ticket.hold_kind else tr(STATES[TicketState.MISSED])


def _since(then: datetime, now: datetime) -> str:
    return short_minutes((now - then).total_seconds())


def _row(one: Line) -> QWidget:
    """Columns under each other."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    look = "priority" if one.priority else ""
    number = label(one.number, 18, bold=True, look=look if one.tight else "")
    number.setStyleSheet("padding: 0;")
    number.setFixedSize(50, ROW - 8 if one.tight else ROW)
    time = label(one.since, 16, look="quiet")
    time.setFixedWidth(52)
    time.setAlignment(theme.ALIGN_RIGHT)
    row.addWidget(number)
    if not one.tight:
        mark = label(tr("优先") if one.priority else "", 14, look=look)
        mark.setFixedWidth(48)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(label(one.words, 16), 1)
    row.addWidget(time)
    return line
