"""The daily report on the screen, into a file and onto paper."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QHBoxLayout, QWidget

from hallapp.ui import theme
from hallapp.ui.supervisor.pages import Page
from hallapp.ui.supervisor.print_panel import PrintPanel
from hallapp.ui.widgets.parts import KeyButton
from hallapp.ui.widgets.pdf_pages import PdfPages
from hallapp.ui.widgets.room import Room
from hallapp.ui.words import tr


class ReportPage(Page):
    """Signals:
        day_chosen: A date to show.
        save_requested, print_requested: The shown report.
    """

    day_chosen = Signal(object)
    save_requested = Signal()
    print_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("日办件量报表"))
        self.date = QDateEdit()
        self.date.setObjectName("report-date")
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        self.date.setMinimumWidth(200)
        _dress(self.date.calendarWidget())
        row = QHBoxLayout()
        row.setSpacing(12)
        before, after = KeyButton(tr("前一天"), "Ctrl+Left"), KeyButton(tr("后一天"), "Ctrl+Right")
        self.save, self.print = KeyButton(tr("保存 PDF"), "Ctrl+S"), KeyButton(tr("打印"), "Ctrl+P", look="primary")
        for button, name in ((before, "day-before"), (after, "day-after"), (self.save, "save"), (self.print, "print")):
            button.setObjectName(name)
        self._keys = (before, after, self.save, self.print)
        for part in (before, self.date, after, self.save, self.print):
            row.addWidget(part)
        before.clicked.connect(self._on_before_clicked)
        after.clicked.connect(self._on_after_clicked)
        self.save.clicked.connect(self.save_requested)
        self.print.clicked.connect(self.print_requested)
        self.date.dateChanged.connect(self._on_date_changed)
        self.card.column.addLayout(row)
        self.pages, self.panel = PdfPages(), PrintPanel()
        self.panel.save_requested.connect(self.save.click)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self.pages, 1)
        beside.addWidget(self.panel)
        self.card.column.addLayout(beside, 1)

    def take_focus(self) -> None:
        """To be scrolled; the date's field would keep Ctrl+← and Ctrl+→ for itself."""
        self.pages.setFocus()

    def set_room(self, room: Room) -> None:
        super().set_room(room)
        for key in self._keys:
            key.set_tight(room is Room.TIGHT)
        self.panel.set_room(room)

    def set_day(self, day: date) -> None:
        self.date.setDate(QDate(day.year, day.month, day.day))

    def day(self) -> date:
        return self.date.date().toPython()

    def set_made(self, made: bool) -> None:
        """Whether the report of the day in the field is there: another day's is neither saved nor printed for it."""
        self.save.setEnabled(made)
        self.print.setEnabled(made)

    def _on_before_clicked(self) -> None:
        self.date.setDate(self.date.date().addDays(-1))

    def _on_after_clicked(self) -> None:
        self.date.setDate(self.date.date().addDays(1))

    def _on_date_changed(self, _date: QDate) -> None:
        self.set_made(False)
        self.day_chosen.emit(self.day())


def _dress(calendar: QCalendarWidget) -> None:
    """Large enough for its figures; the days of the week in one sign, the weekend in ours rather than in red."""
    calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    calendar.setMinimumSize(420, 360)
    quiet = QTextCharFormat()
    quiet.setForeground(QColor(theme.QUIET))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, quiet)
    quiet.setBackground(QColor(theme.GROUND))
    calendar.setHeaderTextFormat(quiet)
