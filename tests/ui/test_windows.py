"""No page of the kiosk, no dialog and no sign-in cuts its words; whatever is touched is large enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QWidget,
)

from hallapp.domain.appointment import Appointment, AppointmentState, Slot
from hallapp.domain.catalogue import Item
from hallapp.domain.rules import Window
from hallapp.services.appointments import Book, OpenSlot
from hallapp.services.kiosk import GroupWait
from hallapp.ui.counter.dialogs.book_time import BookChoice
from hallapp.ui.counter.dialogs.change_password import PasswordChange
from hallapp.ui.counter.dialogs.choose_hold import HoldChoice
from hallapp.ui.counter.dialogs.choose_reason import ReasonChoice
from hallapp.ui.counter.dialogs.choose_transfer import TransferChoice
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.dialogs.find_ticket import TicketChoice
from hallapp.ui.counter.dialogs.told_number import NumberAsked, NumberTold
from hallapp.ui.counter.help import HelpDialog
from hallapp.ui.counter.notice_dialog import NoticeDialog
from hallapp.ui.counter.sign_in import SignInPage
from hallapp.ui.failure import FailureWindow
from hallapp.ui.kiosk.lane_page import LanePage
from hallapp.ui.kiosk.materials_page import MaterialsPage
from hallapp.ui.kiosk.pad_page import LatePage, PadPage
from hallapp.ui.kiosk.pages import CHOICES, AwayPage, HomePage, ItemsPage, NumberPage, ToldPage
from hallapp.ui.kiosk.parts import SMALLEST_TARGET
from hallapp.ui.kiosk.told import Told
from hallapp.ui.kiosk.view import KioskWindow
from hallapp.ui.screens import start_qt
from hallapp.ui.widgets.balanced import PAUSES, Balanced, line_ends
from hallapp.ui.widgets.parts import KeyButton
from hallapp.ui.words import unprintable
from tests.ui.contrast import faint

SIZES = [(1920, 1080), (1536, 864), (1366, 768), (1280, 720), (1093, 614), (1080, 1920), (768, 1366)]
SMALLEST_SCREEN = (1093, 614)


def settle():
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()


def scrolled(widget: QWidget) -> bool:
    """Whether it lies in something that scrolls: to be seen whole after a swipe."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None


def cut(window: QWidget) -> list[str]:
    """The texts that cannot be read whole."""
    found = []
    for each in window.findChildren(QLabel):
        if not each.isVisible() or not each.text():
            continue
        if each.wordWrap():
            fits = each.heightForWidth(each.width()) <= each.height()
        else:
            fits = each.sizeHint().width() <= each.width() and each.sizeHint().height() <= each.height()
        within = scrolled(each) or each.visibleRegion().boundingRect() == each.rect()
        if not fits or not within:
            found.append(each.text())
    for each in window.findChildren(QAbstractButton):
        if each.isVisible() and each.text() and each.sizeHint().width() > each.width():
            found.append(each.text())
    return found


def left_over(window: QWidget) -> list[str]:
    """The texts of which a single sign stands alone on the last line."""
    found = []
    for each in window.findChildren(Balanced):
        text, ends = each.text(), line_ends(each.text(), each.font(), each.contentsRect().width())
        if each.isVisible() and len(ends) > 1 and len(text[ends[-2]:].strip(PAUSES + " ")) < 2:
            found.append(text)
    return found


def too_small(window: QWidget) -> list[str]:
    return [each.objectName() for each in window.findChildren(QPushButton)
            if each.isVisible() and min(each.width(), each.height()) < SMALLEST_TARGET]


def crowded(window: QWidget) -> list[str]:
    """Buttons less than a finger's slip apart."""
    placed = [(each.objectName(), QRect(each.mapTo(window, QPoint(0, 0)), each.size()))
              for each in window.findChildren(QPushButton) if each.isVisible()]
    return [f"{a} {b}" for (a, one), (b, other) in combinations(placed, 2)
            if one.adjusted(-4, -4, 4, 4).intersects(other.adjusted(-4, -4, 4, 4))]


