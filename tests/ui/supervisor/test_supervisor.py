"""The supervisor's window on a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from threading import Event

import pdfplumber
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from hallapp.domain.errors import file_error
from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import Outcome
from hallapp.domain.printing import JobState, PrintJob, SlipKind, Trouble
from hallapp.domain.staff import Role
from hallapp.services import counter, hardware_caller, kiosk, printing, ratings, visits
from hallapp.services import staff as staff_service
from hallapp.ui.startup import startup_sentence
from hallapp.ui.supervisor.jobs_page import JobsPage
from hallapp.ui.supervisor.pages import Page
from hallapp.ui.supervisor.presenter import SupervisorPresenter
from hallapp.ui.supervisor.view import SupervisorWindow
from hallapp.ui.tasks import Tasks
from hallapp.ui.widgets.elided import ElidedLabel
from hallapp.ui.widgets.parts import KeyButton
from hallapp.ui.words import sentence
from tests.conftest import PASSWORD
from tests.ui.contrast import faint
from tests.ui.lost_answer import lost_answers
from tests.ui.test_windows import cut, overlapping, settle


@pytest.fixture
def busy(hall, clock, signed_in):
    """One visit with one case, and a number that waits."""
    clerk = signed_in(1)
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk")
    counter.call_next(hall, clerk)
    clock.advance(seconds=20)
    counter.arrive(hall, clerk)
    item = visits.start_item(hall, clerk, "NT02")
    clock.advance(minutes=6)
    visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
    visits.finish_visit(hall, clerk)
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("change"))
    return clerk


def new_id():
    ids = count()
    return lambda: f"wish-{next(ids)}"


@pytest.fixture
def opened(qtbot, themed, hall, tasks, feed, lights, employed):
    """The window and its presenter, nobody signed in yet."""
    employed("0300", "周敏", Role.SUPERVISOR)
    view = SupervisorWindow(hall.info.name)
    qtbot.addWidget(view)
    presenter = SupervisorPresenter(view, hall, By("supervisor"), tasks, feed, lights, ("kiosk",), new_id())
    view.resize(1366, 768)
    view.show()
    feed.start()
    return view, presenter


@pytest.fixture
def signed(opened, qtbot):
    view, presenter = opened
    view.number.setText("0300")
    view.password.setText(PASSWORD)
    press(view, "supervisor-sign-in")
    qtbot.waitUntil(lambda: view.who.text() == "0300 周敏")
    qtbot.waitUntil(lambda: bool(presenter.report.pages.labels))
    return view, presenter


def test_reports_and_figures_are_made_beside_the_thread_that_gives_out_numbers(
        qtbot, themed, hall, tasks, feed, lights, employed, qapp):
    employed("0300", "周敏", Role.SUPERVISOR)
    view, office, numbers_go_on = SupervisorWindow(hall.info.name), Tasks("office"), Event()
    qtbot.addWidget(view)
    presenter = SupervisorPresenter(view, hall, By("supervisor"), tasks, feed, lights, ("kiosk",), new_id(),
                                    office=office)
    view.number.setText("0300")
    view.password.setText(PASSWORD)
    press(view, "supervisor-sign-in")
    qtbot.waitUntil(lambda: bool(presenter.report.pages.labels) and not tasks.busy)
    presenter.report.pages.show_pages([])
    tasks.run(view, numbers_go_on.wait, str)
    try:
        press(view, "day-before")
        qtbot.waitUntil(lambda: bool(presenter.report.pages.labels))
        kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"))
        feed.start()
        qtbot.waitUntil(lambda: figure(view, "waiting") == "1 人")
    finally:
        numbers_go_on.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    office.close()
    qapp.processEvents()


def press(view, name):
    view.findChild(QAbstractButton, name).click()


def figure(view, name):
    return view.findChild(QLabel, f"today-{name}").text()


def test_bad_ratings_are_shown_with_window_and_time_to_be_followed_up(busy, signed, hall, qtbot):
    _view, presenter = signed
    assert not presenter.today.ratings.isVisible()
    assert not presenter.today.bad.isVisible()
    visit = ratings.to_rate(hall, 1)
    ratings.rate(hall, By("rater-1"), visit.id, 1, ("109", "115"))
    # a read that is under way at this moment may have seen the day before it and the ratings after
    qtbot.waitUntil(lambda: presenter.today.bad.isVisible() and "差评 1 件" in presenter.today.ratings.text())
    assert "满意率 0.0%" in presenter.today.ratings.text()
    row = [presenter.today.bad.item(0, column).text() for column in range(5)]
    assert row == ["09:06", "1 号", "A001", "0312", "非常不满意：需提供办事指南之外的申报材料、服务态度差效率低"]


def test_good_ratings_are_counted_and_nobody_is_listed(busy, signed, hall, qtbot):
    _view, presenter = signed
    ratings.rate(hall, By("rater-1"), ratings.to_rate(hall, 1).id, 5)
    qtbot.waitUntil(lambda: presenter.today.ratings.isVisible())
    assert "没有差评" in presenter.today.ratings.text()
    assert not presenter.today.bad.isVisible()


def test_a_clerk_is_not_let_in(busy, opened, qtbot):
    view, _presenter = opened
    view.number.setText("0312")
    view.password.setText(PASSWORD)
    press(view, "supervisor-sign-in")
    qtbot.waitUntil(lambda: "管理员" in view.message.sentence())
    assert view.who.text() == ""


def test_today_shows_the_days_figures_and_follows_the_hall(busy, signed, qtbot, hall):
    view, _presenter = signed
    qtbot.waitUntil(lambda: figure(view, "visits") == "1")
    assert figure(view, "cases") == "1"
    assert figure(view, "mean") == "6 分 00 秒"
    assert "✓ 达标，1 件中 0 件超过 10 分钟" in [one.text() for one in view.findChildren(QLabel)]
    assert figure(view, "waiting") == "1 人"
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("change"))
    qtbot.waitUntil(lambda: figure(view, "waiting") == "2 人")


def test_today_marks_the_windows_worked_with_a_hardware_caller(signed, qtbot, hall, employed):
    employed("0318", "赵敏")
    hardware_caller.seat(hall, Clerk("caller-1", "0318", 2))
    windows = signed[1].today.windows
    qtbot.waitUntil(lambda: windows.rowCount() == 3 and windows.item(1, 3).text() == "由呼叫器登录")


def test_every_word_of_every_page_can_be_read(busy, signed):
    view, _presenter = signed
    for page in range(view.pages.count()):
        press(view, f"page-{page + 1}")
        assert faint(view, 4.5) == []


def test_the_report_is_shown_and_saved(busy, signed, qtbot, tmp_path):
    view, presenter = signed
    press(view, "page-2")
    assert presenter.report.pages.labels
    presenter.save_to(tmp_path / "report.pdf")
    qtbot.waitUntil(lambda: "report.pdf" in view.message.sentence())
    with pdfplumber.open(tmp_path / "report.pdf") as pdf:
        assert "日办件量报表" in pdf.pages[0].extract_text()


def test_the_report_is_made_anew_when_its_page_is_opened(busy, signed, hall, qtbot):
    view, presenter = signed
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("change"))
    press(view, "page-2")
    qtbot.waitUntil(lambda: "取号 3 张" in pdf_text(presenter._pdf))


def pdf_text(pdf):
    with pdfplumber.open(BytesIO(pdf)) as read:
        return read.pages[0].extract_text()


def test_another_day_is_an_empty_report(busy, signed, qtbot):
    view, presenter = signed
    before = presenter._pdf
    press(view, "day-before")
    qtbot.waitUntil(lambda: presenter._pdf != before)
    assert len(presenter.report.pages.labels) == 1


def test_one_days_report_is_neither_saved_nor_printed_under_another_days_name(busy, signed, qtbot):
    _view, presenter = signed
    page = presenter.report
    qtbot.waitUntil(page.save.isEnabled)
    press(page, "day-before")  # its report is still to be made
    assert not page.save.isEnabled()
    assert not page.print.isEnabled()
    qtbot.waitUntil(page.print.isEnabled)
    assert "取号 0 张" in pdf_text(presenter._pdf)


def test_a_report_that_cannot_be_written_is_said_so(busy, signed, qtbot, tmp_path):
    view, presenter = signed
    presenter.save_to(tmp_path / "no" / "report.pdf")
    qtbot.waitUntil(lambda: "不能写入" in view.message.sentence())
    assert "那里没有这个文件夹" in view.message.sentence()


def test_a_report_that_another_program_holds_open_is_not_called_a_damaged_store():
    """Windows lets nobody replace a file that a PDF reader or a spreadsheet has open."""
    held = file_error("D:/日报表.pdf", PermissionError(13, "Access is denied"))
    assert sentence(held).startswith("不能写入 D:/日报表.pdf。它在别的程序里打开着的，请先关闭")
    assert "文件在别的程序里打开着的，请先关闭" in startup_sentence(held)


def test_staff_are_added_and_changed(signed, qtbot, hall):
    view, presenter = signed
    page = presenter.staff
    page.number.setText("0400")
    page.name.setText("孙强")
    page.password.setText("kurz")
    press(view, "add-staff")
    qtbot.waitUntil(lambda: "至少 6 位" in view.message.sentence())
    page.password.setText("lang-genug")
    press(view, "add-staff")
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    page.people.selectRow(1)
    assert page.number.text() == "0400"
    page.active.setChecked(False)
    press(view, "change-staff")
    qtbot.waitUntil(lambda: page.people.item(1, 4).text() == "停用")


def test_of_two_supervisors_who_change_one_person_the_later_one_looks_again_first(signed, qtbot, hall):
    view, presenter = signed
    page, [before] = presenter.staff, staff_service.everyone(hall)
    qtbot.waitUntil(lambda: page.people.rowCount() == 1)
    page.people.selectRow(0)
    staff_service.change_staff(hall, By("elsewhere"), replace(before, phone="5550001"))
    page.name.setText("王小芳")
    press(view, "change-staff")
    qtbot.waitUntil(lambda: "刚被别人改过，没有保存" in view.message.sentence())
    assert staff_service.everyone(hall) == (replace(before, phone="5550001"),)
    qtbot.waitUntil(lambda: page.people.item(0, 3).text() == "5550001")
    page.people.selectRow(0)
    for name in ("王小芳", "王大芳"):  # and once more, without choosing anew
        page.name.setText(name)
        press(view, "change-staff")
        qtbot.waitUntil(lambda name=name: f"已保存：{before.number} {name}" in view.message.sentence())
    assert staff_service.everyone(hall) == (replace(before, phone="5550001", name="王大芳"),)


def test_who_types_a_name_that_cannot_be_printed_is_told(signed, qtbot, hall):
    view, presenter = signed
    page = presenter.staff
    page.number.setText("0401")
    page.name.setText("𠮷某")
    page.password.setText("lang-genug")
    press(view, "add-staff")
    qtbot.waitUntil(lambda: "印不出“𠮷”" in view.message.sentence())
    assert "0401 𠮷某" in view.message.sentence()


def test_a_doubtful_slip_is_decided_and_a_copy_is_queued(busy, signed, qtbot, hall):
    view, presenter = signed
    job = printing.next_job(hall, "kiosk")
    printing.start(hall, By("printer"), job.id)
    printing.failed(hall, By("printer"), job.id, "unknown_fate", unknown=True)
    qtbot.waitUntil(lambda: presenter.jobs.jobs.rowCount() == 1 and "不确定" in presenter.jobs.jobs.item(0, 3).text())
    press(view, "job-printed")
    qtbot.waitUntil(lambda: presenter.jobs.jobs.rowCount() == 0)
    presenter.jobs.number.setText("a001")
    press(view, "copy")
    qtbot.waitUntil(lambda: presenter.jobs.jobs.rowCount() == 1)
    copy = printing.next_job(hall, "kiosk")
    assert copy.copy
    assert copy.state is JobState.QUEUED
    presenter.jobs.number.setText("Z999")
    press(view, "copy")
    qtbot.waitUntil(lambda: "Z999" in view.message.sentence())


@pytest.mark.parametrize("back", ["pressed again", "something happens", "the store is back"])
@pytest.mark.parametrize("button", ["copy", "test-page"])
def test_a_copy_whose_answer_was_lost_is_printed_once(busy, signed, qtbot, hall, tasks, feed, button, back):
    view, presenter = signed
    feed.close()  # nobody tells that the job is there
    presenter.jobs.number.setText("A001")
    with lost_answers(hall.store):
        press(view, button)
        qtbot.waitUntil(lambda: "没有响应" in view.message.sentence())
    {"pressed again": lambda: press(view, button), "something happens": lambda: feed.happened.emit(()),
     "the store is back": feed.store_back.emit}[back]()
    qtbot.waitUntil(lambda: "已送打印" in view.message.sentence() and not tasks.busy)
    assert len(made(hall, button)) == 1
    feed.store_back.emit()
    press(view, button)  # it was heard of: this is another one
    qtbot.waitUntil(lambda: len(made(hall, button)) == 2 and not tasks.busy)


def test_a_copy_that_was_not_even_asked_for_is_printed_when_the_store_is_back(busy, signed, qtbot, hall, tasks, feed):
    view, _presenter = signed
    feed.close()
    qtbot.waitUntil(lambda: not tasks.busy)  # no other thread may be at the engine when its listeners change

    def away(_db):
        raise DBAPIError("BEGIN", None, Exception("gone"))

    event.listen(hall.store.engine, "begin", away, insert=True)
    press(view, "test-page")
    qtbot.waitUntil(lambda: "没有响应" in view.message.sentence() and not tasks.busy)
    event.remove(hall.store.engine, "begin", away)
    feed.store_back.emit()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert len(made(hall, "test-page")) == 1


def made(hall, button):
    return [job for job in printing.open_jobs(hall) if job.copy == (button == "copy") and job.state is JobState.QUEUED
            and (job.copy or job.kind is SlipKind.TEST)]


def test_the_key_of_the_page_that_is_shown_is_marked(signed):
    view, _presenter = signed
    keys = [view.findChild(QPushButton, f"page-{place}") for place in range(1, 7)]
    assert [key.isChecked() for key in keys] == [True, *[False] * 5]
    for place in (4, 4, 2):
        press(view, f"page-{place}")
        assert [key.isChecked() for key in keys] == [at == place for at in range(1, 7)]


@pytest.mark.parametrize("size", [(1093, 614), (1280, 720), (1366, 768), (1536, 864), (1920, 1080)])
def test_no_word_is_cut_on_any_page(busy, signed, qtbot, size):
    view, _presenter = signed
    view.resize(*size)
    for place in range(1, 6):
        press(view, f"page-{place}")
        qtbot.wait(20)
        for one in view.findChildren(QLabel):
            if one.isVisible() and one.text() and not one.wordWrap():
                assert one.sizeHint().width() <= one.width() + 1, one.text()
        assert overlapping(view) == []
    assert (view.width(), view.height()) == size


def test_a_slip_of_an_appointment_is_asked_for_where_the_hall_takes_some(themed, qtbot):
    for takes in (False, True):
        page = JobsPage(takes)
        qtbot.addWidget(page)
        assert ("预约号" in page.number.placeholderText()) == takes


def test_of_a_job_at_a_pc_with_a_long_name_the_reason_can_be_read(themed, qtbot):
    page, now = JobsPage(), datetime(2026, 11, 23, tzinfo=UTC)
    qtbot.addWidget(page)
    page.resize(868, 540)  # what a window of 1093x614 leaves
    page.show_slips([(PrintJob(1204, now.date(), "window-12@YIBAO-DATING-PC-0003", SlipKind.NOTICE, 1, now,
                               JobState.FAILED, True, now, Trouble.NO_PORT), "20261123012")])
    page.show()
    qtbot.waitUntil(lambda: page.jobs.horizontalScrollBar().maximum() == 0)
    for column in range(page.jobs.columnCount()):
        text, width = page.jobs.item(0, column).text(), page.jobs.columnWidth(column) - 28
        lines = -(-page.jobs.fontMetrics().horizontalAdvance(text) // width)
        assert page.jobs.rowHeight(0) >= lines * page.jobs.fontMetrics().height()


def test_ctrl_l_locks_the_window_and_the_password_is_asked_for_again(busy, signed, qtbot, hall):
    view, presenter = signed
    assert view.password.text() == ""
    presenter.staff.password.setText("halb-getippt")
    press(view, "supervisor-lock")
    assert view.who.text() == ""
    assert not presenter.today.isVisible()
    assert presenter.staff.password.text() == ""
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("change"))
    view.password.setText(PASSWORD)  # the number still stands there
    press(view, "supervisor-sign-in")
    qtbot.waitUntil(lambda: view.who.text() == "0300 周敏" and figure(view, "waiting") == "2 人")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter], ids=["main", "keypad"])
def test_the_key_that_signs_in_is_shown_and_signs_in_once(themed, qtbot, key):
    view = SupervisorWindow("")
    qtbot.addWidget(view)
    asked = []
    view.sign_in_requested.connect(lambda *given: asked.append(given))
    view.show()
    button = view.findChild(QAbstractButton, "supervisor-sign-in")
    assert [each.text() for each in button.findChildren(QLabel) if each.isVisible()] == ["登录", "Enter"]
    view.number.setText("0300")
    view.password.setText(PASSWORD)
    view.password.setFocus()
    qtbot.keyClick(view.password, key)
    assert asked == [("0300", PASSWORD)]


def test_a_wrong_password_is_typed_over_and_the_way_out_is_told(opened, qtbot):
    view, _presenter = opened
    view.number.setText("0300")
    view.password.setText("vergessen")
    press(view, "supervisor-sign-in")
    qtbot.waitUntil(lambda: "hallapp password" in view.message.sentence())
    assert view.password.selectedText() == "vergessen"


def test_the_first_of_the_staff_can_be_chosen_by_a_click_and_nobody_is_chosen_before(busy, signed, qtbot):
    view, presenter = signed
    press(view, "page-3")
    page = presenter.staff
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    assert not page.findChild(QPushButton, "change-staff").isEnabled()
    first = page.people.visualItemRect(page.people.item(0, 0)).center()
    qtbot.mouseClick(page.people.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert (page.number.text(), page.name.text()) == ("0300", "周敏")
    assert page.findChild(QPushButton, "change-staff").isEnabled()


def test_a_chosen_member_stays_chosen_when_another_comes_before(busy, signed, qtbot, hall, employed):
    presenter = signed[1]
    page = presenter.staff
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    page.people.selectRow(1)
    assert page.number.text() == "0312"
    employed("0305", "孙强")
    presenter._read()
    qtbot.waitUntil(lambda: page.people.rowCount() == 3)
    assert page.people.item(page.people.currentRow(), 0).text() == "0312"


def test_a_chosen_member_is_not_kept_under_the_number_of_another(busy, signed, qtbot):
    page = signed[1].staff
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    page.people.selectRow(1)
    keep = page.findChild(QPushButton, "change-staff")
    assert keep.isEnabled()
    page.number.setText("0300")
    assert not keep.isEnabled()
    page.number.setText("0312")
    assert keep.isEnabled()


def test_fields_are_empty_again_once_a_member_was_added(signed, qtbot):
    view, presenter = signed
    page = presenter.staff
    page.number.setText("0400")
    page.name.setText("孙强")
    page.password.setText("lang-genug")
    press(view, "add-staff")
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    assert (page.number.text(), page.name.text(), page.password.text()) == ("", "", "")


def test_who_is_added_next_has_no_rights_of_whoever_was_added_before(signed, qtbot):
    view, presenter = signed
    press(view, "page-3")
    page = presenter.staff
    page.number.setText("0400")
    page.name.setText("孙强")
    page.password.setText("lang-genug")
    page.role.setCurrentIndex(page.role.findData(Role.SUPERVISOR))
    page.active.setChecked(False)
    page.password.setFocus()
    press(view, "add-staff")
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    assert (page.role.currentData(), page.active.isChecked()) == (Role.CLERK, True)
    assert page.number.hasFocus()


def test_a_name_pasted_with_a_line_end_is_one_line(signed, qtbot, hall):
    view, presenter = signed
    page = presenter.staff
    QGuiApplication.clipboard().setText("孙强\n二组\n")
    page.number.setText("0400")
    page.name.paste()
    page.password.setText("lang-genug")
    press(view, "add-staff")
    qtbot.waitUntil(lambda: page.people.rowCount() == 2)
    assert page.people.item(1, 1).text() == "孙强 二组"


def test_what_was_said_of_one_page_is_not_said_of_the_next(signed):
    view, _presenter = signed
    view.show_message("工号 0302 已存在。")
    press(view, "page-4")
    assert not view.message.isVisible()


def test_the_last_supervisor_cannot_be_switched_off(signed, qtbot):
    view, presenter = signed
    page = presenter.staff
    qtbot.waitUntil(lambda: page.people.rowCount() == 1)
    page.people.selectRow(0)
    page.active.setChecked(False)
    press(view, "change-staff")
    qtbot.waitUntil(lambda: "至少要有一名在用的管理员" in view.message.sentence())


def test_slips_are_told_by_number_and_nothing_is_offered_that_cannot_be_done(busy, signed, hall, qtbot):
    view, presenter = signed
    page = presenter.jobs
    keys = [view.findChild(QPushButton, name) for name in ("job-printed", "job-again", "job-cancel")]
    qtbot.waitUntil(lambda: page.jobs.rowCount() == 1)
    assert page.jobs.item(0, 2).text() == "号码单 A001"
    assert [key.isEnabled() for key in keys] == [False, False, True]
    printing.doubt_interrupted(hall, By("printer"), "kiosk")
    job = printing.next_job(hall, "kiosk")
    printing.start(hall, By("printer"), job.id)
    printing.doubt_interrupted(hall, By("printer"), "kiosk")
    qtbot.waitUntil(lambda: "程序中断" in page.jobs.item(0, 4).text())
    assert [key.isEnabled() for key in keys] == [True, True, True]
    press(view, "job-printed")
    qtbot.waitUntil(lambda: page.jobs.rowCount() == 0)
    assert [key.isEnabled() for key in keys] == [False, False, False]
    press(view, "page-4")
    assert "所有小票都已打出。" in [one.text() for one in page.findChildren(QLabel) if one.isVisible()]


def test_of_several_slips_none_is_chosen_by_itself_and_a_choice_stays_with_its_slip(busy, signed, hall, qtbot):
    presenter = signed[1]
    page = presenter.jobs
    for _ in range(2):
        kiosk.issue(hall, By("kiosk"), kiosk.Wish("change"), "kiosk")
    presenter.jobs.show_slips(())
    presenter.jobs.show_slips(printing.open_slips(hall))
    assert page._chosen() is None
    page.jobs.selectRow(1)
    chosen = page._chosen()
    first = printing.next_job(hall, "kiosk")
    printing.start(hall, By("printer"), first.id)
    printing.printed(hall, By("printer"), first.id)
    qtbot.waitUntil(lambda: page.jobs.rowCount() == 2)
    assert page._chosen() == chosen


def test_the_catalogue_page_tells_which_file_to_change(opened):
    presenter = opened[1]
    assert any("[items.modes]" in one.text() and "hall.toml" in one.text()
               for one in presenter.catalogue.findChildren(QLabel))


def test_a_day_over_the_ten_minutes_is_told_as_failed_with_its_cases(busy, signed, hall, clock, qtbot):
    view, _presenter = signed
    counter.call_next(hall, busy)
    counter.arrive(hall, busy)
    item = visits.start_item(hall, busy, "NT02")
    clock.advance(minutes=20)
    visits.finish_item(hall, busy, item.id, Outcome.COMPLETED)
    qtbot.waitUntil(lambda: "■ 未达标，2 件中 1 件超过 10 分钟" in [one.text() for one in view.findChildren(QLabel)])


def test_on_a_small_screen_bad_ratings_take_the_room_of_the_windows_names(busy, signed, hall, qtbot):
    view, presenter = signed
    view.resize(1093, 614)
    assert not presenter.today.windows.isColumnHidden(3)
    ratings.rate(hall, By("rater-1"), ratings.to_rate(hall, 1).id, 1)
    qtbot.waitUntil(lambda: presenter.today.bad.isVisible())
    assert presenter.today.windows.isColumnHidden(3)
    view.resize(1366, 768)
    assert not presenter.today.windows.isColumnHidden(3)


def test_keys_are_called_as_they_are_written_on_the_keyboard(signed):
    view, _presenter = signed
    chips = [one.text() for one in view.findChildren(QLabel) if one.property("look") == "chip"]
    assert {"Ctrl+←", "Ctrl+→", "Ctrl+Enter", "Enter"} <= set(chips)
    assert not [chip for chip in chips if "Return" in chip or "Left" in chip]


@pytest.mark.parametrize(("page", "name"), [
    ("page-3", "staff-number"), ("page-4", "copy-number")])
def test_the_keyboard_goes_to_the_page_that_was_chosen(signed, page, name):
    view, _presenter = signed
    press(view, page)
    assert view.focusWidget() is view.findChild(QWidget, name)


def test_of_the_report_the_days_change_by_their_keys_at_once(signed):
    view, presenter = signed
    day = presenter.report.day()
    press(view, "page-2")
    QTest.keyClick(view.focusWidget(), Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert presenter.report.day() == day - timedelta(days=1)


def test_tab_leads_from_the_staff_to_the_fields(signed, qtbot):
    view, presenter = signed
    press(view, "page-3")
    page = presenter.staff
    qtbot.waitUntil(lambda: page.people.rowCount() == 1)
    page.people.setFocus()
    QTest.keyClick(page.people, Qt.Key.Key_Down)
    QTest.keyClick(page.people, Qt.Key.Key_Tab)
    assert (page.number.text(), view.focusWidget()) == ("0300", page.number)


def test_slips_that_wait_for_an_answer_have_the_keyboard_first(busy, signed, hall, qtbot):
    view, presenter = signed
    ticket = kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk").ticket
    qtbot.waitUntil(lambda: presenter.jobs.jobs.rowCount() > 0)
    press(view, "page-4")
    assert view.focusWidget() is presenter.jobs.jobs
    presenter.jobs.number.setText(ticket.number)
    QTest.keyClick(presenter.jobs.number, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "号码单（补打）已送打印（任务 " in view.message.sentence())


def test_every_button_of_the_slips_shows_its_key(signed):
    _view, presenter = signed
    for button in presenter.jobs.findChildren(KeyButton):
        assert [each for each in button.findChildren(QLabel) if each.property("look") == "chip" and each.text()]


@pytest.mark.parametrize("size", [(1093, 614), (1366, 768)])
def test_a_message_moves_nothing_and_the_halls_name_gives_it_room(themed, qtbot, hall, size):
    view = SupervisorWindow("江苏省盐城市建湖县上冈镇人民政府便民服务中心医疗保障服务大厅")
    qtbot.addWidget(view)
    view.add_pages([("今日情况", Page("今日情况"))])
    view.show_work("0300 周敏")
    view.resize(*size)
    view.show()
    settle()
    (title,) = view.findChildren(ElidedLabel)
    at = view.pages.mapTo(view, QPoint())
    assert title.shown() == title.text()
    view.show_message("没有保存。“其他办理方式”里有小票和报表印不出的字（写的是 𠮷），会印成方框，请换成相近的字。"
                      "改好后再按“保存”。")
    settle()
    assert view.pages.mapTo(view, QPoint()) == at
    assert [each for each in cut(view) if each != title.text()] == []
    assert title.shown().endswith("…")
    assert (view.width(), view.height()) == size


def test_a_halls_usual_name_is_whole_beside_a_message(themed, qtbot):
    view = SupervisorWindow("上冈镇为民服务中心")
    qtbot.addWidget(view)
    view.show_work("0300 周敏")
    view.resize(1366, 768)
    view.show()
    view.show_message("工号 0302 已存在。")
    settle()
    assert cut(view) == []
