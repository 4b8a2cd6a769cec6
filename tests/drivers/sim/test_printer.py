import socket

import pytest

from drivers import escpos
from drivers.escpos import PrinterProfile
from drivers.sim.line import LineFault, Others
from drivers.sim.mechanism import Fault, Mechanism
from drivers.sim.printer import PrinterSimulator
from drivers.status import Replies, sort_replies

SLIP = escpos.START + escpos.text_bytes("医保") + escpos.LF + escpos.cut()


def status(mechanism):
    return b"".join(mechanism.take(question) for question in escpos.ASK_REALTIME).hex(" ")


@pytest.mark.parametrize(
    ("fault", "replies"),
    [
        (None, "12 12 12 12"),
        (Fault.NEAR_END, "12 12 12 1e"),
        (Fault.PAPER_OUT, "1a 32 12 7e"),
        (Fault.COVER_OPEN, "1a 16 12 12"),
        (Fault.CUTTER, "1a 52 1a 12"),
        (Fault.OFFLINE, "1a 12 12 12"),
    ],
)
def test_faults_show_in_the_status_as_on_a_real_printer(fault, replies):
    mechanism = Mechanism()
    mechanism.faults |= {fault} if fault else set()
    assert status(mechanism) == replies


def test_a_stopped_printer_answers_at_once_but_confirms_and_prints_only_when_it_goes_on():
    mechanism = Mechanism()
    mechanism.faults.add(Fault.COVER_OPEN)
    assert mechanism.take(SLIP + escpos.ASK_DONE) == b""
    assert mechanism.take(escpos.ASK_REALTIME[0]) == b"\x1a"
    assert mechanism.slips == []
    mechanism.faults.clear()
    assert mechanism.work() == b"\x00"
    assert mechanism.slips == [SLIP]


def test_a_question_inside_a_picture_is_part_of_the_picture():
    mechanism = Mechanism()
    raster = b"\x1dv0\x00\x03\x00\x01\x00" + escpos.ASK_REALTIME[0]
    assert mechanism.take(raster) == b""
    assert mechanism.unfinished == raster


def test_the_roll_gets_shorter_and_reports_its_end():
    mechanism = Mechanism(paper=4)
    seen = [mechanism.take(SLIP + escpos.ASK_DONE) for _ in range(4)]
    assert seen == [b"\x03", b"\x03", b"\x03", b"\x0f"]
    assert status(mechanism) == "1a 32 12 7e"
    mechanism.take(SLIP)
    assert len(mechanism.slips) == 4


@pytest.mark.parametrize(("profile", "cut"), [
    (PrinterProfile(), "partial"), (PrinterProfile(cutter="full"), "full"), (escpos.PAPER_58, "none"),
])
def test_a_slip_ends_as_its_printer_cuts_and_uses_up_paper_also_without_a_cutter(profile, cut):
    mechanism = Mechanism(paper=4)
    slip = escpos.START + escpos.feed() + escpos.text_bytes("医保") + escpos.LF + escpos.cut(profile)
    mechanism.take(slip)
    assert mechanism.slips == [slip]
    assert mechanism.seen() == {"slips": "1", "paper": "3", "cut": cut, "beeps": "0"}


def test_a_buzzer_is_heard_so_often_as_it_was_told():
    mechanism = Mechanism()
    mechanism.take(escpos.beep(2) + escpos.beep())
    assert mechanism.seen()["beeps"] == "3"


def test_a_silent_printer_prints_all_the_same(simulator):
    simulator.set(LineFault.SILENT)
    with socket.create_connection(("127.0.0.1", simulator.port)) as line:
        line.sendall(SLIP + escpos.ASK_DONE + escpos.ASK_REALTIME[0])
        assert simulator.wait_for_slips(1) == [SLIP]
        simulator.set(LineFault.SILENT, on=False)
        line.sendall(escpos.ASK_REALTIME[0])
        assert line.recv(16) == b"\x12"


def test_half_a_command_is_forgotten_when_the_computer_hangs_up(simulator):
    with socket.create_connection(("127.0.0.1", simulator.port)) as line:
        line.sendall(b"\x1dv0\x00\x30\x00\x30\x00half a picture")
    with socket.create_connection(("127.0.0.1", simulator.port)) as line:
        line.sendall(SLIP)
        assert simulator.wait_for_slips(1) == [SLIP]


def test_slips_that_do_not_come_are_not_waited_for_without_end(simulator):
    with pytest.raises(TimeoutError, match="0 slips instead of 1"):
        simulator.wait_for_slips(1, timeout=0.01)


def test_a_simulator_closes_cleanly_while_stalled_and_connected():
    with PrinterSimulator() as simulator, socket.create_connection(("127.0.0.1", simulator.port)) as line:
        simulator.set(LineFault.STALLED)
        line.sendall(SLIP)


def test_automatic_status_comes_unasked_and_also_between_question_and_answer():
    mechanism = Mechanism()
    mechanism.faults |= {Fault.ASB, Fault.COVER_OPEN}
    automatic = b"\x38\x00\x00\x00"
    assert mechanism.take(b"") == automatic
    asked = mechanism.take(escpos.ASK_REALTIME[1])
    assert sort_replies(asked) == Replies(b"\x16", asb=(automatic, automatic))
    assert automatic not in asked[4:], "the answer stands in the middle of it"
    mechanism.faults.discard(Fault.COVER_OPEN)
    assert sort_replies(mechanism.take(SLIP + escpos.ASK_DONE)).other == b"\x00"


@pytest.mark.parametrize("others", [Others.WAIT, Others.REFUSED])
def test_a_printer_for_one_at_a_time_makes_a_second_computer_wait_or_refuses_it(others):
    with PrinterSimulator(others=others) as simulator:
        first = socket.create_connection(("127.0.0.1", simulator.port), timeout=2)
        second = socket.create_connection(("127.0.0.1", simulator.port), timeout=2)
        with first:
            first.sendall(escpos.ASK_REALTIME[0])
            assert first.recv(16) == b"\x12"
            if others is Others.REFUSED:
                assert second.recv(16) == b""
            else:
                second.sendall(SLIP + escpos.ASK_REALTIME[0])
                first.sendall(escpos.ASK_REALTIME[0])
                assert first.recv(16) == b"\x12"
                assert simulator.slips == []
        with second:
            if others is Others.WAIT:
                assert second.recv(16) == b"\x12"
                assert simulator.slips == [SLIP]
