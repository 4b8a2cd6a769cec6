"""The signs of a hall: what they show, and what becomes of them when one of them fails."""

import contextlib
from datetime import UTC, datetime
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import Unreachable
from drivers.signs.cd5220 import Cd5220Settings, Cd5220Sign
from drivers.signs.modbus import ModbusSettings, ModbusSign
from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.sign_text import SignText
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.sign import Cd5220Machine, ModbusMachine, OnbonMachine, SignBus, SignFault
from hallapp.devices.settings import DeviceSettings
from hallapp.devices.signs import FLASH, REFRESH, RETRY, HallSign, SignLink, Wanted, make_links, served
from hallapp.domain.errors import StoreError
from hallapp.domain.printing import DeviceState, Trouble
from tests.drivers.signs.wire import Wire, real_line

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class HallStub:
    """What the hall wants of its signs, a clock, and what was reported."""

    def __init__(self):
        self.wanted, self.now, self.reports, self.error = {}, 100.0, [], None

    def want(self, window, text, call=0, number=""):
        self.wanted[window] = Wanted(SignText(number, window, text), call)

    def __call__(self):
        if self.error:
            raise self.error
        return list(self.wanted.values())

    def states(self):
        found = [(one.name, one.state, one.trouble) for one in self.reports]
        self.reports.clear()
        return found

    def pass_by(self, seconds, *links):
        """Time goes by, every link taking its turns as its worker would."""
        end = self.now + seconds
        while self.now + (step := min(settle(link) for link in links)) <= end:
            self.now += step
        self.now = end


def settle(link):
    """Turns until nothing more is due at once; seconds until something is."""
    for _ in range(50):
        if (seconds := link.turn()) > 0:
            return seconds
    raise AssertionError("it never comes to rest")


def at_work(hall, link):
    """Until the sign has taken its first text: on a busy machine a whole time-out may go by before its answer."""
    for _ in range(5):
        settle(link)
        if hall.states()[-1][1:] == READY:
            return
        hall.now += RETRY
    raise AssertionError("it never takes a text")


@pytest.fixture
def hall():
    return HallStub()


def link_of(hall, transport, *drivers):
    signs = [HallSign(f"sign-{place}", place, driver) for place, driver in enumerate(drivers, 1)]
    return SignLink("signs", signs, transport, hall, hall.reports.append, lambda: hall.now)


def cards(hall, count=1, kind=None):
    """A bus of Onbon cards at windows 1 to ``count``, straight connected."""
    bus = SignBus([OnbonMachine(address) for address in range(1, count + 1)])
    wire = Wire(bus)
    return bus, wire, link_of(hall, wire, *(
        OnbonSign(wire, OnbonSettings(address=address)) for address in range(1, count + 1)))


def shown(bus):
    return [sign.shown for sign in bus.signs]


def test_each_sign_shows_what_its_window_wants_and_only_changes_are_sent(hall):
    bus, wire, link = cards(hall, 3)
    for window in (1, 2, 3):
        hall.want(window, f"{window}号")
    settle(link)
    assert shown(bus) == ["1号", "2号", "3号"]
    assert len(wire.sent) == 3
    hall.want(2, "请A001号到2号窗口", call=5)
    settle(link)
    assert shown(bus) == ["1号", "请A001号到2号窗口", "3号"]
    assert len(wire.sent) == 4
    assert hall.states() == [(f"sign-{n}", DeviceState.READY, Trouble.NONE) for n in (1, 2, 3)]


def test_a_sign_at_a_window_that_is_not_told_of_is_dark(hall):
    bus, wire, link = cards(hall)
    settle(link)
    assert (shown(bus), len(wire.sent)) == ([""], 1)


def test_a_text_that_is_called_again_flashes_and_stays(hall):
    bus, _, link = cards(hall)
    hall.want(1, "请A001号", call=5)
    settle(link)
    hall.want(1, "请A001号", call=9)
    hall.pass_by(7 * FLASH, link)
    assert bus.signs[0].history == ["请A001号", *["", "请A001号"] * 3]
    hall.pass_by(5 * FLASH, link)
    assert len(bus.signs[0].history) == 7


def test_a_new_call_does_not_flash_and_an_undone_recall_changes_nothing(hall):
    bus, _, link = cards(hall)
    hall.want(1, "请A001号", call=5)
    settle(link)
    hall.want(1, "请A002号", call=9)
    settle(link)
    hall.want(1, "请A002号", call=7)
    settle(link)
    assert bus.signs[0].history == ["请A001号", "请A002号"]


