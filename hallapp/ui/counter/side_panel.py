"""The counter's right side: what wants an answer, who waits, who stands aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hallapp.domain.catalogue import Catalogue
from hallapp.domain.ticket import Ticket, TicketState
from hallapp.services.desk import Desk
from hallapp.ui import theme
from hallapp.ui.counter.fitting_rows import FittingRows
from hallapp.ui.counter.questions import Questions
from hallapp.ui.widgets.parts import Card, label
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import HOLDS, STATES, minutes_text, short_minutes, tr

ROW, MOST_ASIDE = 36, 5  # px; rows before the others are counted


class SidePanel(Card):
    """Shows; decides nothing. ``questions`` carries the answers."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(margins=20, spacing=4)
        self._groups = {group.code: group.name for group in catalogue.groups}
        self._shown: tuple[Desk, datetime] | None = None
        self._room = Room.WIDE
        self.questions = Questions()
        self.heading = label("", 18, bold=True)
        self.waiting = FittingRows(_more_waiting)
        self._aside_heading = label(self.tr("挂起与过号"), 18, bold=True)
        self.aside = FittingRows(_more_aside)
        for part, share in ((self.questions, 0), (self.heading, 0), (self.waiting, 1), (self._aside_heading, 0),
                            (self.aside, 0)):
            self.column.addWidget(part, share)

    def set_room(self, room: Room) -> None:
        """On a narrow screen a priority number says so by its own ground, not by a word beside it."""
        self._room = room
        self.questions.set_tight(room is Room.TIGHT)
        if self._shown is not None:
            self.show_desk(*self._shown)

    def show_desk(self, desk: Desk, now: datetime) -> None:
        self._shown = desk, now
        tight = self._room is Room.TIGHT
        self.questions.show_desk(desk)
        longest = max(((now - ticket.issued_at).total_seconds() for ticket in desk.waiting), default=0.0)
        some = tr("等候 %1 人　最长 %2", len(desk.waiting), minutes_text(longest))
        self.heading.setText(some if desk.waiting else tr("无人等候"))
        self.waiting.show_rows([
            _line(ticket, self._groups.get(ticket.group, ""), now - ticket.issued_at, tight)
            for ticket in desk.waiting])
        self._aside_heading.setVisible(bool(desk.aside))
        self.aside.setVisible(bool(desk.aside))
        self.aside.setFixedHeight(ROW * min(len(desk.aside), MOST_ASIDE))
        self.aside.show_rows([
            _line(ticket, _why_aside(ticket), now - (ticket.changed_at or ticket.issued_at), tight)
            for ticket in desk.aside])


def _more_waiting(count: int) -> str:
    return tr("另有 %1 人，按 F11 查看", count)


def _more_aside(count: int) -> str:
    return tr("另有 %1 个，按 F11 查看", count)


def _why_aside(ticket: Ticket) -> str:
    return tr(HOLDS[ticket.hold_kind]) if ticket.hold_kind else tr(STATES[TicketState.MISSED])


def _line(ticket: Ticket, words: str, since: timedelta, tight: bool) -> QWidget:
    """Number, what for, how long: columns under each other."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    look = "priority" if ticket.priority else ""
    number = label(ticket.number, 18, bold=True, look=look if tight else "")
    number.setStyleSheet("padding: 0;")
    number.setFixedSize(50, ROW - 8 if tight else ROW)
    time = label(short_minutes(since.total_seconds()), 16, look="quiet")
    time.setFixedWidth(52)
    time.setAlignment(theme.ALIGN_RIGHT)
    row.addWidget(number)
    if not tight:
        mark = label(tr("优先") if ticket.priority else "", 14, look=look)
        mark.setFixedWidth(48)
        mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(label(words, 16), 1)
    row.addWidget(time)
    return line
