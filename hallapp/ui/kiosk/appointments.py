"""The kiosk's way in for whoever has an appointment: by its code, or by its number on a pad of digits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from hallapp.domain.appointment import Appointment, AppointmentRefused, Refusal
from hallapp.domain.catalogue import Group
from hallapp.domain.codes import typed_appointment
from hallapp.domain.errors import HallError, StoreError
from hallapp.services.standing import Standing, ticket_standing
from hallapp.ui.kiosk.pad_page import LatePage, PadPage
from hallapp.ui.kiosk.parts import Scale
from hallapp.ui.kiosk.told import Told, told_late, told_refused, told_standing
from hallapp.ui.kiosk.view import KioskWindow

if TYPE_CHECKING:
    from hallapp.ui.kiosk.presenter import KioskPresenter


class KioskAppointments(QObject):
    """What was typed is kept while the page is built anew, and forgotten with the next visitor."""

    def __init__(self, owner: KioskPresenter, view: KioskWindow) -> None:
        super().__init__(owner)
        self._owner, self._view = owner, view
        self._typed = ""

    def show_pad(self) -> None:
        self._typed = ""
        self._owner.lead_to(self._pad)

    def _pad(self, scale: Scale) -> PadPage:
        page = PadPage(scale, self._typed)
        page.typed_on.connect(self._on_typed)
        page.entered.connect(self._on_entered)
        return page

    def _on_typed(self, digits: str) -> None:
        self._typed = digits

    def _on_entered(self, digits: str) -> None:
        code = typed_appointment(digits, self._owner.hall.today())
        if code is None:
            self._owner.foot.say(self.tr("这个号码不对，请核对后重新输入"))
        else:
            self._owner.check_in(code)

    def show_refused(self, error: HallError) -> None:
        """Why there is no ticket for it, and what to do; whoever came before is shown the ticket again."""
        owner, rules = self._owner, self._owner.hall.rules
        self._view.set_busy(False)
        if not isinstance(error, AppointmentRefused):  # the hall has that business no more
            owner.tell(told_refused(Refusal.NOT_OPEN, None, rules))
        elif error.why is Refusal.UNKNOWN and isinstance(self._view.page, PadPage):
            owner.foot.say(self.tr("没有这个预约号，请核对后重新输入，或请工作人员帮忙"))
        elif error.why is Refusal.CAME and error.appointment and error.appointment.ticket_id:
            owner.tasks.run(owner, partial(ticket_standing, owner.hall, error.appointment.ticket_id),
                            self._on_standing, {StoreError: owner.on_store_lost})
        elif error.why is Refusal.LATE and error.appointment and (group := self._group(error.appointment)):
            item = error.appointment.item_code and owner.hall.catalogue.find_item(error.appointment.item_code)
            owner.offer_number(group, item or None, partial(self._late, told_late(error.appointment, rules)))
        else:
            owner.tell(told_refused(error.why, error.appointment, rules))

    def _group(self, booked: Appointment) -> Group | None:
        return self._owner.hall.catalogue.find_group(booked.group)

    def _late(self, told: Told, scale: Scale) -> LatePage:
        page = LatePage(scale, told)
        page.take_requested.connect(self._owner.take)
        return page

    def _on_standing(self, found: Standing) -> None:
        self._owner.tell(told_standing(found, self._owner.hall.rules))
