"""An ID card laid at the kiosk: it opens the priority lane by age, and does nothing else."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Thread

import pytest

from drivers.link import make_link
from drivers.readers.sdt import SdtReader
from drivers.sim.line import SimulatedLine
from drivers.sim.reader import CardFault, CardReaderMachine, made_up
from hallapp.devices.id_reader import IdReader
from hallapp.devices.worker import Worker
from hallapp.domain.errors import StoreAway
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services.hall import look
from hallapp.store import log

READY = DeviceStatus("reader", "reader", DeviceState.READY)
WAYS = [[], ["group-elsewhere"], ["group-elsewhere", "item-NT08"]]


@pytest.fixture
def lay(kiosk):
    """``lay(age)``: a card is laid, told by the reader's thread."""

    def lay(age):
        told = Thread(target=kiosk.presenter.card_seen.emit, args=(age,))
        told.start()
        told.join()
        kiosk.settle()

    return lay


def test_whoever_is_old_enough_is_asked_and_enters_the_lane(kiosk, lay):
    lay(60)
    assert kiosk.page() == "LanePage"
    assert kiosk.view.page.scale.large
    kiosk.tap("lane-enter")
    assert kiosk.page() == "HomePage"
    assert kiosk.view.page.scale.large
    kiosk.tap("group-other")
    assert [(each.number, each.priority) for each in kiosk.tickets()] == [("L001", True)]


def test_whoever_is_younger_is_thanked_at_the_foot_for_a_while(kiosk, lay):
    lay(59)
    assert kiosk.page() == "HomePage"
    assert kiosk.view.trouble() == "谢谢，请继续取号"
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert kiosk.view.trouble() == ""
    kiosk.tap("group-other")
    assert not kiosk.tickets()[0].priority


def test_the_age_is_the_halls_rule(kiosk, lay, hall):
    kiosk.presenter.hall = replace(hall, rules=replace(hall.rules, priority_age=70))
    lay(69)
    assert kiosk.page() == "HomePage"
    lay(70)
    assert kiosk.page() == "LanePage"


@pytest.mark.parametrize("answer", ["lane-enter", "lane-stay", "back"])
@pytest.mark.parametrize("way", WAYS, ids=len)
def test_the_question_comes_on_every_page_and_loses_nothing_that_was_chosen(kiosk, lay, way, answer):
    for step in way:
        kiosk.tap(step)
    page = kiosk.page()
    lay(75)
    assert kiosk.page() == "LanePage"
    assert ("已经选好的业务不会丢" in kiosk.text()) is bool(way)
    kiosk.tap(answer)
    assert kiosk.page() == page
    entered = answer == "lane-enter"
    assert kiosk.view.page.scale.large is entered
    for step in ["group-elsewhere", "item-NT08", "take"][len(way):]:
        kiosk.tap(step)
    (ticket,) = kiosk.tickets()
    assert (ticket.group, ticket.item_code, ticket.priority) == ("elsewhere", "NT08", entered)


def test_another_page_of_items_comes_back_as_it_was(kiosk, lay, hall):
    group = max(hall.catalogue.groups, key=lambda each: len(each.items))
    kiosk.tap(f"group-{group.code}")
    if len(group.items) > 6:
        kiosk.tap("more")
    text = kiosk.text()
    lay(75)
    kiosk.tap("lane-stay")
    assert kiosk.text() == text


def test_home_leaves_the_question_and_starts_anew(kiosk, lay):
    kiosk.tap("group-elsewhere")
    lay(75)
    kiosk.tap("home")
    assert kiosk.page() == "HomePage"
    assert not kiosk.view.page.scale.large


@pytest.mark.parametrize("way", WAYS, ids=len)
def test_a_question_that_nobody_answers_goes_away(kiosk, lay, way):
    for step in way:
        kiosk.tap(step)
    lay(75)
    kiosk.let_time_run_out(kiosk.presenter._idle)
    assert kiosk.page() == "HomePage"
    assert not kiosk.view.page.scale.large


def test_an_answered_question_leaves_no_clock_running_on_the_home_page(kiosk, lay):
    lay(75)
    kiosk.tap("lane-stay")
    assert not kiosk.presenter._idle.isActive()


def test_with_a_number_just_taken_the_lane_gives_another_and_says_so(kiosk, lay):
    kiosk.tap("group-other")
    lay(75)
    assert "F001" in kiosk.text()
    assert not kiosk.presenter._done.isActive()
    kiosk.tap("lane-enter")
    assert kiosk.page() == "HomePage"
    kiosk.tap("group-other")
    assert [each.number for each in kiosk.tickets()] == ["F001", "L001"]


def test_with_a_number_just_taken_declining_shows_it_again(kiosk, lay):
    kiosk.tap("group-other")
    lay(75)
    kiosk.tap("lane-stay")
    assert kiosk.says("number") == "F001"
    kiosk.let_time_run_out(kiosk.presenter._done)
    assert kiosk.page() == "HomePage"
    assert len(kiosk.tickets()) == 1


def test_in_the_lane_a_card_changes_nothing(kiosk, lay):
    kiosk.tap("priority")
    kiosk.tap("group-elsewhere")
    for age in (75, 30):
        lay(age)
        assert kiosk.page() == "ItemsPage"
        assert kiosk.view.page.scale.large
    assert kiosk.view.trouble() == "谢谢，请继续取号"


