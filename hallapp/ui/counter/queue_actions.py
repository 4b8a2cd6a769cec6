"""The clerk's wishes about the queue, turned into service calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from hallapp.domain.events import Kind
from hallapp.domain.handling import Visit
from hallapp.domain.notice import Notice
from hallapp.domain.ticket import HoldKind, Ticket, TicketState
from hallapp.services import counter, printing, visits
from hallapp.services import staff as staff_service
from hallapp.services.counter import Returned
from hallapp.services.desk import Desk
from hallapp.services.standing import return_place
from hallapp.ui.counter.dialogs.choose_hold import HoldChoice
from hallapp.ui.counter.dialogs.choose_reason import ReasonChoice
from hallapp.ui.counter.dialogs.choose_transfer import TransferChoice
from hallapp.ui.counter.dialogs.find_ticket import TicketChoice
from hallapp.ui.words import UNDONE, tr

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter


class QueueActions(QObject):
    """Left panel, and the questions on the right."""

    def __init__(self, owner: CounterPresenter) -> None:
        super().__init__(owner)
        self._owner, self._view = owner, owner.view
        queue, asked = owner.view.queue, owner.view.side.questions
        for signal, slot in (
            (queue.call_requested, self._on_call_requested), (queue.arrive_requested, self.arrive),
            (queue.recall_requested, self._on_recall_requested), (queue.miss_requested, self._on_miss_requested),
            (queue.hold_requested, self._on_hold_requested), (queue.transfer_requested, self._on_transfer_requested),
            (queue.abandon_requested, self._on_abandon_requested), (queue.pause_requested, self._on_pause_requested),
            (queue.walk_in_requested, self._on_walk_in_requested), (queue.undo_requested, self._on_undo_requested),
            (queue.find_requested, self._on_find_requested), (asked.void_requested, self._on_void_requested),
            (asked.printed_requested, self._on_printed_requested), (asked.again_requested, self._on_again_requested),
        ):
            signal.connect(slot)

    def _on_call_requested(self) -> None:
        self._owner.act(counter.call_next)

    def arrive(self) -> None:
        """The called visitor is at the window."""
        self._owner.act(counter.arrive, then=self._on_arrived)

    def _on_arrived(self, _visit: Visit | Notice) -> None:
        self._view.visit.entry.clear()
        self._view.visit.entry.setEnabled(True)
        self._view.visit.entry.take_focus()

    def _on_recall_requested(self) -> None:
        self._owner.act(counter.recall)

    def _on_miss_requested(self) -> None:
        self._owner.act(counter.miss)

    def _on_walk_in_requested(self) -> None:
        self._owner.act(visits.walk_in, then=self._on_arrived)

    def _on_undo_requested(self) -> None:
        self._owner.act(counter.undo, then=self._on_undone)

    def _on_undone(self, kind: Kind) -> None:
        self._owner.tell(tr("已撤销：%1", tr(UNDONE.get(kind, kind.value))))

    def _on_hold_requested(self) -> None:
        dialog = HoldChoice(self._view)
        dialog.chosen.connect(self._on_hold_chosen)
        dialog.open()

    def _on_hold_chosen(self, kind: HoldKind) -> None:
        self._owner.act(counter.hold, HoldKind(kind))

    def _on_transfer_requested(self) -> None:
        hall, here, desk = self._owner.hall, self._owner.clerk.window, self._owner.desk
        others = [window for window in hall.windows if window.number != here]
        dialog = TransferChoice(hall.catalogue.groups, others, desk.open_windows if desk else (), self._view)
        dialog.chosen.connect(self._on_transfer_chosen)
        dialog.open()

    def _on_transfer_chosen(self, group: str | None, window: int | None, back: bool) -> None:
        self._owner.act(counter.transfer, group=group, window=window, back=back)

    def _on_abandon_requested(self) -> None:
        if self._owner.desk is not None and self._owner.desk.ticket is not None:
            self._owner.act(counter.abandon, self._owner.desk.ticket.id, then=self._on_abandoned)

    def _on_pause_requested(self) -> None:
        session = self._owner.desk and self._owner.desk.session
        if session and session.pause_reason:
            self._owner.act(staff_service.unpause)
            return
        usual = (tr("午休"), tr("整理材料"), tr("学习培训"), tr("设备检修"))
        dialog = ReasonChoice(tr("暂停服务"), usual, self._view)
        dialog.chosen.connect(self._on_pause_chosen)
        dialog.open()

    def _on_pause_chosen(self, reason: str) -> None:
        self._owner.act(staff_service.pause, reason)

    def _on_find_requested(self) -> None:
        if (desk := self._owner.desk) is None:
            return
        waiting, aside = desk.waiting, desk.aside
        places = {ticket.id: return_place(self._owner.hall, ticket, waiting) for ticket in aside}
        about = self._about((*waiting, *aside))
        dialog = TicketChoice(waiting, aside, places, about, self._owner.clerk.window, _first(desk), self._view)
        dialog.call_requested.connect(self.call_number)
        dialog.return_requested.connect(self.come_back)
        dialog.resume_requested.connect(self.resume)
        dialog.abandon_requested.connect(self._on_abandon_number_requested)
        dialog.open()

    def _about(self, tickets: Sequence[Ticket]) -> dict[int, str]:
        """By ticket id: the business, filled up to the longest, and the minutes in the queue or aside."""
        names, now = {each.code: each.name for each in self._owner.hall.catalogue.groups}, self._owner.hall.clock.now()
        longest = max(map(len, names.values()))
        since = {one.id: one.changed_at if one.state is not TicketState.WAITING else None for one in tickets}
        minutes = {one.id: int((now - (since[one.id] or one.issued_at)).total_seconds() // 60) for one in tickets}
        return {one.id: tr("%1　%2 分", names.get(one.group, "").ljust(longest, "　"), f"{minutes[one.id]:\u2007>3}")
                for one in tickets}

    def call_number(self, ticket_id: int) -> None:
        """A waiting visitor, out of turn."""
        self._owner.act(counter.call_number, ticket_id)

    def come_back(self, ticket_id: int) -> None:
        """A missed visitor returns; the clerk is told to which place."""
        self._owner.act(counter.come_back, ticket_id, then=self._on_returned)

    def _on_returned(self, returned: Returned) -> None:
        self._owner.tell(tr("%1 已返回队列，排在第 %2 位。", returned.ticket.number, returned.place))

    def resume(self, ticket_id: int) -> None:
        """A held visitor goes on, if the papers are not at another window."""
        aside = self._owner.desk.aside if self._owner.desk else ()
        held = next((ticket for ticket in aside if ticket.id == ticket_id), None)
        if held is not None and held.target_window not in (None, self._owner.clerk.window):
            there = tr("%1 的材料在 %2 号窗口，请到那里办理。", held.number, held.target_window)
            self._owner.tell(there, state="warning")
        else:
            self._owner.act(counter.resume, ticket_id, then=self._on_resumed)

    def _on_resumed(self, ticket: Ticket) -> None:
        """Who is not called at once waits again, which nothing else at the window would tell."""
        if ticket.state is TicketState.WAITING:
            self._owner.tell(tr("%1 已回到队列里原来的位置。", ticket.number))

    def _on_abandon_number_requested(self, ticket_id: int) -> None:
        self._owner.act(counter.abandon, ticket_id, then=self._on_abandoned)

    def _on_abandoned(self, ticket: Ticket) -> None:
        self._owner.tell(tr("%1 已弃号，按 Ctrl+Z 可撤销。", ticket.number))

    def _on_void_requested(self, visit_id: int) -> None:
        usual = (tr("忘记按办理完成"), tr("停电或死机"), tr("群众离开未返回"))
        dialog = ReasonChoice(tr("结束遗忘的接待（计件，不计时长）"), usual, self._view)
        dialog.setProperty("visit", visit_id)
        dialog.chosen.connect(self._on_void_chosen)
        dialog.open()

    def _on_void_chosen(self, reason: str) -> None:
        self._owner.act(visits.void_visit, self.sender().property("visit"), reason)

    def _on_printed_requested(self, job_id: int) -> None:
        self._owner.act(printing.decide, job_id, on_paper=True)

    def _on_again_requested(self, job_id: int) -> None:
        self._owner.act(printing.decide, job_id, on_paper=False)


def _first(desk: Desk) -> str:
    """What is to be done before anybody can be called here; empty: nothing."""
    if desk.call is not None or desk.visit is not None:
        return tr("先办完当前号")
    return tr("先按 F9 恢复服务") if desk.session is not None and desk.session.pause_reason else ""
