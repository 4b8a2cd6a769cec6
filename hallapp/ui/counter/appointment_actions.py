"""The clerk's wishes about appointments, turned into service calls; and what a scanned one is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from hallapp.domain.appointment import Appointment, AppointmentRefused, AppointmentState, Refusal, come
from hallapp.domain.codes import AppointmentCode, typed_appointment, understand
from hallapp.services import appointments, kiosk
from hallapp.services.appointments import Book, Booking, FoundAppointment
from hallapp.services.kiosk import Issued, Wish
from hallapp.ui.appointment_words import REFUSALS, clock_words, day_words, number_words, slot_words
from hallapp.ui.counter.dialogs.book_time import BookChoice
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.dialogs.told_number import NumberAsked, NumberTold
from hallapp.ui.ticket_words import ahead_words, business_words, early, refused_words, wait_words
from hallapp.ui.words import sentence, tr

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter


class AppointmentActions(QObject):
    """Booked, withdrawn and, for whoever comes straight to the window, checked in.

    Signals:
        came: The number was typed of an appointment (FoundAppointment) whose visitor is here.
    """

    came = Signal(object)

    def __init__(self, owner: CounterPresenter) -> None:
        super().__init__(owner)
        self._owner = owner
        self._asked: AppointmentCode | None = None  # to be withdrawn, once the clerk says yes
        self._entry: NumberAsked | None = None
        self._then: Callable[[FoundAppointment], None] = self.came.emit  # once its number is found
        owner.view.queue.book_requested.connect(self._on_book_requested)

    def _on_book_requested(self) -> None:
        self._owner.fetch(appointments.book_of, then=self._on_book)

    def _on_book(self, book: Book) -> None:
        hall = self._owner.hall
        dialog = BookChoice(book, hall.catalogue, hall.rules.zone, self._owner.view)
        dialog.booked.connect(self._on_booked)
        dialog.withdraw_requested.connect(self._on_withdraw_requested)
        dialog.check_in_requested.connect(self._on_check_in_requested)
        dialog.open()

    def _on_booked(self, booking: Booking, slip: bool) -> None:
        printer = self._owner.printer if slip else None
        request = self._owner.request_of(f"book-{booking}")
        self._owner.act(appointments.book, booking, printer, request, then=partial(self._on_done, printer is not None))

    def _on_done(self, slip: bool, booked: Appointment) -> None:
        until = clock_words(booked.holds_until, self._owner.hall.rules.zone)
        advice = tr("请群众当天 %1 前到取号机扫码，或输入预约号取号。", until)
        NumberTold(tr("已预约"), number_words(booked.code), self._about(booked),
                   advice + (tr("预约单已送打印。") if slip else tr("请群众记下预约号。")), self._owner.view).open()

    def _on_withdraw_requested(self) -> None:
        hint = tr("输入群众的预约号后按回车，核对后再撤销。")
        self._ask_number(tr("撤销预约"), hint, self._on_found)

    def _on_check_in_requested(self) -> None:
        hint = tr("扫预约单的码，或输入预约号后按回车，核对后再取号。")
        self._ask_number(tr("预约群众到厅取号"), hint, self.came.emit)

    def _ask_number(self, title: str, hint: str, found: Callable[[FoundAppointment], None]) -> None:
        self._entry, self._then = NumberAsked(title, hint, self._owner.view), found
        self._entry.entered.connect(self._on_entered)
        self._entry.open()

    def _asking(self) -> NumberAsked | None:
        """The dialog in which a number is typed, while it stands there."""
        entry = self._entry
        return entry if entry is not None and isValid(entry) and entry.isVisible() else None

    def take(self, text: str) -> bool:
        """Whether a number is asked for: what is scanned then is its answer."""
        if (entry := self._asking()) is not None:
            entry.enter(text)
        return entry is not None

    def found(self) -> None:
        """The number that was typed is one: nothing more is asked."""
        if (entry := self._asking()) is not None:
            entry.accept()

    def _on_entered(self, text: str) -> None:
        scanned = understand(text)
        code = scanned if isinstance(scanned, AppointmentCode) else typed_appointment(text, self._owner.hall.today())
        if code is None:
            self._refuse(tr(REFUSALS[Refusal.UNKNOWN]))
        else:
            self._owner.fetch(appointments.find_appointment, code, then=self._on_answer, refused=self._on_refused)

    def _on_answer(self, found: FoundAppointment) -> None:
        if self._asking() is not None:  # else the clerk has left it meanwhile
            self._then(found)

    def _on_refused(self, error: Exception) -> None:
        self._refuse(sentence(error))

    def _refuse(self, words: str) -> None:
        """Told where the number was typed, if it was typed, and the next one may be typed there."""
        if (entry := self._asking()) is not None:
            entry.refuse(words)
        else:
            self._owner.tell(words, state="warning")

    def _on_found(self, found: FoundAppointment) -> None:
        booked = found.appointment
        if booked.state is not AppointmentState.BOOKED:
            why = Refusal.CAME if booked.state is AppointmentState.CAME else Refusal.WITHDRAWN
            self._refuse(tr(REFUSALS[why]))
            return
        self.found()
        self._asked = booked.code
        dialog = Confirm(tr("撤销预约 %1？", number_words(booked.code)), self._about(booked), tr("撤销这个预约"),
                         self._owner.view)
        dialog.confirmed.connect(self._on_confirmed)
        dialog.open()

    def _on_confirmed(self) -> None:
        self._owner.act(appointments.withdraw, self._asked, then=self._on_withdrawn)

    def _on_withdrawn(self, gone: Appointment) -> None:
        self._owner.tell(tr("预约 %1 已撤销，时段已空出。", number_words(gone.code)))

    def check_in(self, booked: Appointment) -> None:
        """It gets its number as at the kiosk; the slip, if this window has a printer, comes out here."""
        wish = Wish(appointment=booked.code, request=self._owner.request_of(f"check-in-{booked.code}"))
        self._owner.act(kiosk.issue, wish, self._owner.printer, then=self._on_checked_in)

    def _on_checked_in(self, issued: Issued) -> None:
        hall, number = self._owner.hall, issued.ticket.number
        about = (business_words(issued.ticket, hall.catalogue, hall.rules.zone), ahead_words(issued.ticket),
                 tr("来得早，按预约时间排队") if early(issued.ticket) else wait_words(issued.ticket))
        slip = tr("号码单已送打印，请群众在等候区等叫号。") if issued.job_id else tr("请群众记下号码，在等候区等叫号。")
        NumberTold(tr("已取号"), number, "　".join(about), slip, self._owner.view).open()

    def refusal(self, booked: Appointment) -> Refusal | None:
        """Why it gets no number here and now."""
        try:
            come(booked, 0, self._owner.hall.clock.now(), self._owner.hall.today())
        except AppointmentRefused as refused:
            return refused.why
        return None if self._owner.hall.catalogue.find_group(booked.group) else Refusal.NOT_OPEN

    def offer(self, booked: Appointment) -> tuple[str, str, str]:
        """Title, question and answer for one that may be checked in."""
        return tr("预约 %1 还没有取号", number_words(booked.code)), self._about(booked), tr("群众已到，现在取号")

    def tell(self, booked: Appointment, why: Refusal) -> None:
        """Why it is not checked in, and what the clerk can do."""
        words = tr("群众已经到厅取号。") if why is Refusal.CAME else tr(
            "%1，请群众取普通号或另约时间。", refused_words(why, booked, self._owner.hall.rules.zone))
        self._refuse(tr("预约 %1：%2", number_words(booked.code), words))

    def _about(self, booked: Appointment) -> str:
        hall = self._owner.hall
        group = hall.catalogue.find_group(booked.group)
        item = hall.catalogue.find_item(booked.item_code) if booked.item_code else None
        what = item.short if item else group.name if group else ""
        return f"{day_words(booked.day)} {slot_words(booked, hall.rules.zone)}　{what}"