def overlapping(window: QWidget) -> list[str]:
    """Parts that lie over each other, where a layout had too little room."""
    parts = [each for kind in (QLabel, QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)
             for each in window.findChildren(kind) if each.isVisible()]
    return [f"{one.metaObject().className()} {one.objectName()} / {other.metaObject().className()} {other.objectName()}"
            for one, other in combinations(parts, 2)
            if one.parent() is other.parent() and one.geometry().intersects(other.geometry())]


def home(_item, catalogue):
    def make(scale):
        page = HomePage(scale, catalogue.groups, card=True)
        page.show_waits([GroupWait(group.code, 12, 125) for group in catalogue.groups])
        return page
    return make


def many(_item, catalogue):
    """More businesses than a page has places, with names of a hall's own."""
    names = ("职工医疗保险参保登记与变更", "城乡居民基本医疗保险", "医疗费用手工报销与结算", "慢特病与照护保险")
    groups = [replace(catalogue.groups[place % 6], code=f"g{place}", name=names[place % 4]) for place in range(8)]

    def make(scale):
        page = HomePage(scale, groups)
        page.show_waits([GroupWait(group.code, 12, 125) for group in groups])
        return page
    return make


def home_with_appointments(_item, catalogue):
    def make(scale):
        page = HomePage(scale, catalogue.groups, card=True, appointments=True)
        page.show_waits([GroupWait(group.code, 12, 125) for group in catalogue.groups])
        return page
    return make


def closed(_item, catalogue):
    def make(scale):
        page = HomePage(scale, catalogue.groups, hours="周一至周五 上午 8:30—11:30，下午 13:30—17:00")
        page.show_waits([GroupWait(group.code, 0, None) for group in catalogue.groups])
        return page
    return make


def pad(_item, _catalogue):
    return lambda scale: PadPage(scale, "112550112")


def too_late(_item, _catalogue):
    return lambda scale: LatePage(scale, Told(
        "", "预约的时间已经过了", "您的预约保留到 10:10。可以现在取普通号，或到窗口另约时间。"))


def longest_items(_item, catalogue):
    group = max(catalogue.groups, key=lambda each: sum(len(item.short) for item in catalogue.items_of(each)))
    return lambda scale: ItemsPage(scale, group, catalogue.items_of(group), 0)


def materials(item: Item, _catalogue):
    return lambda scale: MaterialsPage(scale, item)


def number(item: Item, _catalogue):
    facts = {"business": item.short + "　优先　预约 09:30", "ahead": "前面还有 125 人",
             "wait": "您来得早，按预约的 09:30 排队"}

    def make(scale):
        page = NumberPage(scale, "L125", facts)
        page.show_slip("打印机不能出票，屏幕上的号码有效，请记住。已通知工作人员。", True)
        return page
    return make


def told(_item, _catalogue):
    return lambda scale: ToldPage(scale, Told(
        "L125", "已过号，请到窗口", "请在 15:30 前告诉任一窗口的工作人员，可恢复排队，将排在第 125 位。"))


def away(_item, _catalogue):
    return AwayPage


def lane(_item, _catalogue):
    return lambda scale: LanePage(scale, "C125", chosen=False)


def lane_chosen(_item, _catalogue):
    return lambda scale: LanePage(scale, "", chosen=True)


HOMES = (home, home_with_appointments, many, closed)
PAGES = [*HOMES, longest_items, materials, number, told, away, lane, lane_chosen, pad, too_late]


@pytest.fixture
def kiosk(themed, hall):
    window = KioskWindow(hall.info.name)
    yield window
    window.allow_close()
    window.close()


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_no_kiosk_page_cuts_words_or_has_small_buttons(kiosk, catalogue, size, page, large):
    item = max(catalogue.items, key=lambda each: max((len(one.name) for one in each.materials), default=0))
    kiosk.resize(*size)
    kiosk.show()
    kiosk.show_page(page(item, catalogue), large=large, home=page in HOMES)
    kiosk.show_trouble("打印机缺纸，屏幕上的号码有效，请记住。已通知工作人员。")
    for seconds in (0, 15):
        kiosk.show_left(seconds)
        settle()
        assert (kiosk.width(), kiosk.height()) == size
        assert cut(kiosk) == []
        assert left_over(kiosk) == []
        assert too_small(kiosk) == []
        assert crowded(kiosk) == []


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_every_word_at_the_kiosk_stands_out_seven_to_one(kiosk, catalogue, page, large):
    item = max(catalogue.items, key=lambda each: len(each.conditions))
    kiosk.resize(1366, 768)
    kiosk.show()
    kiosk.show_page(page(item, catalogue), large=large, home=page in HOMES)
    for trouble in ("", "打印机缺纸，屏幕上的号码有效，请记住。已通知工作人员。"):
        kiosk.show_trouble(trouble)
        assert faint(kiosk, 7.0) == []
    if page is number:
        kiosk.page.show_slip("请取走号码单，等候叫号", False)
        assert faint(kiosk, 7.0) == []


