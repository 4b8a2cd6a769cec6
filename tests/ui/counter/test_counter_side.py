"""What wants the clerk's attention: forgotten visits, doubtful slips, people aside, devices, a store that is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from shiboken6 import delete

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import VisitState
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, SlipKind, Trouble
from hallapp.domain.ticket import TicketState
from hallapp.services import counter as service
from hallapp.services import printing, visits
from hallapp.services import staff as staff_service
from hallapp.services.desk import desk
from hallapp.ui.counter.view import CounterWindow
from hallapp.ui.widgets.balanced import Balanced, line_ends

PRINTER = By("kiosk")


def texts(widget):
    return [each.text() for each in widget.findChildren(QLabel) if each.isVisible()]


def said(widget):
    return "\n".join(texts(widget))


@pytest.fixture
def doubtful(hall):
    """``doubtful(ticket_id)``: a slip of which nobody knows whether it came out."""

    def make(ticket_id):
        job = printing.reprint(hall, PRINTER, SlipKind.TICKET, ticket_id, "kiosk")
        printing.start(hall, PRINTER, job.id)
        return printing.failed(hall, PRINTER, job.id, "unknown_fate", unknown=True)

    return make


def state_of(hall, job):
    return next((each.state for each in printing.open_jobs(hall) if each.id == job.id), JobState.PRINTED)


@pytest.mark.parametrize(("key", "state"), [("Alt+1", JobState.PRINTED), ("Alt+2", JobState.QUEUED)])
def test_a_doubtful_slip_is_asked_about_and_answered(make_counter, issue, hall, doubtful, key, state):
    job = doubtful(issue().id)
    counter = make_counter()
    assert "A001 号码单打印中断，小票出来了吗？" in said(counter.view.side)
    counter.press(key)
    assert state_of(hall, job) is state
    assert "小票出来了吗" not in said(counter.view.side)


def test_a_question_that_takes_two_lines_is_parted_at_its_pause(make_counter, issue, doubtful):
    doubtful(issue().id)
    counter = make_counter()
    counter.view.resize(1093, 614)
    counter.settle()
    asked, = (each for each in counter.view.side.findChildren(Balanced) if "小票出来了吗" in each.text())
    first, last = line_ends(asked.text(), asked.font(), asked.contentsRect().width())
    assert asked.text()[first:last] == "小票出来了吗？"


def test_of_two_doubtful_slips_one_is_asked_after_the_other(make_counter, issue, hall, doubtful):
    first, second = doubtful(issue().id), doubtful(issue().id)
    counter = make_counter()
    assert "还有 1 张" in said(counter.view.side)
    counter.press("Alt+1")
    assert (state_of(hall, first), state_of(hall, second)) == (JobState.PRINTED, JobState.UNKNOWN)
    counter.press("Alt+2")
    assert state_of(hall, second) is JobState.QUEUED


def test_slips_that_wait_for_paper_are_one_line(make_counter, issue, hall):
    for _ in range(3):
        job = printing.reprint(hall, PRINTER, SlipKind.TICKET, issue().id, "kiosk")
        printing.blocked(hall, PRINTER, job.id, Trouble.PAPER_OUT.value)
    counter = make_counter()
    assert said(counter.view.side).count("未打出") == 1
    assert "▲ 3 张号码单未打出：缺纸，请装纸" in said(counter.view.side)


def test_a_forgotten_visit_is_closed_with_a_reason(make_counter, issue, hall, clock):
    issue()
    forgetful = make_counter(2, "0313", name="李强")
    forgetful.press("F2 F2 1 Enter")
    clock.advance(minutes=24 * 60)
    service_clerk = Clerk("window-2", "0313", 2)
    counter = make_counter()
    assert "▲ 遗忘未结束 1 件：11月23日 2 号窗口" in said(counter.view.side)
    counter.press("Alt+3 Alt+1")
    assert "遗忘未结束" not in said(counter.view.side)
    with pytest.raises(Exception, match="without a visit"):
        visits.finish_visit(hall, service_clerk)


@pytest.mark.parametrize("item", ["", " 1 Enter"], ids=["bare", "item"])
def test_an_earlier_days_visit_at_this_window_says_from_when_it_is_and_what_ends_it(make_counter, issue, clock, item):
    issue()
    make_counter().press(f"F2 F2{item}")
    clock.advance(minutes=24 * 60)
    counter = make_counter()
    assert counter.view.queue.state.text() == "11月23日没有结束，请按 Alt+3"
    assert counter.view.visit.hint.isHidden() == bool(item)
    assert "以前没有结束的接待" in counter.view.visit.hint.text()
    counter.press("Alt+3 Alt+1")
    assert counter.view.queue.state.text() == ""


def test_the_reason_of_a_forgotten_visit_is_kept(make_counter, issue, hall, clock):
    issue()
    forgetful = make_counter(2, "0313", name="李强")
    forgetful.press("F2 F2 1 Enter")
    clock.advance(minutes=24 * 60)
    counter = make_counter()
    counter.press("Alt+3")
    counter.write("系统停机")
    counter.press("Enter")
    clock.advance(minutes=-24 * 60)
    (visit,) = counter.visits()
    assert (visit.state, visit.void_reason) == (VisitState.CLOSED, "系统停机")


def test_a_queue_longer_than_the_screen_is_counted(make_counter, issue):
    for _ in range(30):
        issue()
    counter = make_counter()
    counter.view.resize(1366, 768)
    counter.settle()
    rows = [text for text in texts(counter.view.side.waiting) if text.startswith("A0")]
    assert f"另有 {30 - len(rows)} 人，按 F11 查看" in texts(counter.view.side.waiting)
    counter.view.resize(1920, 1080)
    counter.settle()
    assert len([text for text in texts(counter.view.side.waiting) if text.startswith("A0")]) > len(rows)


def test_priority_business_and_waiting_time_stand_beside_the_number(make_counter, issue, clock):
    issue("claim", priority=True)
    clock.advance(minutes=7)
    counter = make_counter()
    assert texts(counter.view.side.waiting) == ["L001", "优先", "医疗费用报销", "7 分"]


def test_papers_kept_elsewhere_send_the_clerk_there(counter, make_counter, signed_in):
    counter.press("F2 F2 1 Enter F5 1")
    other = make_counter(2, "0313", name="李强")
    other.press("F11 A001 Enter")
    assert "A001 的材料在 1 号窗口" in other.view.message.sentence()
    assert other.ticket("A001").state is TicketState.HELD


def test_a_missed_visitor_can_be_taken_back_while_another_is_served(counter):
    counter.press("F2")
    counter.pass_time(15)
    counter.press("F3")
    counter.pass_time(15)
    counter.press("F4 F2 F2 1 Enter F11 A001 Enter")
    assert counter.ticket("A001").state is TicketState.WAITING
    assert counter.number == "A002"


def test_how_often_still_to_call_before_a_miss_is_said(counter):
    counter.press("F2")
    assert "没有来：再呼 1 次（F3）可过号。" in counter.view.visit.hint.text()
    counter.pass_time(15)
    counter.press("F3")
    assert "可过号" not in counter.view.visit.hint.text()  # called often enough, but only just now
    counter.pass_time(15)
    assert "没有来：可过号（F4）。" in counter.view.visit.hint.text()


def test_the_mean_over_ten_minutes_is_said_by_sign_and_word(counter):
    counter.press("F2 F2 1 Enter")
    counter.pass_time(660)
    counter.press("1 F12")
    assert counter.view.queue.verdict.text() == "■ 未达标（≤10 分钟）　全厅 1 件"


def test_a_hall_with_a_target_of_its_own_reads_that_at_the_counter(counter, hall):
    view = CounterWindow(hall.catalogue, replace(hall.rules, target_seconds=450))
    counter.press("F2 F2 1 Enter")
    view.show_desk(desk(hall, 1), hall.clock.now())
    assert view.visit.cards[0].status.text() == "● 距 7.5 分钟还有 07:30"
    counter.pass_time(660)
    counter.press("1 F12")
    view.show_desk(desk(hall, 1), hall.clock.now())
    assert "（≤7.5 分钟）" in view.queue.verdict.text()
    delete(view)


def test_troubles_stand_first_in_the_device_line(counter, lights):
    lights.report(DeviceStatus("voice", "voice", DeviceState.READY))
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.WARNING, Trouble.PAPER_LOW))
    counter.settle()
    assert counter.view.lights.words() == ["▲ 取号机打印机纸将用完，请备纸", "● 数据库正常", "● 语音正常"]


def test_of_the_troubles_the_worst_stand_first_and_of_those_the_printers(counter, lights):
    lights.report(DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_VOICE))
    lights.report(DeviceStatus("reader", "reader", DeviceState.DOWN, Trouble.SILENT))
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    counter.view.repaint()
    assert [said[:5] for said in counter.view.lights.words()[:2]] == ["■ 取号机", "■ 身份证"]


def test_devices_without_room_are_counted_by_what_they_need(counter, lights):
    counter.view.resize(1366, 768)
    for name in ("kiosk", "counter", "second"):
        lights.report(DeviceStatus(name, "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    lights.report(DeviceStatus("voice", "voice", DeviceState.READY))
    counter.settle()
    assert len(counter.view.lights.words()) == 3
    assert counter.view.lights.words()[-1] == "▲ 另有 1 项需处理"
    for name in ("kiosk", "counter"):
        lights.report(DeviceStatus(name, "printer", DeviceState.READY))
    counter.settle()
    assert counter.view.lights.words()[0].startswith("■ 打印机缺纸")


def test_while_the_store_is_away_no_step_is_offered_and_the_clocks_go_on(counter, feed, doubtful, issue):
    doubtful(issue().id)
    counter.press("F2 F2 1 Enter F7 cxjm")
    feed.store_lost.emit(StoreAway("hall.db"))
    counter.pass_time(42)
    assert counter.card().clock.text() == "00:42"
    assert counter.view.visit.entry.field.text() == "cxjm"
    assert "输入的内容不会丢失" in counter.view.banner.sentence()
    assert "■ 数据库没有响应" in counter.view.lights.words()
    assert not counter.view.queue.next_number.isVisible()  # nobody knows who is next
    named = [each for each in counter.view.findChildren(QPushButton) if each.objectName()]
    assert [each.objectName() for each in named if each.isEnabled()] == []
    counter.press("Enter")
    assert len(counter.items()) == 1


def test_when_the_store_is_back_all_is_read_again_and_the_typed_is_still_there(counter, feed, hall, signed_in):
    counter.press("F2 F2 1 Enter F7 cxjm")
    feed.store_lost.emit(StoreAway("hall.db"))
    service.call_next(hall, signed_in(2, "0313"))
    feed.store_back.emit()
    counter.settle()
    assert counter.view.banner.sentence() == ""
    assert "等候 1 人" in counter.view.side.heading.text()
    assert counter.view.queue.next_number.isVisible()
    counter.press("Enter")
    assert len(counter.items()) == 2


def test_a_reading_that_failed_is_tried_again_with_the_next_second(counter, hall, signed_in):
    service.call_next(hall, signed_in(2, "0313"))
    counter.presenter._on_read_failed(StoreAway("hall.db"))
    assert "等候 3 人" in counter.view.side.heading.text()
    counter.pass_time(1)
    assert "等候 2 人" in counter.view.side.heading.text()


def test_help_lists_the_keys_and_goes_with_escape(counter):
    counter.press("F1")
    listed = [each.text() for each in counter.open_dialog().findChildren(QLabel)]
    keys = {key for button in counter.view.findChildren(QPushButton) for key in [
        each.text() for each in button.findChildren(QLabel)[1:]]}
    assert {key for key in keys if key.startswith(("F", "Shift", "Ctrl"))} <= set(listed)
    counter.press("Esc")
    assert counter.open_dialog() is None


def test_who_signed_out_elsewhere_is_told_so(counter, hall):
    staff_service.sign_out(hall, Clerk("window-1", "0312", 1))
    counter.press("F2")
    assert "登录已失效" in counter.view.message.sentence()


def aside(counter):
    """Number and words of each row."""
    rows = counter.view.side.aside._rows
    return [tuple(each.text() for each in row.findChildren(QLabel) if each.text())[:2] for row in rows]


def test_papers_that_lie_here_come_before_others_and_before_those_who_were_missed(make_counter, issue, clock):
    for _ in range(4):
        issue()
    other = make_counter(2, "0313", name="李强")
    other.press("F2")
    other.pass_time(20)
    other.press("F3")
    other.pass_time(20)
    other.press("F4 F2 F2 F5 1")  # A001 missed, A002 held there
    counter = make_counter()
    counter.press("F2 F2 F5 2 F2 F2 F5 1")
    assert aside(counter) == [
        ("A004", "持件挂起"), ("A002", "持件在 2 号窗口"), ("A003", "不持件挂起"), ("A001", "过号")]
    assert counter.view.side._aside_heading.text() == "挂起 3 人　过号可返回 1 人"


def test_whoever_may_not_come_back_any_more_does_not_push_others_out_of_sight(make_counter, issue, hall, clock):
    issue()
    counter = make_counter()
    counter.press("F2")
    counter.pass_time(20)
    counter.press("F3")
    counter.pass_time(20)
    counter.press("F4")
    assert aside(counter) == [("A001", "过号")]
    counter.pass_time(60 * hall.rules.return_minutes + 1)
    counter.presenter.read()
    counter.settle()
    assert aside(counter) == []
    assert not counter.view.side._aside_heading.isVisible()


def test_waits_go_on_while_nothing_happens_in_the_hall(counter):
    view = counter.view
    before = view.side.waiting._rows
    assert "已等不到 1 分" in view.queue.next_why.text()
    counter.pass_time(7 * 60)
    assert view.side.heading.text() == "等候 3 人　最长 7 分"
    assert [row.findChildren(QLabel)[-1].text() for row in view.side.waiting._rows] == ["7 分"] * 3
    assert "已等 7 分" in view.queue.next_why.text()
    assert not set(before) & set(view.side.waiting._rows)


def test_of_a_queue_only_the_rows_that_changed_are_made_anew(counter, issue):
    first, *others = counter.view.side.waiting._rows
    counter.press("F2")
    issue()
    counter.presenter.read()
    counter.settle()
    assert list(counter.view.side.waiting._rows[:2]) == others
    assert len(counter.view.side.waiting._rows) == 3
    assert first not in counter.view.side.waiting._rows
