"""What happens when a visitor stands before the kiosk, on a real hall."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from hallapp.domain.errors import StoreAway, StoreFull
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services import kiosk as kiosk_service
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import jobs
from hallapp.ui.kiosk.presenter import AGAIN_MS, NUMBER_MS, REFRESH_MS


def test_a_visitor_taps_through_to_one_number(kiosk):
    kiosk.tap("group-elsewhere")
    assert kiosk.page() == "ItemsPage"
    kiosk.tap("item-NT08")
    assert kiosk.page() == "MaterialsPage"
    kiosk.tap("take")
    (ticket,) = kiosk.tickets()
    assert kiosk.says("number") == ticket.number == "C001"
    assert (ticket.group, ticket.item_code, ticket.priority) == ("elsewhere", "NT08", False)


def test_the_slip_is_queued_with_the_number(kiosk, hall):
    kiosk.tap("group-other")
    with look(hall) as db:
        (job,) = jobs.open_jobs(db, hall.id, "kiosk")
    assert job.ref_id == kiosk.tickets()[0].id


def test_a_business_without_items_gives_a_number_at_once(kiosk):
    kiosk.tap("group-other")
    assert kiosk.says("number") == "F001"


def test_whoever_is_unsure_takes_a_number_without_naming_the_item(kiosk):
    kiosk.tap("group-claim")
    kiosk.tap("direct")
    assert [(each.group, each.item_code) for each in kiosk.tickets()] == [("claim", None)]


def test_a_hall_without_appointments_shows_no_way_in_for_them(kiosk):
    assert kiosk.view.findChild(QPushButton, "appointment") is None


def test_the_number_page_says_how_many_are_ahead(kiosk):
    kiosk.tap("group-other")
    kiosk.tap("home")
    kiosk.tap("group-other")
    assert "1" in kiosk.says("ahead")
    assert kiosk.says("number") == "F002"


def test_the_priority_lane_is_in_large_type_and_gives_priority(kiosk):
    ordinary = kiosk.button("group-other").findChild(QLabel).font().pixelSize()
    kiosk.tap("priority")
    assert kiosk.view.page.scale.large
    assert kiosk.button("group-other").findChild(QLabel).font().pixelSize() > ordinary
    kiosk.tap("group-other")
    (ticket,) = kiosk.tickets()
    assert ticket.priority
    assert ticket.number == "L001"


def test_the_priority_lane_can_be_left_again(kiosk):
    kiosk.tap("priority")
    kiosk.tap("priority")
    assert not kiosk.view.page.scale.large
    kiosk.tap("group-other")
    assert not kiosk.tickets()[0].priority


@pytest.mark.parametrize("way", [["group-other"], ["group-chronic", "item-NT12", "take"], ["group-claim", "direct"]])
def test_a_double_tap_gives_one_number(kiosk, way):
    for step in way[:-1]:
        kiosk.tap(step)
    kiosk.tap(way[-1], times=2)
    assert len(kiosk.tickets()) == 1


def test_back_from_the_number_starts_anew(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.tap("take")
    kiosk.tap("back")
    assert kiosk.page() == "HomePage"
    kiosk.tap("group-claim")
    kiosk.tap("direct")
    assert [each.number for each in kiosk.tickets()] == ["D001", "E001"]


@pytest.mark.parametrize("way", [
    ["priority"], ["group-chronic"], ["group-chronic", "item-NT12"], ["priority", "group-chronic", "item-NT12"],
])
def test_an_abandoned_page_returns_to_the_start(kiosk, hall, way):
    for step in way:
        kiosk.tap(step)
    assert kiosk.presenter._idle.interval() == hall.rules.kiosk_idle_seconds * 1000
    kiosk.let_time_run_out(kiosk.presenter._idle)
    assert kiosk.page() == "HomePage"
    assert not kiosk.view.page.scale.large
    assert kiosk.tickets() == ()


def test_the_number_stays_for_a_while_and_makes_room_for_the_next(kiosk):
    kiosk.tap("group-other")
    kiosk.let_time_run_out(kiosk.presenter._done)
    assert kiosk.page() == "HomePage"


def test_back_goes_one_page_back_and_home_all_the_way(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.tap("back")
    assert kiosk.page() == "ItemsPage"
    kiosk.tap("back")
    assert kiosk.page() == "HomePage"
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.tap("home")
    assert kiosk.page() == "HomePage"


def test_after_going_back_the_item_is_forgotten(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.tap("back")
    kiosk.tap("direct")
    assert kiosk.tickets()[0].item_code is None


def test_without_all_materials_the_number_is_for_the_consultation_and_keeps_the_item(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT12")
    kiosk.tap("consult")
    assert [(each.group, each.item_code) for each in kiosk.tickets()] == [("other", "NT12")]


@pytest.mark.parametrize("code", ["NT01", "NT08", "NT13", "NT05"])
def test_the_materials_page_shows_just_the_items_materials_with_their_conditions(make_kiosk, hall, code):
    kiosk, item = make_kiosk(), hall.catalogue.find_item(code)
    group = next(each for each in hall.catalogue.groups if code in each.items)
    kiosk.tap(f"group-{group.code}")
    kiosk.tap(f"item-{code}")
    text = kiosk.text()
    assert item.materials
    for material in item.materials:
        assert material.name in text
    for condition in item.conditions:
        assert condition in text
    others = {each.name for other in hall.catalogue.items for each in other.materials}
    for name in others - {each.name for each in item.materials}:
        assert name not in text.split("\n")


def test_an_item_without_known_materials_sends_the_visitor_to_the_window(kiosk):
    kiosk.tap("group-chronic")
    kiosk.tap("item-NT18")
    assert "请到窗口咨询工作人员" in kiosk.text()


def test_a_scanned_notice_is_shown_and_its_number_belongs_to_it(kiosk, notice):
    kiosk.scan(notice.barcode)
    assert "诊断证明" in kiosk.text()
    assert "出院小结" in kiosk.text()
    kiosk.tap("take")
    ticket = kiosk.tickets()[-1]
    assert (ticket.notice_id, ticket.item_code, ticket.group) == (notice.id, "NT12", "chronic")
    assert kiosk.says("number") == ticket.number


def test_a_notice_may_be_scanned_on_any_page(kiosk, notice):
    kiosk.tap("group-claim")
    kiosk.scan(notice.barcode)
    kiosk.tap("take")
    assert kiosk.tickets()[-1].notice_id == notice.id


def test_an_unknown_barcode_is_said_and_soon_forgotten(kiosk):
    kiosk.scan("N20200101001")
    assert "没有找到这张告知单" in kiosk.view.trouble()
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert kiosk.view.trouble() == ""


def test_slow_keys_are_no_scanner(kiosk, notice):
    kiosk.scan(notice.barcode, pause_ms=200)
    assert kiosk.page() == "HomePage"
    assert kiosk.view.trouble() == ""


def test_the_foot_of_a_calm_home_page_says_what_to_do_with_a_notice(kiosk):
    foot = kiosk.view.findChild(QLabel, "trouble")
    assert foot.text() == "扫描号码单可查看排队；带告知单再来的，请扫描单上的条码；号码单丢了请找工作人员"
    assert kiosk.view.trouble() == ""
    kiosk.tap("group-chronic")
    assert kiosk.view.findChild(QLabel, "trouble").text() == ""


def test_without_a_store_nothing_is_issued_until_it_is_back(kiosk, feed):
    kiosk.tap("group-chronic")
    feed.store_lost.emit(StoreAway("hall.db"))
    assert "暂停取号" in kiosk.text()
    kiosk.scan("N20200101001")
    assert "暂停取号" in kiosk.text()
    feed.store_back.emit()
    assert kiosk.page() == "HomePage"
    kiosk.tap("group-other")
    assert kiosk.says("number") == "F001"


def test_a_number_stays_to_be_read_when_the_store_is_lost_and_when_it_is_back(kiosk, feed):
    kiosk.tap("group-other")
    feed.store_lost.emit(StoreAway("hall.db"))
    assert kiosk.says("number") == "F001"
    assert "暂停取号" in kiosk.view.trouble()
    feed.store_back.emit()
    assert kiosk.says("number") == "F001"
    feed.store_lost.emit(StoreAway("hall.db"))
    kiosk.presenter._done.timeout.emit()
    assert "暂停取号" in kiosk.text()


def test_a_refused_number_pauses_the_kiosk_until_the_store_can_be_read_again(kiosk, hall):
    """The feed may have noticed nothing, so the kiosk looks for itself."""
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))
    assert "暂停取号" in kiosk.text()
    assert kiosk.presenter._refresh.interval() == AGAIN_MS  # with the rest, the promised three seconds
    kiosk.presenter._refresh.timeout.emit()
    kiosk.settle()
    assert kiosk.page() == "HomePage"
    assert kiosk.presenter._refresh.interval() == REFRESH_MS


def test_a_full_disk_can_be_read_all_the_time_so_the_kiosk_does_not_flicker(kiosk):
    kiosk.presenter.on_store_lost(StoreFull("hall.db"))
    assert kiosk.presenter._refresh.interval() == REFRESH_MS


def test_a_broken_printer_is_said_at_the_foot_and_with_the_number(kiosk, lights, qapp):
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    assert "缺纸" in kiosk.view.trouble()
    kiosk.tap("group-other")
    assert "屏幕上的号码有效，请记住。已通知工作人员。" in kiosk.says("slip")
    assert kiosk.presenter._done.interval() == 2 * NUMBER_MS
    assert len(kiosk.tickets()) == 1
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.READY))
    assert kiosk.view.trouble() == ""
    assert "取走号码单" in kiosk.says("slip")


def test_without_a_slip_the_number_is_said_to_be_valid_larger_than_anything_but_the_number(kiosk, lights):
    def pixels(name):
        return kiosk.view.page.findChild(QLabel, name).fontInfo().pixelSize()

    kiosk.tap("group-other")
    assert pixels("slip") < pixels("wait")
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.CUTTER))
    assert pixels("wait") < pixels("slip") < pixels("number")
    assert "已通知工作人员" in kiosk.says("slip")
    assert kiosk.view.trouble() == ""  # not said twice on one page
    kiosk.tap("home")
    assert "已通知工作人员" in kiosk.view.trouble()
    kiosk.tap("group-other")
    assert kiosk.view.trouble() == ""


def test_a_kiosk_without_a_printer_claims_no_slip_and_no_staff(make_kiosk):
    kiosk = make_kiosk(printer=None)
    kiosk.tap("group-other")
    assert kiosk.says("slip") == "本机不出号码单，请记住屏幕上的号码"


def test_where_slips_are_only_pictures_nobody_is_told_to_take_one(kiosk, lights):
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.WARNING, Trouble.DRAWN))
    assert kiosk.view.trouble() == ""
    kiosk.tap("group-other")
    assert kiosk.says("slip") == "本机不出号码单，请记住屏幕上的号码"


def test_the_printer_of_another_station_troubles_nobody_here(kiosk, lights):
    lights.report(DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    assert kiosk.view.trouble() == ""


def test_trouble_outlives_the_visitor(kiosk, lights):
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.SILENT))
    kiosk.scan("N20200101001")
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert "打印机" in kiosk.view.trouble()


def test_nobody_can_close_it_by_the_keyboard(kiosk):
    for key, modifier in ((Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
                          (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)):
        QTest.keyClick(kiosk.view, key, modifier)
    assert not kiosk.view.close()
    assert kiosk.view.isVisible()
    kiosk.view.allow_close()
    assert kiosk.view.close()


def test_a_page_is_built_anew_for_another_screen(kiosk):
    kiosk.tap("group-chronic")
    kiosk.view.resize(1080, 1920)
    assert kiosk.page() == "ItemsPage"
    assert kiosk.view.page.scale.columns == 1
    kiosk.tap("item-NT12")
    assert kiosk.page() == "MaterialsPage"


def test_the_home_page_shows_how_many_wait(kiosk, hall, signed_in, feed, qtbot):
    signed_in()
    feed.start()
    kiosk_service.issue(hall, By("other"), Wish("claim"))
    qtbot.waitUntil(lambda: "前面 1 人" in kiosk.text())


def test_the_priority_lane_tells_its_own_wait(kiosk, hall, signed_in, clock, qtbot):
    signed_in()
    kiosk_service.issue(hall, By("other"), Wish("claim"))
    clock.advance(minutes=20)
    kiosk_service.issue(hall, By("other"), Wish("claim"))
    kiosk.tap("priority")
    qtbot.waitUntil(lambda: "前面 1 人" in kiosk.text())  # of the two who wait
    kiosk.tap("priority")
    qtbot.waitUntil(lambda: "前面 2 人" in kiosk.text())


@pytest.fixture
def lost_answer(kiosk):
    """A wish of which nothing was heard, and the store is back without having it."""
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))
    wish = kiosk.presenter._unanswered.wish = Wish("enrol", request="tap-1")
    kiosk.presenter._on_store_back()
    kiosk.settle()
    assert kiosk.page() == "HomePage"
    return wish


def test_a_number_that_the_server_gave_late_is_shown(kiosk, hall, lost_answer):
    kiosk_service.issue(hall, By("kiosk"), lost_answer)
    kiosk.presenter._unanswered._late.timeout.emit()
    kiosk.settle()
    assert "A001" in kiosk.text()
    assert kiosk.presenter._unanswered.wish is None


def test_a_late_number_does_not_come_up_before_the_next_visitor(kiosk, hall, lost_answer):
    kiosk_service.issue(hall, By("kiosk"), lost_answer)
    kiosk.tap("group-enrol")
    kiosk.presenter._unanswered._late.timeout.emit()
    kiosk.settle()
    assert kiosk.page() == "ItemsPage"


def test_a_number_found_as_the_store_goes_again_is_shown_when_it_is_back(kiosk, hall):
    """The feed says that the store is back before the step that was lost has waited long enough for its answer."""
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))
    wish = kiosk.presenter._unanswered.wish = Wish("enrol", request="tap-1")
    kiosk_service.issue(hall, By("kiosk"), wish)
    kiosk.presenter._on_store_back()
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))  # before the store tells of the number
    kiosk.settle()
    assert "A001" not in kiosk.text()
    kiosk.presenter._on_store_back()
    kiosk.settle()
    assert "A001" in kiosk.text()
    assert kiosk.presenter._unanswered.wish is None


def test_what_became_of_a_wish_is_asked_for_once_more_and_no_longer(kiosk, lost_answer):
    kiosk.presenter._unanswered._late.timeout.emit()
    kiosk.settle()
    assert (kiosk.page(), kiosk.presenter._unanswered.wish) == ("HomePage", None)


def test_a_number_found_while_the_next_visitor_chooses_comes_up_at_no_later_outage(kiosk, hall):
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))
    wish = kiosk.presenter._unanswered.wish = Wish("enrol", request="tap-1")
    kiosk_service.issue(hall, By("kiosk"), wish)
    kiosk.presenter._on_store_back()
    kiosk.presenter._on_group_chosen("enrol")  # before the store tells of the number
    kiosk.settle()
    assert kiosk.page() == "ItemsPage"
    kiosk.presenter.go_home()
    kiosk.presenter.on_store_lost(StoreAway("hall.db"))
    kiosk.presenter._on_store_back()
    kiosk.settle()
    assert kiosk.page() == "HomePage"
