"""The board's looks: nothing cut, nothing too small, nothing moves but the notice."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from hallapp.ui.board.notice import Notice
from hallapp.ui.board.text import Text
from hallapp.ui.board.view import BoardWindow
from tests.ui.board.conftest import words
from tests.ui.contrast import faint

SIZES = [(1920, 1080), (1536, 864), (1366, 768), (1280, 720), (1093, 614), (1280, 1024), (3840, 2160), (1080, 1920)]
LONG = "办理医保事项不收取任何费用。请留意叫号屏和广播，过号请联系工作人员。咨询电话 12393　投诉电话 12345"


@pytest.fixture
def full(qtbot, themed, catalogue):
    """``full(size, windows)``: a board on which everything is said."""

    def make(size=(1920, 1080), windows=6):
        view = BoardWindow("上冈镇为民服务中心 · 医保服务")
        qtbot.addWidget(view)
        view.set_windows([(number, "优先窗口" if number == 3 else "") for number in range(1, windows + 1)])
        view.set_groups([(group.code, group.name) for group in catalogue.groups])
        view.set_notice(LONG)
        view.resize(*size)
        view.show()
        states = [("serving", "B007", ""), ("paused", "", "午间休息"), ("calling", "A012", ""), ("free", "", ""),
                  ("closed", "", ""), ("paused", "", "设备故障")] * 2
        for number, said in zip(range(1, windows + 1), states, strict=False):
            view.show_window(number, *said)
        view.show_waiting({group.code: 88 for group in catalogue.groups}, 120)
        view.show_recent([("B007", 1), ("W1003", 12), ("A111", 2), ("C018", 12)])
        view.show_clock(datetime(2026, 12, 23, 10, 48))
        view.show_remark("数据更新于 59 秒前")
        view.show_call("A012", 3)
        return view

    return make


@pytest.mark.parametrize("windows", [1, 2, 3, 4, 6, 8, 12])
@pytest.mark.parametrize("size", SIZES)
def test_no_text_is_cut_or_smaller_than_can_be_read(full, qapp, size, windows):
    view = full(size, windows)
    qapp.processEvents()
    scale = min(size[0] / 1920, size[1] / 1080)
    for part in view.findChildren(Text):
        metrics = QFontMetrics(part.font())
        assert part.text() == part.words()
        assert metrics.horizontalAdvance(part.text()) <= part.width(), part.text()
        assert metrics.tightBoundingRect(part.text()).height() <= part.height(), part.text()
        assert part.font().pixelSize() >= int(48 * scale), part.text()
    for part in view.findChildren(QLabel):
        corner = part.mapTo(view, part.rect().bottomRight())
        assert view.rect().contains(corner) or not part.isVisible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("number", "window"), [("A012", 3), ("W1008", 88)])
def test_the_call_is_whole_and_fills_the_upper_third(full, qapp, size, number, window):
    view = full(size)
    view.show_call(number, window)
    qapp.processEvents()
    panel = view.findChild(object, "now-panel")
    bottom = panel.mapTo(view, panel.rect().bottomLeft()).y() + 1
    assert bottom <= size[1] / 3 + 1
    assert panel.height() >= 0.24 * min(size[1], size[0] * 9 / 16)
    for part in panel.findChildren(QLabel):
        assert QFontMetrics(part.font()).horizontalAdvance(part.text()) <= part.width()
        assert panel.rect().contains(part.geometry())
    big = view.findChild(QLabel, "now-number").font().pixelSize()
    assert big >= (3 if size[0] > size[1] else 2.6) * view.findChild(QLabel, "window-1-state").font().pixelSize()


def test_every_word_on_the_board_stands_out_seven_to_one(full):
    view = full(windows=6)
    assert faint(view, 7.0) == []
    view.show_last(("A012", 3))
    assert faint(view, 7.0) == []
    view.show_last(None)
    view.show_waiting({}, None)
    assert faint(view, 7.0) == []


def test_a_call_is_white_and_calm_is_dark(full, qapp):
    view = full()
    qapp.processEvents()

    def ground():
        return view.grab().toImage().pixelColor(960, 110).name()

    assert ground() == "#ffffff"
    view.show_last(("A012", 3))
    assert ground() == "#0b3a66"


def test_nothing_moves_when_what_is_said_changes(full, qapp):
    view = full()
    qapp.processEvents()
    before = {part: part.geometry() for part in view.findChildren(Text)}
    view.show_window(1, "paused", "", "这个窗口今天下午临时停电")
    view.show_window(2, "serving", "B123", "")
    view.show_waiting({}, None)
    view.show_recent([])
    view.show_remark("")
    view.show_last(None)
    qapp.processEvents()
    assert {part: part.geometry() for part in view.findChildren(Text)} == before


def test_many_windows_stand_in_two_columns_of_equal_rows(full, qapp):
    view = full(windows=11)
    qapp.processEvents()
    rows = [view.findChild(QWidget, f"window-{number}") for number in range(1, 12)]
    places = [row.mapTo(view, row.rect().topLeft()).toTuple() for row in rows]
    assert len({left for left, _top in places}) == 2
    assert [top for _left, top in places[:5]] == [top for _left, top in places[6:]]
    assert max(row.height() for row in rows) - min(row.height() for row in rows) <= 1
    assert [words(view, f"window-{number}-state") for number in (2, 9)] == ["■ 暂停服务", "▶ 请到窗口"]


def test_on_an_upright_screen_the_lists_stand_below_one_another_and_everything_is_larger(full, qapp):
    view = full((1080, 1920))
    qapp.processEvents()
    windows, waiting = (view.findChild(QWidget, name) for name in ("windows", "waiting"))
    assert waiting.y() > windows.geometry().bottom()
    assert windows.width() == waiting.width() > 1000
    assert view.findChild(QLabel, "window-1-state").font().pixelSize() >= 38
    assert not view.findChild(QLabel, "recent-4").isVisible()
    view.resize(1920, 1080)
    qapp.processEvents()
    assert waiting.x() > windows.geometry().right()
    assert view.findChild(QLabel, "recent-4").isVisible()


def test_businesses_beyond_the_sixth_are_counted_together_at_a_size_that_can_be_read(qtbot, qapp, themed):
    view = BoardWindow("")
    qtbot.addWidget(view)
    view.set_groups([(f"g{place}", "城乡居民基本医疗保险") for place in range(8)])
    view.show()
    view.show_waiting({f"g{place}": place for place in range(8)}, 5)
    qapp.processEvents()
    counts = [part.words() for part in view.findChildren(Text) if part.objectName().startswith("group-")]
    assert counts == ["0", "1", "2", "3", "4", str(5 + 6 + 7)]
    assert words(view, "waiting-total") == "等候 28 人"
    assert {part.font().pixelSize() for part in view.findChildren(Text, "group-g4-count")} == {48}


def test_a_text_that_shrank_to_fit_is_not_cut_for_a_fraction_of_a_pixel(qtbot, themed):
    text = Text(50, "#ffffff", bold=True)
    qtbot.addWidget(text)
    for width in range(110, 170):
        text.resize(width, 60)
        text.set_words("")
        text.set_words("W1003")
        assert text.text() == "W1003", width


def test_an_empty_day_draws_no_empty_cells(full, qapp):
    view = full()
    strip = view.findChild(QWidget, "recent")

    def bars():
        return [part for part in strip.children() if type(part) is QFrame and part.isVisible()]

    assert len(bars()) == 4
    view.show_recent([("B007", 1)])
    assert len(bars()) == 1


def test_with_nobody_at_any_window_the_hours_stand_where_the_calls_do(full, qapp):
    view = full()
    view.show_closed("周一至周五 上午 8:30—11:30，下午 13:30—17:00")
    qapp.processEvents()
    panel = view.findChild(object, "now-panel")
    assert panel.words() == "办公时间　周一至周五 上午 8:30—11:30，下午 13:30—17:00"
    for part in panel.findChildren(QLabel):
        assert QFontMetrics(part.font()).horizontalAdvance(part.text()) <= part.width()
    assert faint(view, 7.0) == []
    view.show_closed("")
    assert panel.words() == "现在没有窗口开放"


def test_a_reason_much_too_long_ends_in_dots_within_its_row(full, qapp):
    view = full()
    view.show_window(1, "paused", "", "这个窗口今天下午因为镇上停电暂时不能办理任何业务请到隔壁")
    qapp.processEvents()
    part = view.findChild(Text, "window-1-state")
    assert part.text().endswith("…")
    assert QFontMetrics(part.font()).horizontalAdvance(part.text()) <= part.width()


@pytest.mark.parametrize(("label", "shown"), [
    ("", "2号窗口"), ("优先窗口", "2号优先窗口"), ("2号窗口", "2号窗口"), ("2 号优先窗口", "2号优先窗口"),
    ("2楼窗口", "2号2楼窗口"),
])
def test_a_window_is_always_named_with_its_number(qtbot, themed, label, shown):
    view = BoardWindow("")
    qtbot.addWidget(view)
    view.set_windows([(2, label)])
    assert shown in [part.words() for part in view.findChildren(Text)]


def test_a_wait_of_less_than_a_minute_is_said_as_one(full):
    view = full()
    view.show_waiting({"enrol": 1}, 0)
    assert words(view, "waiting-longest") == "最长 1 分钟"


def test_a_notice_too_long_rolls_and_a_short_one_stands_still(qtbot, themed):
    notice = Notice()
    qtbot.addWidget(notice)
    notice.resize(1920, 72)
    notice.set_scale(1.0)
    notice.set_text("办事免费")
    assert not notice.rolling()
    notice.set_text(LONG)
    assert notice.rolling()
    notice.show()
    first = notice.grab().toImage()
    qtbot.waitUntil(lambda: notice.grab().toImage() != first)


def test_there_is_no_pointer(full):
    assert full().cursor().shape() == Qt.CursorShape.BlankCursor


class Dressings(QObject):
    """Which parts get a new style."""

    def __init__(self, view):
        super().__init__(view)
        self.seen = set()
        for part in view.findChildren(QWidget):
            part.installEventFilter(self)

    def eventFilter(self, part, event):
        if event.type() == QEvent.Type.StyleChange:
            self.seen.add(part.objectName())
        return False


def test_what_looks_as_before_is_not_dressed_anew_with_each_number_and_slip(full):
    view = full()
    view.show_last(("A012", 3))
    dressings = Dressings(view)
    view.show_last(("A012", 3))
    view.show_window(3, "calling", "A012", "")
    assert dressings.seen == set()
    view.show_call("A012", 3)
    view.show_window(3, "free", "", "")
    assert {"now-panel", "window-3"} <= dressings.seen
