"""What the counter does with what its scanner read: a slip offers the fitting step, a notice joins the visit, and an
appointment gets its number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from hallapp.domain.codes import AppointmentCode, CredentialShown, NoticeCode, TicketCode, understand
from hallapp.domain.notice import Notice
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.services.appointments import FoundAppointment, find_appointment
from hallapp.services.notices import bring_notice, find_notice
from hallapp.services.standing import Standing, standing, ticket_standing
from hallapp.ui.counter.appointment_actions import AppointmentActions
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.queue_actions import QueueActions
from hallapp.ui.words import tr

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter

Step = Callable[[], None]


class ScanActions(QObject):
    """Enter does what is offered, Esc leaves all as it is; another scan takes the offer's place."""

    def __init__(self, owner: CounterPresenter, queue: QueueActions, booked: AppointmentActions) -> None:
        super().__init__(owner)
        self._owner, self._queue, self._booked = owner, queue, booked
        self._offer: QDialog | None = None
        self._step: Step | None = None
        owner.view.scanned.connect(self._on_scanned)
        booked.came.connect(self._on_appointment)
        owner.view.visit.entry.notice_typed.connect(self._on_notice_typed)

    def _on_scanned(self, text: str) -> None:
        if self._booked.take(text):
            return
        code = understand(text)
        self._withdraw()
        if isinstance(code, TicketCode):
            self._owner.fetch(standing, code, then=self._on_standing)
        elif isinstance(code, NoticeCode):
            self._bring(code.number)
        elif isinstance(code, AppointmentCode):
            self._owner.fetch(find_appointment, code, then=self._on_appointment)
        elif isinstance(code, CredentialShown):
            self._owner.tell(tr("已出示医保电子凭证。"))
        else:
            known = tr("号码单、告知单和预约单") if self._owner.hall.appointment_times else tr("号码单和告知单")
            self._owner.tell(tr("没有识别：这里只认本厅的%1。", known), state="warning")

    def _on_appointment(self, found: FoundAppointment) -> None:
        """One that was checked in today is its ticket; any other is offered one, or it is told why it gets none."""
        booked = found.appointment
        if found.ticket is not None and found.ticket.day == self._owner.hall.today():
            self._booked.found()
            self._owner.fetch(ticket_standing, found.ticket.id, then=self._on_standing)
        elif (why := self._booked.refusal(booked)) is not None:
            self._booked.tell(booked, why)
        else:
            self._booked.found()
            self._ask(*self._booked.offer(booked), partial(self._booked.check_in, booked))

    def _on_notice_typed(self, number: str) -> None:
        self._bring(number.lstrip("Nn"))

    def _bring(self, number: str) -> None:
        desk = self._owner.desk
        if desk is None or desk.visit is None:
            self._owner.fetch(find_notice, number, then=self._on_too_early)
        elif desk.notice is None or desk.notice.number != number:
            self._owner.act(bring_notice, number, then=self._on_brought)
        else:
            self._on_brought(desk.notice)

    def _on_too_early(self, notice: Notice) -> None:
        """Nobody is at the window whose notice it could be."""
        self._owner.tell(tr("告知单 %1：群众到窗口后再扫一次。", notice.number))

    def _on_brought(self, notice: Notice) -> None:
        self._owner.view.visit.entry.clear()
        self._owner.tell(tr("告知单 %1 已登记到本次接待。", notice.number))

    def _on_standing(self, found: Standing) -> None:
        """Offer what the ticket's state asks for, or say why there is nothing to do."""
        ticket, here = found.ticket, self._owner.clerk.window
        if ticket.state is TicketState.WAITING:
            self._offer_call(found)
        elif ticket.state is TicketState.MISSED and found.return_place is not None:
            self._ask(tr("%1 已过号", ticket.number), tr("返回后将排在第 %1 位。", found.return_place),
                      tr("恢复排队"), partial(self._queue.come_back, ticket.id))
        elif ticket.state is TicketState.HELD and ticket.target_window in (None, here):
            self._offer_resume(found)
        elif ticket.state is TicketState.HELD:
            self._queue.resume(ticket.id)
        elif ticket.state is TicketState.CALLED and ticket.window == here:
            self._ask(tr("%1 正在本窗口呼叫", ticket.number), tr("群众已经到窗口了？"), tr("群众已到窗口"),
                      self._queue.arrive)
        else:
            self._owner.tell(_nothing_to_do(found), state="warning")

    def _offer_call(self, found: Standing) -> None:
        number, desk = found.ticket.number, self._owner.desk
        ahead = tr("前面 %1 人", found.ahead) if found.ahead else tr("前面没有人")
        free = desk is not None and desk.call is None and desk.visit is None
        if not free or (desk.session is not None and desk.session.pause_reason):
            self._owner.tell(tr("%1 等候中，%2。", number, ahead))
            return
        self._ask(tr("%1 等候中，%2", number, ahead), tr("现在不按顺序呼叫这个号？记录会写明是窗口挑选的。"),
                  tr("现在呼叫 %1", number), partial(self._queue.call_number, found.ticket.id))

    def _offer_resume(self, found: Standing) -> None:
        ticket = found.ticket
        back = ticket.hold_kind is HoldKind.NO_PAPERS
        question = tr("恢复后回到队列里原来的位置。") if back else tr("恢复后由本窗口呼叫。")
        self._ask(tr("%1 已挂起", ticket.number), question, tr("恢复办理"), partial(self._queue.resume, ticket.id))

    def _ask(self, title: str, question: str, yes: str, step: Step) -> None:
        self._withdraw()  # of a scan before it whose answer came just now
        self._step = step
        self._offer = Confirm(title, question, yes, self._owner.view)
        self._offer.confirmed.connect(self._on_confirmed)
        self._offer.open()

    def _on_confirmed(self) -> None:
        if self._step is not None:
            self._step()

    def _withdraw(self) -> None:
        if self._offer is not None and isValid(self._offer):
            self._offer.reject()
        self._offer = None


def _nothing_to_do(found: Standing) -> str:
    ticket = found.ticket
    if ticket.state is TicketState.MISSED:
        return tr("%1 已过号，超过返回的时限或次数，请群众重新取号。", ticket.number)
    if ticket.state is TicketState.CALLED:
        return tr("%1 正在 %2 号窗口呼叫。", ticket.number, ticket.window)
    if ticket.state is TicketState.DONE:
        return tr("%1 今天已办完。", ticket.number)
    if ticket.state is TicketState.ABANDONED:
        return tr("%1 已弃号，请群众重新取号。", ticket.number)
    return tr("%1 正在 %2 号窗口办理。", ticket.number, ticket.window)