def test_what_is_wanted_during_the_flashing_comes_at_once(hall):
    bus, _, link = cards(hall)
    hall.want(1, "请A001号", call=5)
    settle(link)
    hall.want(1, "请A001号", call=9)
    settle(link)
    assert shown(bus) == [""]
    hall.want(1, "A001号办理中", call=9)
    settle(link)
    assert shown(bus) == ["A001号办理中"]
    hall.pass_by(8 * FLASH, link)
    assert bus.signs[0].history == ["请A001号", "", "A001号办理中"]


def test_a_sign_that_lost_its_text_without_a_word_gets_it_again_by_itself(hall):
    bus, _, link = cards(hall)
    hall.want(1, "暂停服务")
    settle(link)
    bus.signs[0].history.append("")  # somebody pulled its plug and put it back
    hall.pass_by(REFRESH + 1, link)
    assert shown(bus) == ["暂停服务"]


def test_a_sign_that_went_silent_is_noticed_although_nothing_changes(hall):
    bus, _, link = cards(hall)
    settle(link)
    hall.states()
    bus.signs[0].faults.add(SignFault.OFF)
    hall.pass_by(REFRESH + 1, link)
    assert hall.states() == [("sign-1", DeviceState.DOWN, Trouble.SILENT)]


@pytest.mark.parametrize(("fault", "trouble"), [(SignFault.OFF, Trouble.SILENT), (SignFault.NAK, Trouble.REFUSED)])
def test_one_failing_sign_does_not_stop_the_others_on_its_bus(hall, fault, trouble):
    bus, _, link = cards(hall, 3)
    bus.signs[0].faults.add(fault)
    for turn in range(5):
        for window in (1, 2, 3):
            hall.want(window, f"{turn}")
        settle(link)
        assert shown(bus)[1:] == [f"{turn}"] * 2
        hall.now += 1
    assert ("sign-1", DeviceState.DOWN, trouble) in hall.states()


def test_a_sign_that_comes_back_shows_what_is_wanted_now_and_nothing_older(hall):
    bus, _, link = cards(hall, 2)
    hall.want(1, "请A001号", call=1)
    settle(link)
    bus.signs[0].faults.add(SignFault.OFF)
    for call in range(2, 9):
        hall.want(1, f"请A00{call}号", call=call)
        hall.pass_by(1, link)
    bus.signs[0].faults.clear()
    before = len(bus.signs[0].history)
    hall.pass_by(RETRY + 0.1, link)
    assert bus.signs[0].history[before:] == ["请A008号"]
    assert hall.states()[-1] == ("sign-1", DeviceState.READY, Trouble.NONE)


def test_a_failing_sign_is_tried_again_only_after_a_while(hall):
    bus, wire, link = cards(hall)
    bus.signs[0].faults.add(SignFault.OFF)
    settle(link)
    for text in "abcdef":
        hall.want(1, text)
        settle(link)
    assert len(wire.sent) == 1
    hall.pass_by(RETRY, link)
    assert len(wire.sent) == 2


def test_for_signs_that_all_fail_the_hall_is_read_only_when_one_is_tried_again(hall):
    bus, _, link = cards(hall, 2)
    for sign in bus.signs:
        sign.faults.add(SignFault.OFF)
    settle(link)
    hall.error = AssertionError("nobody may read the hall now")
    hall.want(1, "请A001号到1号窗口", call=5)
    assert 0 < link.turn() <= RETRY  # as after a commit
    hall.error = None
    bus.signs[0].faults.clear()
    hall.now += RETRY
    settle(link)
    assert bus.signs[0].shown == "请A001号到1号窗口"


def test_a_turn_costs_one_time_out_at_most_however_many_signs_are_silent(hall):
    bus, wire, link = cards(hall, 4)
    for sign in bus.signs[1:]:
        sign.faults.add(SignFault.OFF)
    for window in range(1, 5):
        hall.want(window, "热情为您服务")
    asked = []
    while link.turn() == 0.0:
        asked.append(len(wire.sent))
    assert [later - sooner for sooner, later in zip([0, *asked], asked, strict=False)] == [2, 1, 1]
    hall.now += RETRY
    hall.want(1, "A001")
    before = len(wire.sent)
    assert link.turn() == 0.0
    assert (shown(bus)[0], len(wire.sent) - before) == ("A001", 2)  # the healthy one first, then one that is silent


