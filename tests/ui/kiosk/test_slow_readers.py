"""Visitors who read slowly, who have never used a kiosk, and who come when nobody is there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from hallapp.domain.errors import StoreAway
from hallapp.services.kiosk import GroupWait
from hallapp.ui.kiosk.countdown import TOLD_SECONDS, Countdown
from hallapp.ui.kiosk.presenter import NUMBER_MS


def foot(kiosk):
    return kiosk.view.findChild(QLabel, "trouble").text()


def near_the_end(kiosk, timer, seconds=7):
    timer.start(seconds * 1000 - 500)  # timers keep to a twentieth
    kiosk.view.findChild(Countdown).show()
    kiosk.settle()


def test_a_page_says_before_it_goes_how_soon_and_stays_at_a_tap(kiosk):
    kiosk.tap("group-chronic")
    idle = kiosk.presenter._idle
    kiosk.view.findChild(Countdown).show()
    assert foot(kiosk) == ""  # there is time enough
    near_the_end(kiosk, idle)
    assert foot(kiosk) == "7 秒后回到首页"
    idle.setInterval(60_000)
    kiosk.tap("stay")
    kiosk.view.findChild(Countdown).show()
    assert idle.remainingTime() > TOLD_SECONDS * 1000
    assert foot(kiosk) == ""
    assert not kiosk.view.findChild(QPushButton, "stay").isVisible()


def test_a_number_page_counts_down_and_stays_at_a_touch_anywhere(kiosk):
    kiosk.tap("group-other")
    done = kiosk.presenter._done
    near_the_end(kiosk, done, 3)
    assert foot(kiosk) == "3 秒后回到首页"
    done.setInterval(NUMBER_MS)
    QTest.mouseClick(kiosk.view, Qt.MouseButton.LeftButton, pos=QPoint(960, 130))
    assert done.remainingTime() > NUMBER_MS - 2000
    assert kiosk.page() == "NumberPage"


def test_the_seconds_change_without_taking_a_button_from_under_the_finger(kiosk):
    kiosk.tap("group-chronic")
    home = kiosk.button("home")
    QTest.mousePress(home, Qt.MouseButton.LeftButton)
    for seconds in (5, 4, 3):
        kiosk.view.show_left(seconds)
        kiosk.view.show_trouble(f"打印机缺纸 {seconds}")
    QTest.mouseRelease(home, Qt.MouseButton.LeftButton)
    assert kiosk.page() == "HomePage"


def test_large_type_says_that_it_will_go_back(kiosk):
    kiosk.tap("priority")
    near_the_end(kiosk, kiosk.presenter._idle)
    assert foot(kiosk) == "7 秒后回到普通取号，点这里再看一会儿"
    QTest.mouseClick(kiosk.view.findChild(QLabel, "trouble"), Qt.MouseButton.LeftButton)
    assert kiosk.presenter._idle.remainingTime() > 5000


def test_the_seconds_of_one_page_are_not_told_on_the_next(kiosk):
    kiosk.tap("priority")
    near_the_end(kiosk, kiosk.presenter._idle)
    kiosk.tap("priority")
    assert "扫描号码单" in foot(kiosk)
    kiosk.view.findChild(Countdown).show()
    assert "扫描号码单" in foot(kiosk)


def test_an_answer_to_a_scan_is_read_before_the_seconds(kiosk):
    kiosk.tap("group-other")
    near_the_end(kiosk, kiosk.presenter._done)
    kiosk.scan("N20200101001")
    assert "没有找到这张告知单" in foot(kiosk)
    assert kiosk.view.findChild(QPushButton, "stay").isVisible()
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert "秒后回到首页" in foot(kiosk)


def middle(kiosk, name):
    button = kiosk.button(name)
    return button.mapTo(kiosk.view, button.rect().center())


def test_the_second_tap_of_a_double_tap_presses_nothing_on_the_next_page(kiosk):
    kiosk.tap("group-claim")
    kiosk.let_time_run_out(kiosk.view.guard)
    kiosk.view.guard.setInterval(60_000)
    lowest = max((middle(kiosk, each.objectName()) for each in kiosk.view.page.findChildren(QPushButton)
                  if "item-" in each.objectName()), key=lambda place: place.y())
    for _ in range(3):
        kiosk.touch_at(lowest)
    assert kiosk.page() == "MaterialsPage"
    back = middle(kiosk, "back")
    for _ in range(2):
        kiosk.touch_at(back)
    assert kiosk.page() == "MaterialsPage"
    kiosk.let_time_run_out(kiosk.view.guard)
    kiosk.view.guard.setInterval(60_000)
    for _ in range(2):
        kiosk.touch_at(back)
    assert kiosk.page() == "ItemsPage"


def test_when_a_number_is_long_on_its_way_it_is_said(kiosk):
    kiosk.tap("group-claim")
    kiosk.view.set_busy(True)
    assert foot(kiosk) == ""
    kiosk.let_time_run_out(kiosk.view._slow)
    assert foot(kiosk) == "正在取号，请稍候"
    assert not kiosk.view.page.isEnabled()
    kiosk.view.set_busy(False)
    assert kiosk.view.page.isEnabled()
    assert foot(kiosk) == ""


def test_nothing_on_the_page_is_pressed_while_a_number_is_on_its_way(kiosk):
    kiosk.tap("group-claim")
    kiosk.view.set_busy(True)
    assert kiosk.view.page.isEnabled()  # dimming it would hold the slip up
    kiosk.touch_at(middle(kiosk, "direct"))
    kiosk.settle()
    assert (kiosk.page(), kiosk.tickets()) == ("ItemsPage", ())
    kiosk.view.set_busy(False)
    kiosk.touch_at(middle(kiosk, "direct"))
    kiosk.settle()
    assert len(kiosk.tickets()) == 1


def test_the_way_back_stands_at_the_same_place_on_every_page(kiosk):
    places = set()
    kiosk.tap("group-chronic")
    for step in ("item-NT12", "take", None):
        places.add(tuple(kiosk.button(name).mapTo(kiosk.view, QPoint(0, 0)).toTuple() for name in ("back", "home")))
        if step:
            kiosk.tap(step)
    assert len(places) == 1


def test_a_list_longer_than_the_screen_is_turned_by_a_button_and_says_when_it_is_read(make_kiosk):
    kiosk = make_kiosk(size=(1366, 768))
    kiosk.tap("group-claim")
    kiosk.tap("item-NT13")
    bar = kiosk.view.page._area.verticalScrollBar()
    for _ in range(10):
        if bar.value() == bar.maximum():
            break
        assert "下面还有" in kiosk.button("turn").text()
        kiosk.tap("turn")
    assert bar.value() == bar.maximum() > 0
    assert "已经到底" in kiosk.button("turn").text()
    kiosk.tap("turn")
    assert bar.value() == 0


def test_a_list_that_is_seen_whole_has_no_turning_button(kiosk):
    kiosk.tap("group-elsewhere")
    kiosk.tap("item-NT08")
    kiosk.settle()
    assert not kiosk.view.findChild(QPushButton, "turn").isVisible()


def test_nobody_is_asked_for_materials_that_nobody_knows(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT18")
    assert "带了吗" not in kiosk.text()
    assert kiosk.view.findChild(QPushButton, "consult") is None
    kiosk.tap("take")
    assert kiosk.page() == "NumberPage"


def test_the_number_page_says_what_to_do_next_and_speaks_of_a_slip_only_where_there_is_one(make_kiosk):
    kiosk = make_kiosk()
    kiosk.tap("group-other")
    assert kiosk.says("next").endswith("叫到这个号再去窗口。号码单丢了请告诉工作人员。")
    other = make_kiosk(printer=None)
    other.tap("group-other")
    assert other.says("next").endswith("叫到这个号再去窗口。")


def test_a_kiosk_that_has_paused_asks_nobody_to_scan(kiosk, feed):
    assert foot(kiosk).startswith("扫描号码单")
    feed.store_lost.emit(StoreAway("hall.db"))
    kiosk.settle()
    assert "暂停取号" in kiosk.text()
    assert foot(kiosk) == ""


def test_while_no_window_is_open_the_home_page_says_so_with_the_hours(kiosk, hall):
    page = kiosk.view.page
    closed = tuple(GroupWait(group.code, 0, None) for group in hall.catalogue.groups)
    page.show_waits(closed)
    assert page.remark.text().startswith("现在没有窗口开放")
    page.show_waits((replace(closed[0], minutes=5), *closed[1:]))
    assert page.remark.text().startswith("取号后请留意叫号屏")
