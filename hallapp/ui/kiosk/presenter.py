"""A visitor's way through the kiosk: business, item, materials, number, and back to the start."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from hallapp.domain.catalogue import Group, Item, Material
from hallapp.domain.errors import HallError, NotFound, StoreError
from hallapp.domain.events import By
from hallapp.domain.notice import Notice
from hallapp.services import kiosk
from hallapp.services.hall import Hall
from hallapp.services.kiosk import GroupWait, Hand, Issued, Wish
from hallapp.services.notices import find_notice
from hallapp.ui.feed import Feed
from hallapp.ui.kiosk.foot import Foot
from hallapp.ui.kiosk.lane_page import LanePage
from hallapp.ui.kiosk.pages import AwayPage, HomePage, ItemsPage, MaterialsPage, NumberPage
from hallapp.ui.kiosk.parts import Page, Scale
from hallapp.ui.kiosk.view import KioskWindow
from hallapp.ui.lights import Lights
from hallapp.ui.tasks import Tasks

NUMBER_MS, REFRESH_MS = 8000, 30000


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
        self._view, self._hall, self._by, self._tasks = view, hall, by, tasks
        self._printer, self._new_id, self._hand = printer, new_id, hand
        self._foot = Foot(view, lights, printer)
        self._waits: tuple[GroupWait, ...] = ()
        self._reading = self._stale = self._away = self._large = self._asking = False
        for signal, slot in (
            (view.home_requested, self.go_home), (view.back_requested, self._on_back_requested),
            (view.touched, self._on_touched), (view.scanned, self._on_scanned), (view.resized, self._on_resized),
            (feed.happened, self._on_happened), (feed.store_lost, self._on_store_lost),
            (feed.store_back, self._on_store_back), (lights.changed, self._on_lights_changed),
            (self.card_seen, self._on_card_seen), (self.card_unread, self._on_card_unread),
        ):
            signal.connect(slot)
        self._idle = QTimer(self, interval=hall.rules.kiosk_idle_seconds * 1000, singleShot=True)
        self._done = QTimer(self, interval=NUMBER_MS, singleShot=True)
        self._refresh, self._second = QTimer(self, interval=REFRESH_MS), QTimer(self, interval=1000)
        for timer, slot in ((self._idle, self.go_home), (self._done, self.go_home), (self._refresh, self._on_refresh),
                            (self._second, self._on_second)):
            timer.timeout.connect(slot)
        self._refresh.start()
        self._second.start()
        self._on_second()
        self.go_home()

    def go_home(self) -> None:
        """The start, in ordinary type, with a fresh wish: from here on a tap issues one number."""
        self._large = False
        self._start()

    def _start(self) -> None:
        self._asking, self._taken = False, ""
        self._group: Group | None = None
        self._item: Item | None = None
        self._notice: Notice | None = None
        self._request = self._new_id()
        self._idle.stop()
        self._done.stop()
        self._show(self._home, home=True)
        self._foot.show_devices()
        self._read()

    def _show(self, make: Callable[[Scale], Page], *, home: bool = False) -> None:
        self._make, self._at_home = make, home
        shown = AwayPage if self._away else self._lane if self._asking else make
        self._view.show_page(shown, large=self._large or self._asking, home=self._away or (home and not self._asking))

    def _lane(self, scale: Scale) -> LanePage:
        page = LanePage(scale, self._taken, chosen=self._group is not None)
        page.answered.connect(self._on_lane_answered)
        return page

    def _home(self, scale: Scale) -> HomePage:
        page = HomePage(scale, self._hall.catalogue.groups, card=self._foot.card_opens_lane())
        page.group_chosen.connect(self._on_group_chosen)
        page.priority_toggled.connect(self._on_priority_toggled)
        page.show_waits(self._waits)
        return page

    def _items(self, number: int, scale: Scale) -> ItemsPage:
        assert self._group is not None
        page = ItemsPage(scale, self._group, self._hall.catalogue.items_of(self._group), number)
        page.item_chosen.connect(self._on_item_chosen)
        page.direct_chosen.connect(self._on_take_requested)
        page.page_requested.connect(self._on_page_requested)
        return page

    def _materials(self, scale: Scale) -> MaterialsPage:
        assert self._item is not None
        page = MaterialsPage(scale, self._item, self.tr("这些材料您带了吗？"), self._item.materials, consult=True)
        page.take_requested.connect(self._on_take_requested)
        page.consult_requested.connect(self._on_consult_requested)
        return page

    def _returning(self, scale: Scale) -> MaterialsPage:
        assert self._item is not None
        assert self._notice is not None
        told = tuple(Material(line.name, original=line.original, copies=line.copies) for line in self._notice.missing)
        page = MaterialsPage(scale, self._item, self.tr("上次告知您补这些材料"), told, consult=False)
        page.take_requested.connect(self._on_take_requested)
        return page

    def _number(self, issued: Issued, scale: Scale) -> NumberPage:
        ticket = issued.ticket
        item = self._hall.catalogue.find_item(ticket.item_code) if ticket.item_code else None
        group = self._hall.catalogue.find_group(ticket.group)
        minutes = ticket.expected_minutes
        wait = (self.tr("窗口开放后按顺序叫号") if minutes is None else self.tr("请准备，马上叫号") if minutes == 0
                else self.tr("预计等候约 %1 分钟").replace("%1", str(minutes)))
        facts = {"ahead": self.tr("前面还有 %1 人").replace("%1", str(ticket.ahead)), "wait": wait}
        business = item.short if item else group.name if group else ""
        lane = self.tr("　优先") if ticket.priority else ""
        return NumberPage(scale, ticket.number, business + lane, facts, self._foot.slip_words())

    def _on_group_chosen(self, code: str) -> None:
        self._group = self._hall.catalogue.find_group(code)
        if self._group is None or not self._group.items:
            self._on_take_requested()
        else:
            self._on_page_requested(0)

    def _on_page_requested(self, number: int) -> None:
        self._show(partial(self._items, number))
        self._on_touched()

    def _on_item_chosen(self, code: str) -> None:
        self._item = self._hall.catalogue.find_item(code)
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

    def _on_take_requested(self) -> None:
        if self._group is not None:
            self._issue(self._group)

    def _on_consult_requested(self) -> None:
        """A number in the consultation group; the item stays known."""
        groups = self._hall.catalogue.groups
        self._issue(next((group for group in groups if not group.items), self._group or groups[0]))

    def _issue(self, group: Group) -> None:
        wish = Wish(group.code, self._item.code if self._item else None, self._large,
                    self._notice.id if self._notice else None, self._request)
        self._view.set_busy(True)
        work = partial(kiosk.issue, self._hall, self._by, wish, self._printer, self._hand)
        self._tasks.run(self, work, self._on_issued, {HallError: self._on_refused})

    def _on_issued(self, issued: Issued) -> None:
        self._group = self._item = self._notice = None  # from here every way leads to the start
        self._asking, self._taken = False, issued.ticket.number
        self._idle.stop()
        self._show(partial(self._number, issued))
        self._done.start()

    def _on_refused(self, _error: HallError) -> None:
        """Only a store in trouble refuses a number."""
        self._on_store_lost(_error)

    def _on_scanned(self, code: str) -> None:
        if self._away:
            return
        self._tasks.run(self, partial(find_notice, self._hall, code), self._on_notice_found,
                        {NotFound: self._on_notice_unknown, StoreError: self._on_refused})

    def _on_notice_found(self, notice: Notice) -> None:
        if self._taken:  # the next visitor's, while the last one's number is still to be seen
            self._start()
        groups = self._hall.catalogue.groups
        self._notice, self._item = notice, self._hall.catalogue.find_item(notice.item_code)
        self._group = next((group for group in groups if notice.item_code in group.items), groups[-1])
        if self._item is not None:
            self._show(self._returning)
            self._on_touched()

    def _on_notice_unknown(self, _error: NotFound) -> None:
        self._view.show_trouble(self.tr("没有找到这张告知单，请直接点选业务取号"))
        self._idle.start()  # the sentence goes away like a page

    def _on_card_seen(self, age: int) -> None:
        """Ask in place of the page, whichever it is; it comes back as it was."""
        if self._away:
            return
        if age < self._hall.rules.priority_age:
            self._foot.say(self.tr("谢谢，请继续取号"))
        elif self._large:
            self._foot.say(self.tr("您已在优先通道，请继续取号"))
        else:
            self._asking = True
            self._done.stop()
            self._show(self._make, home=self._at_home)
            self._on_touched()

    def _on_card_unread(self) -> None:
        if not self._away:
            self._foot.say(self.tr("身份证没有读出来，请拿起来再放一次"))

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
        if not self._at_home or self._large or self._asking:
            self._idle.start()

    def _on_refresh(self) -> None:
        """A store that refused a number may be back without the feed ever having missed it."""
        if not self._away:
            self._read()
            return
        self._tasks.run(self, partial(kiosk.group_waits, self._hall), self._on_found, {StoreError: self._on_unread})

    def _on_found(self, _waits: object) -> None:
        self._on_store_back()

    def _read(self) -> None:
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        self._tasks.run(self, partial(kiosk.group_waits, self._hall), self._on_waits, {StoreError: self._on_unread})

    def _on_waits(self, waits: tuple[GroupWait, ...]) -> None:
        self._reading, self._waits = False, waits
        if isinstance(self._view.page, HomePage):
            self._view.page.show_waits(waits)
        if self._stale:
            self._read()

    def _on_unread(self, _error: StoreError) -> None:
        self._reading = False

    def _on_happened(self, _events: object) -> None:
        self._read()

    def _on_second(self) -> None:
        self._view.show_time(self._hall.clock.now().astimezone(self._hall.rules.zone))

    def _on_resized(self) -> None:
        self._show(self._make, home=self._at_home)

    def _on_store_lost(self, _error: object) -> None:
        self._away = True
        self._show(self._home, home=True)

    def _on_store_back(self) -> None:
        self._away = self._reading = False
        self.go_home()

    def _on_lights_changed(self, _lights: object) -> None:
        page = self._view.page
        if isinstance(page, HomePage):
            page.show_card_entrance(self._foot.card_opens_lane())
        if isinstance(page, NumberPage):
            page.findChild(QObject, "slip").setText(self._foot.slip_words())