def test_everything_on_its_way_is_lost_when_a_sign_fails(hall):
    """A late answer must not be taken for one to the next question."""
    closed = []
    bus, wire, link = cards(hall)
    wire.close = lambda: closed.append(1)
    bus.signs[0].faults.add(SignFault.OFF)
    settle(link)
    assert closed == [1]


def test_while_the_store_is_away_the_signs_stay_as_they_are(hall):
    bus, wire, link = cards(hall)
    hall.want(1, "A001")
    settle(link)
    hall.error = StoreError("away")
    assert link.turn() == RETRY
    assert (shown(bus), len(wire.sent)) == (["A001"], 1)


def test_a_text_that_a_sign_has_no_characters_for_is_told_as_that_and_other_texts_are_shown(hall):
    bus, _, link = cards(hall)
    hall.want(1, "欢迎来㛃镇")
    settle(link)
    assert hall.states() == [("sign-1", DeviceState.DOWN, Trouble.CHARSET)]
    hall.want(1, "请A001号", call=5)
    hall.now += RETRY
    settle(link)
    assert (shown(bus), hall.states()) == (["请A001号"], [("sign-1", DeviceState.READY, Trouble.NONE)])


def test_a_driver_with_a_bug_of_its_own_is_down_and_the_others_go_on(hall, caplog):
    class Bug:
        def show(self, text):
            raise ZeroDivisionError

    bus, wire, _ = cards(hall, 2)
    link = link_of(hall, wire, Bug(), OnbonSign(wire, OnbonSettings(address=2)))
    hall.want(2, "A001")
    settle(link)
    assert shown(bus) == ["", "A001"]
    assert ("sign-1", DeviceState.DOWN, Trouble.PROGRAM) in hall.states()
    assert "unexpected error" in caplog.text
    caplog.clear()
    with pytest.raises(AttributeError):  # it has no check either
        link.show_off(link.signs[0])
    assert hall.states() == [("sign-1", DeviceState.DOWN, Trouble.PROGRAM)]


def test_an_error_that_nobody_expected_is_a_fault_of_all_signs_until_a_turn_succeeds(hall):
    bus, _, link = cards(hall, 2)
    hall.want(1, "A001")
    settle(link)
    hall.states()
    hall.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        link.turn()
    assert hall.states() == [(f"sign-{place}", DeviceState.DOWN, Trouble.PROGRAM) for place in (1, 2)]
    hall.error = None
    hall.now += RETRY
    settle(link)
    assert [state[1] for state in hall.states()] == [DeviceState.READY] * 2
    assert shown(bus) == ["A001", ""]


def test_signs_of_several_makers_hang_on_one_link(hall):
    number = ModbusSettings(address=9)
    bus = SignBus([OnbonMachine(1), ModbusMachine(number)])
    wire = Wire(bus)
    link = link_of(hall, wire, OnbonSign(wire, OnbonSettings()), ModbusSign(wire, number))
    for window in (1, 2):
        hall.want(window, f"请A012号到{window}号窗口", number="A012")
    settle(link)
    assert shown(bus) == ["请A012号到1号窗口", "12"]


def test_a_trial_lights_the_sign_reports_it_and_shows_what_is_wanted_again(hall):
    bus, _, link = cards(hall, 2)
    hall.want(2, "暂停服务")
    settle(link)
    hall.states()
    link.show_off(link.signs[1])
    hall.pass_by(8 * FLASH, link)
    assert hall.states() == [("sign-2", DeviceState.READY, Trouble.NONE)]
    assert bus.signs[1].history == ["暂停服务", *["8888", ""] * 3, "暂停服务"]
    assert bus.signs[0].history == [""]


def test_a_trial_of_a_silent_sign_reports_that_again(hall):
    bus, _, link = cards(hall)
    bus.signs[0].faults.add(SignFault.OFF)
    settle(link)
    link.show_off(link.signs[0])
    assert hall.states() == [("sign-1", DeviceState.DOWN, Trouble.SILENT)] * 2