def test_a_younger_card_does_not_take_the_question_away(kiosk, lay):
    lay(75)
    lay(40)
    assert kiosk.page() == "LanePage"


def test_a_card_laid_while_the_number_is_on_its_way_does_not_hide_it(kiosk):
    kiosk.presenter._on_group_chosen("other")
    kiosk.presenter.card_seen.emit(75)
    kiosk.settle()
    assert kiosk.says("number") == "F001"


def test_without_a_store_a_card_does_nothing(kiosk, lay, feed):
    feed.store_lost.emit(StoreAway("hall.db"))
    for age in (75, 30):
        lay(age)
        assert kiosk.page() == "AwayPage"
        assert kiosk.view.trouble() == ""
    kiosk.presenter.card_unread.emit()
    assert kiosk.view.trouble() == ""
    feed.store_back.emit()
    assert kiosk.page() == "HomePage"


def test_a_store_that_is_lost_takes_the_question_away(kiosk, lay, feed):
    lay(75)
    feed.store_lost.emit(StoreAway("hall.db"))
    assert kiosk.page() == "AwayPage"
    feed.store_back.emit()
    assert kiosk.page() == "HomePage"


def test_a_card_that_was_not_read_is_to_be_laid_again(kiosk, lay):
    kiosk.tap("group-elsewhere")
    kiosk.presenter.card_unread.emit()
    assert kiosk.view.trouble() == "身份证没有读出来，请拿起来再放一次"
    assert kiosk.page() == "ItemsPage"
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert kiosk.view.trouble() == ""


def test_what_is_said_of_a_card_makes_room_for_the_printers_trouble_again(kiosk, lay, lights):
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    lay(30)
    assert "谢谢" in kiosk.view.trouble()
    kiosk.let_time_run_out(kiosk.presenter.foot._said)
    assert "缺纸" in kiosk.view.trouble()


def test_the_card_is_offered_only_while_a_reader_is_ready(kiosk, lights):
    def offered():
        return "可刷身份证进入优先通道" in kiosk.text()

    assert not offered()
    lights.report(READY)
    assert offered()
    kiosk.tap("group-elsewhere")
    kiosk.tap("home")
    assert offered()
    lights.report(replace(READY, state=DeviceState.DOWN, trouble=Trouble.SILENT))
    assert not offered()
    assert "也可请工作人员帮忙" in kiosk.text()
    kiosk.tap("priority")
    lights.report(READY)
    assert not offered()


def test_another_screen_keeps_the_question(kiosk, lay):
    kiosk.tap("group-elsewhere")
    lay(75)
    kiosk.view.resize(1080, 1920)
    assert kiosk.page() == "LanePage"
    kiosk.tap("lane-stay")
    assert kiosk.page() == "ItemsPage"


def test_a_notice_scanned_while_a_number_is_still_shown_gives_its_own_number(kiosk, notice):
    kiosk.tap("group-other")
    kiosk.scan(notice.barcode)
    assert not kiosk.presenter._done.isActive()
    kiosk.tap("take")
    first, second = kiosk.tickets()[-2:]
    assert (first.notice_id, second.notice_id) == (None, notice.id)
    assert kiosk.says("number") == second.number != first.number


@pytest.fixture
def stand(kiosk, lights, hall):
    """A simulated reader whose cards this kiosk sees, through its driver and its worker's thread."""
    with SimulatedLine(CardReaderMachine(), pty=True) as line:
        transport = make_link(line.device, SdtReader.baudrate, timeout=0.1)
        reader = IdReader("reader", SdtReader(transport, SdtReader.Settings()), hall.today, lights.report,
                          kiosk.presenter.card_seen.emit, kiosk.presenter.card_unread.emit)
        failures = []
        worker = Worker("reader", reader.turn, reader.poked, failures.append, transport.close)
        worker.start()
        yield line
        worker.close()
        assert failures == []


def test_from_the_card_on_the_reader_to_the_number_nothing_tells_who_it_is(kiosk, stand, hall, caplog, qtbot):
    caplog.set_level(logging.DEBUG)
    card = made_up(born=hall.today().replace(year=hall.today().year - 87))
    qtbot.waitUntil(lambda: "可刷身份证" in kiosk.text())
    stand.set(CardFault.READ_FAILED)
    stand.act(lambda: stand.machine.lay(card))
    qtbot.waitUntil(lambda: "没有读出来" in kiosk.view.trouble())
    seen = [kiosk.text(), kiosk.view.trouble()]
    stand.act(stand.machine.lift)
    stand.set(CardFault.READ_FAILED, on=False)
    stand.act(lambda: stand.machine.lay(card))
    qtbot.waitUntil(lambda: kiosk.page() == "LanePage")
    seen.append(kiosk.text())
    kiosk.tap("lane-enter")
    kiosk.tap("group-other")
    assert kiosk.says("number") == "L001"
    with look(hall) as db:
        seen.append(repr(log.events_after(db, hall.id, 0)))
    everything = "\n".join([*seen, kiosk.text(), repr(kiosk.tickets()), caplog.text])
    for value in (card.name, card.number, card.address, card.authority, f"{card.born:%Y%m%d}"):
        assert value not in everything
    assert "87" not in "\n".join(seen[:3])
