"""Everybody who waits, is held or was missed, to call out of turn or bring back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from hallapp.domain.ticket import HoldKind, Ticket, TicketState
from hallapp.ui import theme
from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import KeyButton
from hallapp.ui.widgets.room import SMALLEST
from hallapp.ui.words import tr

_TICKET = Qt.ItemDataRole.UserRole


class TicketChoice(Choice):
    """Type part of a number, choose with the arrows, Enter does what the ticket's state asks for.

    ``places``: by ticket id, the place that a missed one would get now, ``None`` where it may not return. ``about``: by
    ticket id, the business and how long it waits or stands aside. ``here``: this window, which may call once ``first``
    is done; empty: now.

    Signals:
        call_requested: Call this waiting ticket (id) now, out of its turn.
        return_requested: Bring this missed ticket (id) back into the queue.
        resume_requested: The held visitor (ticket id) is back.
        abandon_requested: The visitor (ticket id) left.
    """

    call_requested = Signal(int)
    return_requested = Signal(int)
    resume_requested = Signal(int)
    abandon_requested = Signal(int)

    def __init__(
        self, waiting: Sequence[Ticket], aside: Sequence[Ticket], places: Mapping[int, int | None],
        about: Mapping[int, str], here: int, first: str = "", parent: QWidget | None = None,
    ) -> None:
        hint = self.tr("输入号码的一部分；方向键选择，回车办理，Del 弃号。")
        super().__init__(self.tr("找号"), hint, parent, width=760)
        self._tickets, self._places, self._about = [*waiting, *aside], places, about
        self._here, self._first = here, first
        self.entry = QLineEdit()
        self.entry.setObjectName("ticket-number")
        self.entry.setPlaceholderText(self.tr("号码，例如 A012"))
        self.entry.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # numbers only: no input method
        self.entry.textChanged.connect(self._on_text_changed)
        self.entry.returnPressed.connect(self._on_return_pressed)
        self.entry.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("tickets")
        self.list.setMinimumHeight(240)
        self.list.setFont(theme.font(18))
        self.list.setSpacing(4)
        self.list.itemActivated.connect(self._on_return_pressed)
        self.column.addWidget(self.entry)
        self.column.addWidget(self.list, 1)
        row = QHBoxLayout()
        gone = KeyButton(self.tr("弃号"), "Del")
        gone.setAutoDefault(False)
        gone.setObjectName("abandon-ticket")
        gone.clicked.connect(self._on_abandon_clicked)
        row.addWidget(gone)
        self.column.addLayout(row)
        self.add_leave()
        room = parent.window().size() if parent is not None else SMALLEST
        self.resize(760, min(680, room.height() - 32))
        self.entry.setFocus()
        self._on_text_changed("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move the list while the typing goes on; Delete is the list's where the field has no use for it."""
        if event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
            return True
        editing = self.entry.hasSelectedText() or self.entry.cursorPosition() < len(self.entry.text())
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete and not editing:
            self._on_abandon_clicked()  # the field would keep the key for itself
            return True
        return super().eventFilter(watched, event)

    def _on_text_changed(self, text: str) -> None:
        self.list.clear()
        for ticket in self._tickets:
            if text.strip().upper() in ticket.number:
                line = QListWidgetItem(self._words(ticket))
                line.setData(_TICKET, ticket)
                self.list.addItem(line)
        if not self.list.count():
            none = QListWidgetItem(self.tr("没有这个号在等候、挂起或过号；已办完或弃号的请重新取号。") if text.strip()
                                   else self.tr("现在没有等候、挂起或过号的号码。"))
            none.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(none)
        self.list.setCurrentRow(0)

    def _words(self, ticket: Ticket) -> str:
        """In columns: every Chinese sign is as wide as the blank that stands for it."""
        state = {
            TicketState.WAITING: self._if_free(self._waiting(ticket), self.tr("回车现在呼叫")),
            TicketState.HELD: self._held(ticket), TicketState.MISSED: self._missed(ticket),
        }[ticket.state]
        mark = self.tr("优先") if ticket.priority else "　　"
        return f"{ticket.number}　{mark}　{self._about[ticket.id]}　{state}"

    def _waiting(self, ticket: Ticket) -> str:
        """Whoever was transferred to another window is not called here by itself."""
        if ticket.target_window not in (None, self._here):
            return tr("等 %1 号窗口", ticket.target_window)
        return self.tr("等候中")

    def _held(self, ticket: Ticket) -> str:
        if ticket.target_window not in (None, self._here):
            return tr("已挂起，材料在 %1 号窗口", ticket.target_window)
        if ticket.hold_kind is HoldKind.NO_PAPERS:
            return self.tr("已挂起 → 回车回到队列")
        return self._if_free(self.tr("已挂起"), self.tr("回车恢复办理"))

    def _if_free(self, state: str, step: str) -> str:
        """Nobody can be called to a window that is not done with somebody else, or that rests."""
        return tr("%1（%2）", state, self._first) if self._first else f"{state} → {step}"

    def _missed(self, ticket: Ticket) -> str:
        place = self._places.get(ticket.id)
        if place is None:
            return self.tr("已过号，不能返回，请重新取号")
        return tr("已过号 → 回车返回，排第 %1 位", place)

    def _chosen(self) -> Ticket | None:
        line = self.list.currentItem()
        return None if line is None else line.data(_TICKET)

    def _on_return_pressed(self) -> None:
        ticket = self._chosen()
        if ticket is None:
            return
        wish = {TicketState.WAITING: self.call_requested, TicketState.HELD: self.resume_requested,
                TicketState.MISSED: self.return_requested}[ticket.state]
        wish.emit(ticket.id)
        self.accept()

    def _on_abandon_clicked(self) -> None:
        ticket = self._chosen()
        if ticket is not None:
            self.abandon_requested.emit(ticket.id)
            self.accept()