def test_closing_darkens_the_signs_and_stops_at_the_first_that_fails(hall):
    bus, wire, link = cards(hall, 3)
    for window in (1, 2, 3):
        hall.want(window, "A001")
    settle(link)
    link.close()
    assert shown(bus) == [""] * 3
    for sign in bus.signs:
        sign.faults.add(SignFault.OFF)
    sent = len(wire.sent)
    link.close()
    assert len(wire.sent) == sent + 1


deeds = st.lists(st.one_of(
    st.tuples(st.just("want"), st.integers(1, 3), st.sampled_from(["", "A001", "请A002号到1号窗口", "暂停服务"])),
    st.tuples(st.just("again"), st.integers(1, 3), st.just("")),
    st.tuples(st.just("fault"), st.integers(1, 3), st.sampled_from(list(SignFault))),
    st.tuples(st.just("well"), st.integers(1, 3), st.just("")),
    st.tuples(st.just("try"), st.integers(1, 3), st.just("")),
    st.tuples(st.just("wait"), st.sampled_from([0.1, FLASH, RETRY, REFRESH]), st.just("")),
), max_size=30)


@given(deeds)
def test_whatever_happened_every_sign_that_is_well_soon_shows_what_is_wanted(done):
    hall = HallStub()
    bus, _, link = cards(hall, 3)
    for window in (1, 2, 3):
        hall.want(window, "")
    for call, (deed, where, what) in enumerate(done, 1):
        if deed == "want":
            hall.want(where, what, call)
        elif deed == "again":
            hall.want(where, hall.wanted[where].text.text, call)
        elif deed == "fault":
            bus.signs[where - 1].faults.add(what)
        elif deed == "well":
            bus.signs[where - 1].faults.clear()
        elif deed == "try":
            link.show_off(link.signs[where - 1])
        else:
            hall.pass_by(where, link)
    hall.pass_by(REFRESH + 2 * RETRY + 12 * FLASH, link)
    well = [sign for sign in bus.signs if not sign.faults]
    assert [sign.shown for sign in well] == [
        hall.wanted[window].text.text for window, sign in enumerate(bus.signs, 1) if not sign.faults]
    latest = {status.name: status.state for status in hall.reports}
    assert latest == {f"sign-{window}": DeviceState.DOWN if sign.faults else DeviceState.READY
                      for window, sign in enumerate(bus.signs, 1)}


DOWN, READY = (DeviceState.DOWN, Trouble.SILENT), (DeviceState.READY, Trouble.NONE)
GARBLED = DeviceState.DOWN, Trouble.GARBLED


@pytest.mark.parametrize("kind", ["pty", "tcp"])
@pytest.mark.parametrize(("fault", "state"), [
    (LineFault.SILENT, DOWN), (LineFault.HALF, GARBLED), (LineFault.CORRUPT, GARBLED), (LineFault.LATE, DOWN),
    (LineFault.STALLED, DOWN), (LineFault.NOISE, READY), (LineFault.SLOW, READY),
    (SignFault.OFF, DOWN), (SignFault.BAD_CRC, GARBLED), (SignFault.NAK, (DeviceState.DOWN, Trouble.REFUSED)),
])
def test_every_fault_ends_in_the_right_state_and_passes_by_itself(hall, kind, fault, state):
    with real_line(OnbonMachine(), kind) as (line, transport):
        link = link_of(hall, transport, OnbonSign(transport, OnbonSettings()))
        hall.want(1, "请A001号")
        at_work(hall, link)
        line.set(fault)
        hall.want(1, "请A002号")
        settle(link)
        assert [one[1:] for one in hall.states()] == [state] * (state is not READY)
        line.set(fault, on=False)
        hall.want(1, "请A003号")
        hall.now += RETRY
        settle(link)
        assert [one[1:] for one in hall.states()] == [READY] * (state is not READY)
        assert line.wait_until(lambda: line.machine.shown == "请A003号")  # what had stalled may be answered first
        transport.close()


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_a_line_that_hangs_up_is_taken_up_again(hall, kind):
    with real_line(OnbonMachine(), kind) as (line, transport):
        link = link_of(hall, transport, OnbonSign(transport, OnbonSettings()))
        for text in "abc":
            line.set(LineFault.DROP)
            hall.want(1, text)
            settle(link)
            hall.now += RETRY
            settle(link)
            assert line.wait_until(lambda text=text: line.machine.shown == text)
        assert hall.states()[-1][1:] == READY
        transport.close()


