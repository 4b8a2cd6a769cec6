"""What the counter does when something is wrong: the store, a slip, a visit nobody ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.domain.errors import StoreAway, StoreFull
from hallapp.domain.events import By
from hallapp.domain.handling import Outcome, VisitState
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, Trouble
from hallapp.services import counter as counter_service
from hallapp.services import kiosk, printing, visits
from hallapp.services.hall import look
from hallapp.services.kiosk import Wish
from hallapp.store import visits as rows


def every_visit(hall):
    """Yesterday's and today's."""
    days = (hall.today() - timedelta(days=1), hall.today())
    with look(hall) as db:
        return [(each.state, each.void_reason) for day in days for each in rows.visits_of_day(db, hall.id, day)]


def side_text(counter):
    return "\n".join(each.text() for each in counter.view.side.findChildren(QLabel) if each.isVisible())


def test_while_the_store_is_away_no_step_is_offered_and_the_clock_goes_on(counter, feed):
    counter.press("F2 F2 1 Enter")
    feed.store_lost.emit(StoreAway("hall.db"))
    assert "办理计时继续" in counter.view.banner.sentence()
    assert "数据库没有响应" in "".join(counter.view.lights.words())
    counter.pass_time(30)
    assert counter.card().clock.text() == "00:30"
    counter.press("1 F12")
    assert counter.items()[0].outcome is None
    feed.store_back.emit()
    counter.settle()
    assert counter.view.banner.sentence() == ""
    counter.press("1")
    assert counter.items()[0].outcome is Outcome.COMPLETED


def test_what_was_typed_survives_the_stores_absence(counter, feed):
    counter.press("F2 F2")
    counter.press("cxjm")
    feed.store_lost.emit(StoreAway("hall.db"))
    counter.press("Enter")
    assert counter.items() == ()
    feed.store_back.emit()
    counter.settle()
    assert counter.view.visit.entry.field.text() == "cxjm"
    counter.press("Enter")
    assert len(counter.items()) == 1


def test_a_full_disk_is_told_apart_from_a_store_that_does_not_answer(counter, feed):
    feed.store_lost.emit(StoreFull("hall.db"))
    assert "磁盘已满" in counter.view.banner.sentence()


def test_a_silent_printer_is_said_in_the_last_line(counter, lights):
    lights.report(DeviceStatus("counter", "printer", DeviceState.DOWN, Trouble.SILENT))
    assert "柜台打印机没有应答，请检查电源和连接线" in "".join(counter.view.lights.words())


@pytest.fixture
def doubtful(make_counter, hall):
    """A counter before which a ticket's slip broke off while it was printed."""
    job = kiosk.issue(hall, By("kiosk"), Wish("enrol"), "kiosk").job_id
    printing.start(hall, By("kiosk"), job)
    printing.failed(hall, By("kiosk"), job, "interrupted", unknown=True)
    return make_counter()


@pytest.mark.parametrize(("key", "state"), [("Alt+1", None), ("Alt+2", JobState.QUEUED)])
def test_a_slip_of_unknown_fate_is_asked_about(doubtful, hall, key, state):
    assert "A001 取号单打印中断" in side_text(doubtful)
    doubtful.press(key)
    assert "打印中断" not in side_text(doubtful)
    assert [job.state for job in printing.open_jobs(hall)] == ([state] if state else [])


def test_slips_not_printed_are_counted_with_the_reason(make_counter, hall):
    for _ in range(2):
        job = kiosk.issue(hall, By("kiosk"), Wish("enrol"), "kiosk").job_id
        printing.start(hall, By("kiosk"), job)
        printing.failed(hall, By("kiosk"), job, Trouble.PAPER_OUT.value, unknown=False)
    assert "2 张取号单未打出：缺纸" in side_text(make_counter())


@pytest.fixture
def forgotten(make_counter, hall, signed_in, clock):
    """A counter on the day after clerk 0313 at window 2 forgot to end a visit."""
    kiosk.issue(hall, By("kiosk"), Wish("enrol"))
    other = signed_in(2, "0313")
    counter_service.call_next(hall, other)
    counter_service.arrive(hall, other)
    visits.start_item(hall, other, "NT01")
    clock.advance(minutes=24 * 60)
    return make_counter()


def test_a_forgotten_visit_is_closed_with_a_reason(forgotten, hall):
    assert "2 号窗口" in side_text(forgotten)
    forgotten.press("Alt+3 Alt+1")
    assert forgotten.open_dialog() is None
    assert "遗忘" not in side_text(forgotten)
    assert every_visit(hall) == [(VisitState.CLOSED, "忘记按办理完成")]


def test_escape_leaves_the_forgotten_visit_open(forgotten, hall):
    forgotten.press("Alt+3 Esc")
    assert every_visit(hall) == [(VisitState.OPEN, None)]
