"""The clerk's wishes about appointments, turned into service calls; and what a scanned one is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from hallapp.domain.appointment import Appointment, AppointmentState, Refusal
from hallapp.domain.codes import AppointmentCode, typed_appointment, understand
from hallapp.services import appointments
from hallapp.services.appointments import Book, Booking, FoundAppointment
from hallapp.ui.appointment_words import REFUSALS, clock_words, day_words, number_words, slot_words
from hallapp.ui.counter.dialogs.book_time import BookChoice
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.dialogs.told_number import NumberAsked, NumberTold
from hallapp.ui.words import tr

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter


class AppointmentActions(QObject):
    """Booked and withdrawn here; checked in at the kiosk only."""

    def __init__(self, owner: CounterPresenter) -> None:
        super().__init__(owner)
        self._owner = owner
        self._asked: AppointmentCode | None = None  # to be withdrawn, once the clerk says yes
        owner.view.queue.book_requested.connect(self._on_book_requested)

    def _on_book_requested(self) -> None:
        self._owner.fetch(appointments.book_of, then=self._on_book)

    def _on_book(self, book: Book) -> None:
        hall = self._owner.hall
        dialog = BookChoice(book, hall.catalogue, hall.rules.zone, self._owner.view)
        dialog.booked.connect(self._on_booked)
        dialog.withdraw_requested.connect(self._on_withdraw_requested)
        dialog.open()

    def _on_booked(self, booking: Booking, slip: bool) -> None:
        printer = self._owner.printer if slip else None
        request = self._owner.request_of(f"book-{booking}")
        self._owner.act(appointments.book, booking, printer, request, then=partial(self._on_done, printer is not None))

    def _on_done(self, slip: bool, booked: Appointment) -> None:
        until = clock_words(booked.holds_until, self._owner.hall.rules.zone)
        advice = tr("请群众当天 %1 前到取号机扫码，或输入预约号取号。", until)
        NumberTold(number_words(booked.code), self._about(booked),
                   advice + (tr("预约单已送打印。") if slip else tr("请群众记下预约号。")), self._owner.view).open()

    def _on_withdraw_requested(self) -> None:
        dialog = NumberAsked(self._owner.view)
        dialog.entered.connect(self._on_number_entered)
        dialog.open()

    def _on_number_entered(self, text: str) -> None:
        scanned = understand(text)
        code = scanned if isinstance(scanned, AppointmentCode) else typed_appointment(text, self._owner.hall.today())
        if code is None:
            self._owner.tell(tr(REFUSALS[Refusal.UNKNOWN]), state="warning")
        else:
            self._owner.fetch(appointments.find_appointment, code, then=self._on_found)

    def _on_found(self, found: FoundAppointment) -> None:
        booked = found.appointment
        if booked.state is not AppointmentState.BOOKED:
            self._owner.tell(self._standing(booked), state="warning")
            return
        self._asked = booked.code
        dialog = Confirm(tr("撤销预约 %1？", number_words(booked.code)), self._about(booked), tr("撤销这个预约"),
                         self._owner.view)
        dialog.confirmed.connect(self._on_confirmed)
        dialog.open()

    def _on_confirmed(self) -> None:
        self._owner.act(appointments.withdraw, self._asked, then=self._on_withdrawn)

    def _on_withdrawn(self, gone: Appointment) -> None:
        self._owner.tell(tr("预约 %1 已撤销，时段已空出。", number_words(gone.code)))

    def tell(self, booked: Appointment) -> None:
        """What a scanned one is that has no ticket."""
        self._owner.tell(self._standing(booked))

    def _standing(self, booked: Appointment) -> str:
        hall, number = self._owner.hall, number_words(booked.code)
        if booked.state is AppointmentState.WITHDRAWN:
            return tr("预约 %1 已经撤销。", number)
        if booked.state is AppointmentState.CAME:
            return tr("预约 %1 的群众已经到厅取号。", number)
        if booked.day == hall.today() and hall.clock.now() > booked.holds_until:
            return tr("预约 %1（%2）时间已过，请群众取普通号。", number, self._about(booked))
        if booked.day != hall.today():
            return tr("预约 %1 是 %2 的，不是今天的。", number, self._about(booked))
        return tr("预约 %1（%2）还没有取号，请群众到取号机扫码。", number, self._about(booked))

    def _about(self, booked: Appointment) -> str:
        hall = self._owner.hall
        group = hall.catalogue.find_group(booked.group)
        item = hall.catalogue.find_item(booked.item_code) if booked.item_code else None
        what = item.short if item else group.name if group else ""
        return f"{day_words(booked.day)} {slot_words(booked, hall.rules.zone)}　{what}"