def test_the_task_bar_shows_the_programs_own_icon(qapp):
    assert start_qt() is qapp
    assert QWidget().windowIcon().pixmap(256, 256).toImage().pixelColor(30, 128).name() == "#0b4f8a"


def test_every_business_and_item_fits_the_tightest_screen(kiosk, catalogue):
    kiosk.resize(1280, 720)
    kiosk.show()
    pages = [lambda scale, group=group, page=page: ItemsPage(scale, group, catalogue.items_of(group), page)
             for group in catalogue.groups for page in range(-(-len(group.items) // CHOICES))]
    pages += [materials(item, catalogue) for item in catalogue.items]
    for make in pages:
        kiosk.show_page(make, large=True, home=False)
        settle()
        assert cut(kiosk) == []
        assert too_small(kiosk) == []
        assert crowded(kiosk) == []


def full_book(catalogue):
    """Two days of slots, and a day of appointments."""
    start, group = datetime(2026, 11, 25, 1, tzinfo=UTC), max(catalogue.groups, key=lambda each: len(each.name))
    slots = [Slot(start + timedelta(minutes=30 * turn), start + timedelta(minutes=30 + 30 * turn)) for turn in range(9)]
    made = [Appointment(turn, date(2026, 11, 25), 500 + turn, 1, slot.starts_at, slot.ends_at, slot.ends_at, group.code,
                        None, start, list(AppointmentState)[turn % 3]) for turn, slot in enumerate(slots, 1)]
    return Book(tuple(OpenSlot(date(2026, 11, 25 + day), slot, 12) for day in (0, 1) for slot in slots), tuple(made))


def refused_password():
    dialog = PasswordChange()
    dialog.show_problem("原密码不对，请重新输入。忘记密码请管理员重设。", old=True)
    return dialog


@pytest.fixture
def dialogs(catalogue, windows):
    """Every question of the counter, at its fullest."""
    named = [replace(windows[0], number=number, label="异地就医备案窗口") for number in range(2, 7)]
    most = max(catalogue.items, key=lambda each: len(each.conditions))
    longest = max(catalogue.items, key=lambda each: max(map(len, each.conditions), default=0))
    usual = ("忘记按办理完成", "停电或死机", "群众离开未返回", "设备检修")
    return {
        "hold": lambda: HoldChoice(), "help": lambda: HelpDialog(),
        "find": lambda: TicketChoice((), (), {}, {}, 1),
        "transfer": lambda: TransferChoice(catalogue.groups, named, range(3, 7)),
        "reason": lambda: ReasonChoice("结束遗忘的接待（计件，不计时长）", usual),
        "book": lambda: BookChoice(full_book(catalogue), catalogue, ZoneInfo("Asia/Shanghai")),
        "no-book": lambda: BookChoice(Book((), ()), catalogue, ZoneInfo("Asia/Shanghai")),
        "told": lambda: NumberTold(
            "已预约", "1125 5012", "11月25日 星期三 09:30—10:00　慢特病与照护保险", "请群众记下预约号。"),
        "checked-in": lambda: NumberTold(
            "已取号", "A012", "基本医疗保险参保和变更登记　预约 09:30　前面还有 12 人　来得早，按预约时间排队",
            "号码单已送打印，请群众在等候区等叫号。"),
        "password": refused_password,
        "asked": lambda: NumberAsked("预约群众到厅取号", "扫预约单的码，或输入预约号后按回车，核对后再取号。"),
        "long-help": lambda: HelpDialog(appointments=True),
        "confirm": lambda: Confirm("还有 12 个事项没有办理结果", "全部按“办结”登记并结束本次接待？", "全部办结并结束"),
        "offer": lambda: Confirm(
            "A001 等候中，前面 12 人", "现在不按顺序呼叫这个号？记录会写明是窗口挑选的。", "现在呼叫 A001"),
        "failure": lambda: FailureWindow(
            "配置文件 C:\\Users\\hall\\AppData\\Local\\hallapp\\hall.toml 有错：items.only 的值找不到（写的是 XX99），"
            "应为：NT01 ... JSA17。改好后重新打开程序。"),
        "notice": lambda: NoticeDialog(most, 1), "long-notice": lambda: NoticeDialog(longest, 1),
    }


@pytest.mark.parametrize(
    "name", ["hold", "help", "find", "transfer", "reason", "confirm", "offer", "failure", "notice", "long-notice",
             "book", "no-book", "told", "checked-in", "asked", "password", "long-help"])
def test_no_dialog_cuts_words_and_each_fits_the_smallest_screen(themed, qtbot, dialogs, name):
    dialog = dialogs[name]()
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    assert cut(dialog) == []
    assert overlapping(dialog) == []
    assert faint(dialog, 4.5) == []
    for each in dialog.findChildren(QListWidget):
        assert each.sizeHintForColumn(0) <= each.viewport().width(), each.objectName()
    assert dialog.width() <= SMALLEST_SCREEN[0]
    assert dialog.height() <= SMALLEST_SCREEN[1]


@pytest.mark.parametrize("first", [False, True], ids=["sign-in", "first"])
@pytest.mark.parametrize("size", SIZES[:5], ids=lambda size: str(size[0]))
def test_the_sign_in_cuts_nothing_even_when_it_refuses(themed, qtbot, hall, size, first):
    page = SignInPage(hall.info.name, hall.windows, 1)
    qtbot.addWidget(page)
    if first:
        page.show_first()
    page.show_problem("您已在 2 号窗口登录，请先在那里签退，或选 2 号窗口。", may_take_over=not first)
    page.resize(*size)
    page.show()
    settle()
    assert cut(page) == []
    assert overlapping(page) == []
    assert faint(page, 4.5) == []
    assert page.height() == size[1]


def test_the_sign_in_says_each_windows_number_once(themed, qtbot):
    names = ("1号窗口", "2 号优先窗口", "综合窗口", "")
    page = SignInPage("", [Window(place, frozenset(), name) for place, name in enumerate(names, 1)], 1)
    qtbot.addWidget(page)
    assert [page.window_box.itemText(place) for place in range(4)] == [
        "1 号窗口", "2 号窗口　优先窗口", "3 号窗口　综合窗口", "4 号窗口"]


@pytest.mark.parametrize("first", [False, True], ids=["sign-in", "first"])
def test_the_sign_in_shows_the_key_that_does_it(themed, qtbot, hall, first):
    page = SignInPage(hall.info.name, hall.windows, 1)
    qtbot.addWidget(page)
    if first:
        page.show_first()
    page.show()
    button = page.findChild(KeyButton, "sign-in")
    assert [each.text() for each in button.findChildren(QLabel) if each.isVisible()] == [button.words(), "Enter"]
    asked = page.first_requested if first else page.sign_in_requested
    for entry in (page.number, page.name, page.password):
        entry.setText("0312-abc")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # the keypad's, too
        with qtbot.waitSignal(asked):
            QTest.keyClick(page.password, key)
        page.set_busy(False)


def test_a_name_that_cannot_be_printed_is_told_on_the_smallest_screen(themed, qtbot, hall):
    page = SignInPage(hall.info.name, hall.windows, 1)
    qtbot.addWidget(page)
    page.show_first()
    page.show_problem(unprintable("𠮷"))
    page.resize(*SMALLEST_SCREEN)
    page.show()
    settle()
    assert cut(page) == []


def test_words_cut_short_would_be_found(themed, qtbot):
    line = QWidget()
    qtbot.addWidget(line)
    made = QLabel("一二三四五六七八九十", line)
    made.setFixedWidth(40)
    line.show()
    assert cut(line) == [made.text()]


def test_parts_over_each_other_would_be_found(themed, qtbot):
    line = QWidget()
    qtbot.addWidget(line)
    one, other = QLabel("一", line), QLabel("二", line)
    other.move(0, 200)
    line.show()
    assert overlapping(line) == []
    other.move(0, one.height() - 1)
    assert len(overlapping(line)) == 1