def test_a_sign_that_is_unplugged_is_down_and_comes_back_on_its_port(hall):
    card = OnbonMachine()
    with SimulatedLine(card) as line:
        port = line.port
        sign = DeviceSettings("sign-1", "sign", "onbon", f"tcp://127.0.0.1:{port}", 1, "", OnbonSettings())
        [(link, _)] = make_links([sign], hall, hall.reports.append, lambda: hall.now, lambda: NOON)
        hall.want(1, "A001")
        settle(link)
    hall.want(1, "A002")
    settle(link)
    assert [one[1:] for one in hall.states()] == [READY, DOWN]
    with SimulatedLine(card, port):
        hall.want(1, "A003")
        hall.now += RETRY
        settle(link)
        assert (card.history, hall.states()) == (["A001", "A003"], [("sign-1", *READY)])
        link.close()


def test_links_are_made_of_settings_one_for_each_wire(hall):
    def sign(place, link, driver="onbon", settings=None):
        return DeviceSettings(f"sign-{place}", "sign", driver, link, place, "", settings or OnbonSettings())

    second = OnbonSettings(address=2)
    devices = [sign(1, "COM5@9600"), sign(2, "COM6", "cd5220", Cd5220Settings()), sign(3, "COM5@9600", "onbon", second),
               DeviceSettings("reader", "reader", "sdt", "COM7", None, "", None)]
    made = make_links(devices, hall, hall.reports.append, lambda: hall.now, lambda: NOON)
    assert [(link.name, [one.name for one in link.signs]) for link, _ in made] == [
        ("signs-COM5@9600", ["sign-1", "sign-3"]), ("signs-COM6", ["sign-2"])]
    assert isinstance(made[1][0].signs[0].driver, Cd5220Sign)


def test_the_devices_page_gets_every_sign_with_its_wire_log_and_a_trial_in_the_worker(hall):
    card = OnbonMachine()
    with SimulatedLine(card) as line:
        where = f"tcp://127.0.0.1:{line.port}"
        devices = [DeviceSettings("sign-1", "sign", "onbon", where, 1, "", OnbonSettings())]
        [(link, log)] = make_links(devices, hall, hall.reports.append, lambda: hall.now, lambda: NOON)
        worker = link.worker(Event(), hall.reports.append)
        [page] = served(devices, link, log, worker)
        assert (page.name, page.kind, page.about) == ("sign-1", "sign", f"onbon {where}")
        page.try_out()
        assert card.history == []
        worker.start()
        assert line.wait_until(lambda: card.history == ["8888"])
        worker.close()
        assert "5c 43 31 38 38 38 38" in page.wire_file().decode()  # \C18888


def test_a_silent_sign_delays_no_other_link(hall):
    """Each link has a thread of its own: the second sign shows while the first one is still being waited for."""
    hall.want(1, "A001")
    hall.want(2, "A002")
    shown_first = []
    with contextlib.ExitStack() as opened:
        silent, sound = (opened.enter_context(SimulatedLine(OnbonMachine())) for _ in range(2))
        silent.set(LineFault.SILENT)
        devices = [DeviceSettings(f"sign-{place}", "sign", "onbon", f"tcp://127.0.0.1:{line.port}", place, "",
                                  OnbonSettings()) for place, line in ((1, silent), (2, sound))]
        down = Event()

        def report(status):
            shown_first.append(status.name)
            if status.state is DeviceState.DOWN:
                down.set()

        links = make_links(devices, hall, report, lambda: hall.now, lambda: NOON)
        workers = [link.worker(Event(), shown_first.append) for link, _ in links]
        for worker in workers:
            worker.start()
        assert down.wait(5)
        for worker in workers:
            worker.close()
    assert shown_first == ["sign-2", "sign-1"]


def test_a_display_that_cannot_answer_is_down_only_when_its_line_is_gone(hall):
    class Gone(Wire):
        def open(self):
            raise Unreachable("COM9")

    display = Cd5220Machine()
    mute = DeviceState.READY, Trouble.MUTE
    for wire, state in ((Wire(display), mute), (Gone(display), DOWN)):
        link = link_of(hall, wire, Cd5220Sign(wire, Cd5220Settings()))
        settle(link)
        assert hall.states() == [("sign-1", *state)]
        link.show_off(link.signs[0])
        settle(link)
        assert hall.states() == [("sign-1", *state)]
