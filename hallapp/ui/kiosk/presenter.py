"""A visitor's way through the kiosk: business, item, materials, number, and back to the start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from hallapp.domain.catalogue import Group, Item
from hallapp.domain.codes import AppointmentCode
from hallapp.domain.errors import StoreAway, StoreError
from hallapp.domain.events import By
from hallapp.domain.notice import Notice
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.services.kiosk import Hand, Issued, Wish
from hallapp.ui.feed import Feed
from hallapp.ui.kiosk.appointments import KioskAppointments
from hallapp.ui.kiosk.countdown import Countdown
from hallapp.ui.kiosk.foot import Foot
from hallapp.ui.kiosk.lane_page import LanePage
from hallapp.ui.kiosk.materials_page import MaterialsPage
from hallapp.ui.kiosk.pages import AwayPage, HomePage, ItemsPage, NumberPage, ToldPage
from hallapp.ui.kiosk.parts import Page, Scale
from hallapp.ui.kiosk.scans import KioskScans
from hallapp.ui.kiosk.told import Told, told_number
from hallapp.ui.kiosk.unanswered import Unanswered
from hallapp.ui.kiosk.view import KioskWindow
from hallapp.ui.kiosk.waits import Waits
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

NUMBER_MS, REFRESH_MS, AGAIN_MS = 15000, 30000, 1000


class KioskPresenter(QObject):
    """Where the visitor is, as ``_group`` and ``_item``; every page can be built again from them.

    Signals, for the ID-card reader to emit from its own thread:
        card_seen: Somebody of that age laid a card.
        card_unread: The card has to be laid again.
    """

    card_seen, card_unread = Signal(int), Signal()

    def __init__(
        self, view: KioskWindow, hall: Hall, by: By, tasks: Tasks, feed: Feed, lights: Lights, printer: str | None,
        new_id: Callable[[], str], hand: Hand | None = None,
    ) -> None:
        super().__init__(view)
        self._view, self.hall, self.tasks, self._new_id = view, hall, tasks, new_id
        self.foot = Foot(view, lights, printer)
        self._waits = Waits(hall, tasks, self)
        self._appointments = KioskAppointments(self, view)
        self.away = self._large = self._asking = False
        issue = partial(kiosk.issue, hall, by, printer=printer, hand=hand)
        self._unanswered = Unanswered(hall, tasks, issue, lambda: self._at_home, self._on_issued, self.on_store_lost,
                                      self)
        for signal, slot in (
            (view.home_requested, self.go_home), (view.back_requested, self._on_back_requested),
            (view.touched, self._on_touched), (view.resized, self._on_resized), (feed.happened, self._read),
            (feed.store_lost, self.on_store_lost), (feed.store_back, self._on_store_back),
            (lights.changed, self._on_lights_changed), (self.card_seen, self._on_card_seen),
            (self.card_unread, self._on_card_unread), (self._waits.changed, self._on_waits_changed),
        ):
            signal.connect(slot)
        KioskScans(self, view)
        self._idle = QTimer(self, interval=hall.rules.kiosk_idle_seconds * 1000, singleShot=True)
        self._done = QTimer(self, interval=NUMBER_MS, singleShot=True)
        self._refresh = QTimer(self, interval=REFRESH_MS)
        for timer, slot in ((self._idle, self.go_home), (self._done, self.go_home), (self._refresh, self._on_refresh)):
            timer.timeout.connect(slot)
        Countdown(view, hall, self._idle, self._done)
        self._on_store_back()

    def go_home(self) -> None:
        """The start, in ordinary type, with a fresh wish: from here on a tap issues one number."""
        self._large = False
        self._start()

    def _start(self) -> None:
        self._forget()
        self._show(self._home, home=True)
        self.foot.show_devices()
        self._read()

    def _forget(self) -> None:
        self._asking, self._taken = False, ""
        self._group: Group | None = None
        self._item: Item | None = None
        self._notice: Notice | None = None
        self._request = self._new_id()  # whoever comes now is a new visitor with a wish of their own
        self._idle.stop()
        self._done.stop()

    def _show(self, make: Callable[[Scale], Page], *, home: bool = False) -> None:
        self._make, self._at_home = make, home
        shown = AwayPage if self.away else self._lane if self._asking else make
        self._view.show_page(shown, large=self._large or self._asking, home=self.away or (home and not self._asking))

    def _lane(self, scale: Scale) -> LanePage:
        page = LanePage(scale, self._taken, chosen=self._group is not None)
        page.answered.connect(self._on_lane_answered)
        return page

    def _home(self, scale: Scale) -> HomePage:
        page = HomePage(scale, self.hall.catalogue.groups, hours=self.hall.info.hours, card=self.foot.card_opens_lane(),
                        appointments=self.hall.appointment_times is not None)
        page.group_chosen.connect(self._on_group_chosen)
        page.priority_toggled.connect(self._on_priority_toggled)
        page.appointment_requested.connect(self._appointments.show_pad)
        page.show_waits(self._waits.current)
        return page

    def _items(self, number: int, scale: Scale) -> ItemsPage:
        assert self._group is not None
        page = ItemsPage(scale, self._group, self.hall.catalogue.items_of(self._group), number)
        page.item_chosen.connect(self._on_item_chosen)
        page.direct_chosen.connect(self.take)
        page.page_requested.connect(self._on_page_requested)
        return page

    def _materials(self, scale: Scale) -> MaterialsPage:
        assert self._item is not None
        page = MaterialsPage(scale, self._item)
        page.take_requested.connect(self.take)
        page.consult_requested.connect(self._on_consult_requested)
        return page

    def _number(self, issued: Issued, scale: Scale) -> NumberPage:
        page = NumberPage(scale, issued.ticket.number, told_number(issued.ticket, self.hall.catalogue, self.hall.rules))
        page.show_slip(*self.foot.slip_words())
        return page

    def _on_group_chosen(self, code: str) -> None:
        self._group = self.hall.catalogue.find_group(code)
        if self._group is None or not self._group.items:
            self.take()
        else:
            self._on_page_requested(0)

    def _on_page_requested(self, number: int) -> None:
        self._show(partial(self._items, number))
        self._on_touched()

    def _on_item_chosen(self, code: str) -> None:
        self._item = self.hall.catalogue.find_item(code)
        self._show(self._materials)
        self._on_touched()

    def _on_priority_toggled(self, large: bool) -> None:
        self._large = large
        self._start()
        self._on_touched()

    def _on_back_requested(self) -> None:
        self._on_touched()
        if self._asking:
            self._on_lane_answered(False)
        elif self._item is not None and self._notice is None and self._group is not None:
            self._item = None
            self._on_page_requested(0)
        else:
            self._start()

    def take(self) -> None:
        """A number for what was chosen."""
        if self._group is not None:
            self._issue(self._group)

    def _on_consult_requested(self) -> None:
        """A number in the consultation group; the item stays known."""
        groups = self.hall.catalogue.groups
        self._issue(next((group for group in groups if not group.items), self._group or groups[0]))

    def _issue(self, group: Group) -> None:
        self._view.set_busy(True)
        self._unanswered.send(Wish(group.code, self._item.code if self._item else None, self._large,
                                   self._notice.id if self._notice else None, self._request))

    def check_in(self, code: AppointmentCode) -> None:
        """A visitor with an appointment, on whichever page."""
        self._forget()
        self._view.set_busy(True)
        self._unanswered.send(Wish(priority=self._large, request=self._request, appointment=code),
                              self._appointments.show_refused)

    def _on_issued(self, issued: Issued) -> None:
        if self.away:  # an answer that comes too late is asked for again when the store is back
            return
        self._group = self._item = self._notice = self._unanswered.wish = None  # from here every way leads to the start
        self._asking, self._taken = False, issued.ticket.number
        self._idle.stop()
        self._show(partial(self._number, issued))
        self.foot.show_devices()
        self._done.start(NUMBER_MS * (1 + self.foot.slip_words()[1]))  # without a slip it must be learnt by heart

    def lead_to(self, make: Callable[[Scale], Page]) -> None:
        """A page on a visitor's way; nothing is chosen there yet."""
        self._forget()
        self._show(make)
        self._on_touched()

    def offer_number(
        self, group: Group, item: Item | None, make: Callable[[Scale], Page], notice: Notice | None = None
    ) -> None:
        """A page from which a number for that business can be taken, by a visitor with that notice if there is one."""
        self.lead_to(make)
        self._group, self._item, self._notice = group, item, notice

    def tell(self, told: Told) -> None:
        """For as long as a number is shown; from here every way leads to the start."""
        self._forget()
        self._show(partial(ToldPage, told=told))
        self._done.start(NUMBER_MS)

    def _on_card_seen(self, age: int) -> None:
        """Ask in place of the page, whichever it is; it comes back as it was."""
        if self.away:
            return
        if age < self.hall.rules.priority_age:
            self.foot.say(self.tr("谢谢，请继续取号"))
        elif self._large:
            self.foot.say(self.tr("您已在优先通道，请继续取号"))
        else:
            self._asking = True
            self._done.stop()
            self._show(self._make, home=self._at_home)
            self._on_touched()

    def _on_card_unread(self) -> None:
        if not self.away:
            self.foot.say(self.tr("身份证没有读出来，请拿起来再放一次"))

    def _on_lane_answered(self, enter: bool) -> None:
        self._asking = False
        if enter and self._taken:
            self._on_priority_toggled(True)
            return
        self._large = enter
        self._idle.stop()
        self._show(self._make, home=self._at_home)
        if self._taken:
            self._done.start()
        else:
            self._on_touched()

    def _on_touched(self) -> None:
        if self._done.isActive():
            self._done.start()
        elif not self._at_home or self._large or self._asking:
            self._idle.start()

    def _on_refresh(self) -> None:
        """A store that refused a number may be back without the feed ever having missed it."""
        if not self.away:
            self._read()
        elif not self.tasks.busy:
            self.tasks.run(self, partial(kiosk.group_waits, self.hall), self._on_store_back,
                           {StoreError: self._on_unread})

    def _read(self, _events: object = None) -> None:
        self._waits.read(self._large)

    def _on_waits_changed(self) -> None:
        if isinstance(self._view.page, HomePage):
            self._view.page.show_waits(self._waits.current)

    def _on_unread(self, _error: StoreError) -> None:
        """It is asked again with the next refresh."""

    def _on_resized(self) -> None:
        self._show(self._make, home=self._at_home)

    def on_store_lost(self, error: Exception) -> None:
        self.away = True
        self._refresh.start(AGAIN_MS if isinstance(error, StoreAway) else REFRESH_MS)  # a full disk can still be read
        if isinstance(self._view.page, NumberPage):  # it is valid, and whoever took it is still learning it
            self.foot.say(self.tr("暂停取号，屏幕上的号码有效"))
        else:
            self._show(self._home, home=True)

    def _on_store_back(self, _waits: object = None) -> None:
        """Whoever was told to wait may have a number since: its commit went through, only the answer was lost."""
        self.away = False
        self._waits.start_anew()
        self._refresh.start(REFRESH_MS)
        if not isinstance(self._view.page, NumberPage):
            self.go_home()
        self._unanswered.ask()

    def _on_lights_changed(self, _lights: object) -> None:
        page = self._view.page
        if isinstance(page, HomePage):
            page.show_card_entrance(self.foot.card_opens_lane())
        if isinstance(page, NumberPage):
            page.show_slip(*self.foot.slip_words())
