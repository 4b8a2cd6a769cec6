"""Every fault of the line, for every driver, over a real pty and socket: the right error, and back afterwards."""

import pytest

from drivers.errors import BadReply, DeviceError, NoAnswer, Refused, UnknownFate, Unreachable
from drivers.link import make_link
from drivers.signs.cd5220 import Cd5220Settings, Cd5220Sign
from drivers.signs.exchange import ask
from drivers.signs.frame_template import acknowledgement
from drivers.signs.modbus import ModbusSettings, ModbusSign
from drivers.signs.modbus_frames import ReplyReader
from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.sign_text import SignText
from drivers.signs.template import AckReader, TemplateSettings, TemplateSign
from drivers.sim.line import LineFault
from drivers.sim.sign import Cd5220Machine, ModbusMachine, OnbonMachine, SignFault
from drivers.sim.template_sign import TemplateMachine

CALL = SignText("A012", 3, "请A012号到3号窗口")
PRIVATE = TemplateSettings("AA 55 {length:3} {text} 00 00 {crc16-modbus:2}", "hex", ack="AA 55 01 06")
SIGNS = {
    "onbon": (OnbonMachine, OnbonSign, OnbonSettings(), "请A012号到3号窗口"),
    "modbus": (ModbusMachine, ModbusSign, ModbusSettings(), "12"),
    "template": (lambda: TemplateMachine(PRIVATE), TemplateSign, PRIVATE, "请A012号到3号窗口"),
    "cd5220": (Cd5220Machine, Cd5220Sign, Cd5220Settings(), "A012 -> 3"),
}
ANSWERING = ("onbon", "modbus", "template")


@pytest.fixture
def made(connected):
    """``made(name)``: line, transport, driver and what its sign shows of CALL."""

    def make(name):
        machine, driver, settings, shown = SIGNS[name]
        line, transport = connected(machine())
        return line, transport, driver(transport, settings), shown

    return make


@pytest.mark.parametrize(("fault", "error"), [
    (LineFault.SILENT, NoAnswer), (LineFault.HALF, BadReply), (LineFault.CORRUPT, BadReply),
    (LineFault.LATE, NoAnswer), (LineFault.STALLED, NoAnswer), (SignFault.OFF, NoAnswer),
])
@pytest.mark.parametrize("name", ANSWERING)
def test_a_sign_that_says_nothing_in_time_and_one_whose_answer_is_damaged_are_told_apart(made, name, fault, error):
    line, transport, sign, shown = made(name)
    line.set(fault)
    with pytest.raises(error):
        sign.show(CALL)
    line.set(fault, on=False)
    transport.close()  # as everybody does after an error
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == shown)


@pytest.mark.parametrize("fault", [LineFault.NOISE, LineFault.SLOW])
@pytest.mark.parametrize("name", ANSWERING)
def test_noise_and_a_slow_line_are_borne(made, name, fault):
    line, _, sign, shown = made(name)
    line.set(fault)
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == shown)


@pytest.mark.parametrize("name", ANSWERING)
def test_a_line_that_hangs_up_fails_at_most_once(made, name):
    line, transport, sign, shown = made(name)
    line.set(LineFault.DROP)
    try:
        sign.show(CALL)
        sign.show(CALL)
    except (Unreachable, NoAnswer, BadReply):
        transport.close()
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == shown)


@pytest.mark.parametrize(("name", "fault", "error"), [
    ("onbon", SignFault.NAK, Refused), ("modbus", SignFault.NAK, Refused),
    ("onbon", SignFault.BAD_CRC, BadReply), ("modbus", SignFault.BAD_CRC, BadReply),
])
def test_a_refusing_sign_and_a_sign_whose_answers_are_damaged_are_told_apart(made, name, fault, error):
    line, transport, sign, shown = made(name)
    line.set(fault)
    with pytest.raises(error):
        sign.show(CALL)
    line.set(fault, on=False)
    transport.close()
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == shown)


@pytest.mark.parametrize("fault", list(LineFault))
def test_a_display_that_cannot_answer_is_bothered_by_no_fault_of_answers(made, fault):
    line, transport, sign, shown = made("cd5220")
    line.set(fault)
    sign.show(CALL)
    line.set(fault, on=False)
    transport.close()
    sign.show(CALL)
    assert line.wait_until(lambda: line.machine.shown == shown)


@pytest.mark.parametrize("name", SIGNS)
def test_a_line_that_is_not_there_is_unreachable(name):
    _, driver, settings, _ = SIGNS[name]
    for link in ("/dev/ttyNOTHING", "tcp://127.0.0.1:1"):
        sign = driver(make_link(link, 9600, 0.2), settings)
        for told in (lambda sign=sign: sign.show(CALL), sign.check):
            with pytest.raises(Unreachable):
                told()


class Babbling:
    """A device that talks without end and never answers."""

    can_answer = True

    def open(self):
        pass

    def write(self, data):
        pass

    def read(self, size):
        return b"\xa5" * size

    def close(self):
        pass


@pytest.mark.parametrize("heard", [
    ReplyReader(1, 6).feed, AckReader(acknowledgement("ack", "AA .. 06")).feed, lambda came: None,
])
def test_a_device_that_babbles_does_not_hold_the_worker_for_ever(heard):
    moments = (moment / 100 for moment in range(10_000))
    with pytest.raises(BadReply, match="talks"):
        ask(Babbling(), b"?", heard, lambda: next(moments))
    assert 1.0 <= next(moments) <= 1.1


class Half:
    """A line on which a part of a frame went out."""

    can_answer = True

    def open(self):
        pass

    def write(self, data):
        raise UnknownFate("stuck", sent=7)


@pytest.mark.parametrize("name", SIGNS)
def test_a_frame_that_went_out_in_part_is_no_mystery_for_a_sign(name):
    _, driver, settings, _ = SIGNS[name]
    with pytest.raises(DeviceError) as told:
        driver(Half(), settings).show(CALL)
    assert type(told.value) is Unreachable


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_says_whether_it_answers(made, name):
    _, _, sign, _ = made(name)
    assert sign.can_answer is (name in ANSWERING)


@pytest.mark.parametrize("settings", [OnbonSettings(answers=False), TemplateSettings()])
def test_a_sign_that_is_set_not_to_answer_says_so(connected, settings):
    kind = OnbonSign if isinstance(settings, OnbonSettings) else TemplateSign
    assert not kind(connected(OnbonMachine())[1], settings).can_answer
