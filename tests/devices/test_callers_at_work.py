"""From the pad's key to the store and back to its display: hall.toml, a real serial line, a real store."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from itertools import count
from threading import Event, Thread

import pytest

from drivers.sim.caller import CallerBus
from drivers.sim.line import SimulatedLine
from drivers.wire import WireLog
from hallapp.config import read_config
from hallapp.devices.callers import BOUNCE, Callers
from hallapp.devices.settings import by_link, make_driver, make_transport
from hallapp.devices.worker import Worker
from hallapp.domain.errors import ConfigError
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState
from hallapp.domain.ticket import CallResult, TicketState
from hallapp.services import counter, hardware_caller, kiosk, visits
from hallapp.services.reports import figures, records
from tests.services.replay import check_store

TOML = """
[hall]
id = "h1"
name = "上冈镇为民服务中心"
[[window]]
number = 1
[[window]]
number = 2
[[window]]
number = 3
[[caller]]
driver = "bus"
link = "{link}@9600"
window = 1
staff = "0312"
address = 1
[[caller]]
driver = "bus"
link = "{link}@9600"
window = 3
staff = "0314"
address = 2
"""


@pytest.fixture
def line():
    with SimulatedLine(CallerBus(), pty=True) as served:
        yield served


@pytest.fixture
def config(line, tmp_path):
    file = tmp_path / "hall.toml"
    file.write_text(TOML.format(link=line.device), encoding="utf-8")
    return read_config(file, tmp_path)


@pytest.fixture
def quick_hall(hall, employed):
    """Calls may follow one another at once."""
    employed("0312")
    employed("0314", "赵敏")
    return replace(hall, rules=replace(hall.rules, call_interval=0))


@pytest.fixture
def at_work(quick_hall, config):
    """Callers as the station wires them, in their worker, with so much time that no key bounces; what was reported."""
    states, bugs, listening = [], [], Event()
    log = WireLog(quick_hall.clock.now)

    def report(status):
        states.append(status)
        listening.set()

    [group] = by_link(config.devices, "caller")
    callers = Callers(
        group, make_driver(group[0], make_transport(group[0], log)),
        partial(hardware_caller.press, quick_hall, pause_reason="暂时离开"), partial(hardware_caller.shown, quick_hall),
        report, partial(next, count(0.0, BOUNCE)))
    worker = Worker("callers", callers.turn, Event(), bugs.append, callers.close)
    worker.start()
    assert listening.wait(5)  # what is pressed before the port is open is lost
    yield states
    worker.close()
    assert bugs == []
    assert log.lines()


@pytest.fixture
def pad(line):
    """``pad("1 call", "   001")``: press, and see this at that pad."""

    def press(words, seen):
        at = int(words[0])
        line.act(lambda: line.machine.press(words))
        assert line.wait_until(lambda: not line.machine.waiting and line.machine.displays[at] == seen), \
            line.machine.displays

    return press


def issue(hall, tickets):
    return [kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket for _ in range(tickets)]


def check(hall, empty_store, tmp_path):
    shutil.copyfile(empty_store, tmp_path / "again.db")
    check_store(hall.store, tmp_path / "again.db")


def test_a_clerk_works_with_a_pad_alone(quick_hall, line, at_work, pad, empty_store, tmp_path):
    tickets = issue(quick_hall, 4)
    assert line.wait_until(lambda: line.machine.displays == {1: "004   ", 2: "004   "})
    pad("1 call", "   001")
    pad("2 call", "   002")
    pad("1 recall", "   001")
    pad("1 miss", "002   ")
    pad("1 call", "   003")
    pad("2 hold", "001   ")
    pad("2 call", "   004")
    pad("2 call_back", "   002")
    pad("1 pause", "   003")
    pad("1 rate", "      ")
    pad("1 pause", "000   ")
    pad("2 call", "000   ")
    line.act(lambda: line.machine.press("1 transfer"))
    assert line.wait_until(lambda: line.machine.beeps == {1: 1, 2: 0})
    found = records(quick_hall, quick_hall.today())
    assert [ticket.state for ticket in found.tickets] == [
        TicketState.MISSED, TicketState.DONE, TicketState.DONE, TicketState.DONE]
    assert [(visit.ticket_id, visit.staff) for visit in found.visits] == [
        (tickets[1].id, "0314"), (tickets[3].id, "0314"), (tickets[2].id, "0312")]
    assert {status.state for status in at_work} == {DeviceState.READY}
    check(quick_hall, empty_store, tmp_path)


def test_a_caller_and_a_counter_work_through_a_day_and_call_nobody_twice(
        quick_hall, line, at_work, pad, signed_in, empty_store, tmp_path):
    tickets = issue(quick_hall, 40)
    by = signed_in(2, "0313", name="李强")

    def serve():
        for _ in range(20):
            counter.call_next(quick_hall, by)
            counter.arrive(quick_hall, by)
            visits.finish_visit(quick_hall, by)

    assert line.wait_until(lambda: line.machine.displays[1] == "040   ")
    other = Thread(target=serve)
    other.start()
    seen = []
    for _ in range(20):
        line.act(lambda: line.machine.press("1 call"))
        assert line.wait_until(lambda: not line.machine.waiting and line.machine.displays[1].startswith("   ")
                               and line.machine.displays[1] not in seen)
        seen.append(line.machine.displays[1])
    other.join()
    pad("1 rate", "000   ")
    day = quick_hall.today()
    found = records(quick_hall, day)
    assert {ticket.state for ticket in found.tickets} == {TicketState.DONE}
    assert sorted(call.ticket_id for call in found.calls) == [ticket.id for ticket in tickets]
    assert [sum(call.window == window for call in found.calls) for window in (1, 2)] == [20, 20]
    assert {call.result for call in found.calls if call.window == 1} == {CallResult.CAME}
    told = figures(quick_hall, day)
    assert (told.visits, told.by_caller, told.way.n) == (40, 20, 20)
    check(quick_hall, empty_store, tmp_path)


def test_a_store_that_does_not_answer_refuses_keys_and_leaves_the_displays(
        quick_hall, line, at_work, pad, store_path):
    issue(quick_hall, 2)
    pad("1 call", "   001")
    quick_hall.store.close()
    store_path.write_bytes(b"no store" * 1000)
    line.act(lambda: line.machine.press("1 call"))
    assert line.wait_until(lambda: line.machine.beeps == {1: 1, 2: 0})
    assert line.act(lambda: line.machine.displays[1]) == "   001"


def test_hall_toml_names_what_is_wrong_with_a_caller(line, tmp_path):
    file = tmp_path / "hall.toml"
    good = TOML.format(link=line.device)
    for wrong, key in ((good.replace("address = 2", "address = 256"), "address"),
                       (good.replace("address = 2", 'address = "2"'), "address"),
                       (good.replace('staff = "0314"\n', ""), "staff"),
                       (good.replace("window = 3\n", "window = 4\n"), "window")):
        assert wrong != good
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(ConfigError, match=rf"caller\[2\]\.{key}"):
            read_config(file, tmp_path)
