"""What the kiosk does with what its scanner read. Nothing of it is kept but a notice's number."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from hallapp.domain.catalogue import Item
from hallapp.domain.codes import AppointmentCode, CredentialShown, NoticeCode, TicketCode, understand
from hallapp.domain.errors import NotFound, NotToday, StoreError
from hallapp.domain.notice import Notice
from hallapp.services.notices import find_notice
from hallapp.services.standing import Standing, standing
from hallapp.ui.kiosk.materials_page import MaterialsPage
from hallapp.ui.kiosk.parts import Scale
from hallapp.ui.kiosk.told import told_credential, told_other_day, told_standing
from hallapp.ui.kiosk.view import KioskWindow

if TYPE_CHECKING:
    from hallapp.ui.kiosk.presenter import KioskPresenter


class KioskScans(QObject):
    """A notice brings its visitor on the way to a number; a slip is told where it stands; an
    appointment gets its number."""

    def __init__(self, owner: KioskPresenter, view: KioskWindow) -> None:
        super().__init__(owner)
        self._owner, self._view = owner, view
        view.scanned.connect(self._on_scanned)

    def _on_scanned(self, text: str) -> None:
        owner, code = self._owner, understand(text)
        if owner.away or self._view.busy:  # a number is just being issued
            return
        owner.foot.show_devices()  # what was said of the scan before is not said of this one
        if isinstance(code, NoticeCode):
            owner.tasks.run(owner, partial(find_notice, owner.hall, code.number), self._on_notice,
                            {NotFound: self._on_notice_unknown, StoreError: owner.on_store_lost})
        elif isinstance(code, TicketCode):
            owner.tasks.run(owner, partial(standing, owner.hall, code), self._on_standing,
                            {NotToday: self._on_other_day, NotFound: self._on_number_unknown,
                             StoreError: owner.on_store_lost})
        elif isinstance(code, AppointmentCode):
            owner.check_in(code)
        elif isinstance(code, CredentialShown):
            owner.tell(told_credential())
        else:
            owner.foot.say(self.tr("这里只认本厅的号码单、告知单和预约单，请直接点选业务取号")
                           if owner.hall.appointment_times else
                           self.tr("这里只认本厅的号码单和告知单，请直接点选业务取号"))

    def _on_notice(self, notice: Notice) -> None:
        """What was missing, and a number that belongs to it."""
        groups, item = self._owner.hall.catalogue.groups, self._owner.hall.catalogue.find_item(notice.item_code)
        if item is None:
            self._owner.foot.say(self.tr("本厅已不办这张告知单上的事项，请咨询工作人员"))
            return
        group = next((group for group in groups if notice.item_code in group.items), groups[-1])
        self._owner.offer_number(group, item, partial(self._returning, notice, item), notice)

    def _returning(self, notice: Notice, item: Item, scale: Scale) -> MaterialsPage:
        page = MaterialsPage(scale, item, notice)
        page.take_requested.connect(self._owner.take)
        return page

    def _on_standing(self, found: Standing) -> None:
        self._owner.tell(told_standing(found, self._owner.hall.rules))

    def _on_other_day(self, error: NotToday) -> None:
        self._owner.tell(told_other_day(error))

    def _on_number_unknown(self, _error: NotFound) -> None:
        self._owner.foot.say(self.tr("没有找到这个号码，请直接点选业务取号"))

    def _on_notice_unknown(self, _error: NotFound) -> None:
        self._owner.foot.say(self.tr("没有找到这张告知单，请直接点选业务取号"))
