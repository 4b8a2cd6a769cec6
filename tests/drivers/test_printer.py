import re
from dataclasses import replace
from itertools import combinations_with_replacement, product
from select import select

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import escpos
from drivers.errors import (
    BadReply,
    CoverOpen,
    CutterFault,
    NoAnswer,
    Offline,
    OutOfPaper,
    PrinterFault,
    UnknownFate,
    Unreachable,
)
from drivers.escpos import PAPER_58, PAPER_80
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.status import CONFIRMATIONS, Condition, PrinterStatus, is_realtime
from drivers.transport import NetworkTransport, SerialTransport

ASK_DONE = escpos.ASK_DONE * CONFIRMATIONS
DONE = b"\x00" * CONFIRMATIONS
SLIP = escpos.START + escpos.text_bytes("请到1号窗口") + escpos.LF + escpos.cut()
LONG_SLIP = escpos.START + (escpos.text_bytes("请到1号窗口") + escpos.LF) * 500 + escpos.cut()
SOON = 0.25  # seconds, for real connections: enough for the simulator on a busy machine


def asked(replies="12 12 12 12"):
    """The four questions and their answers."""
    turns = []
    for question, reply in zip(escpos.ASK_REALTIME, bytes.fromhex(replies), strict=True):
        turns += [("write", question), ("read", bytes((reply,)))]
    return turns


def asked_surely(replies="12 12 12 12"):
    """The four questions and their answers, and all again from the last to the first."""
    turns = asked(replies)
    return [*turns, *(turn for place in (6, 4, 2, 0) for turn in turns[place : place + 2])]


def done(reply=b"\x00"):
    """The question for the end of the job, and its five answers."""
    return [("write", ASK_DONE), ("read", reply * CONFIRMATIONS)]


def first_asked(replies="12 12 12 12", reply=b"\x00"):
    """What comes before the first slip on a connection: is it well, and does it confirm slips?"""
    return [*asked(replies), *done(reply), *asked(replies)]


# -- the conversation, byte for byte


def test_a_slip_is_sent_between_a_check_and_a_confirmation(scripted):
    printer = EscposPrinter(scripted(*first_asked(), ("write", SLIP), *done(), *asked()), PAPER_80)
    assert printer.print(SLIP) == PrinterStatus(Condition.READY)


@pytest.mark.parametrize("slip", [SLIP, b""])
def test_a_slip_on_its_way_is_asked_for_when_all_is_ready_and_without_it_nothing_is_sent(scripted, slip):
    line = scripted(*first_asked())
    printer, reached = EscposPrinter(line, PAPER_80), []

    def next_slip():
        reached.append(len(line.turns))
        if slip:
            line.expect(("write", SLIP), *done(), *asked())
        return slip

    assert printer.print_next(next_slip) == PrinterStatus(Condition.READY)
    assert (reached, line.closed) == ([0], 0)  # nothing was left to ask


def test_a_printer_that_cannot_print_asks_for_no_slip(scripted):
    printer = EscposPrinter(scripted(*asked("12 12 12 72")), PAPER_80)
    with pytest.raises(OutOfPaper):
        printer.print_next(lambda: pytest.fail("asked for a slip"))


def test_a_printer_that_cannot_answer_gets_nothing_where_there_is_no_slip(scripted):
    mute = EscposPrinter(scripted(), replace(PAPER_80, can_answer=False))
    assert mute.print_next(lambda: b"") == PrinterStatus(Condition.UNKNOWN)


def test_the_next_slip_does_not_ask_again_whether_the_printer_confirms(scripted):
    line = scripted(*first_asked(), ("write", SLIP), *done(), *asked())
    printer = EscposPrinter(line, PAPER_80)
    printer.print(SLIP)
    line.expect(*asked(), ("write", SLIP), *done(), *asked())
    printer.print(SLIP)
    assert line.closed == 0


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ("1a 16 12 12", CoverOpen),
        ("1a 32 12 7e", OutOfPaper),
        ("1a 52 1a 12", CutterFault),
        ("1a 52 32 12", PrinterFault),
        ("1a 52 52 12", PrinterFault),
        ("1a 12 12 12", Offline),
    ],
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(scripted, replies, error):
    line = scripted(*asked(replies))
    with pytest.raises(error):
        EscposPrinter(line, PAPER_80).print(SLIP)
    assert line.closed == 1


def test_nothing_is_sent_to_a_silent_printer(scripted):
    with pytest.raises(NoAnswer):
        EscposPrinter(scripted(("write", escpos.ASK_REALTIME[0]), ("read", b"")), PAPER_80).print(SLIP)


def test_paper_near_its_end_is_a_warning_that_comes_back_with_the_slip_printed(scripted):
    near_end = "12 12 12 1e"
    line = scripted(*first_asked(near_end, b"\x03"), ("write", SLIP), *done(b"\x03"), *asked(near_end))
    assert EscposPrinter(line, PAPER_80).print(SLIP) == PrinterStatus(Condition.NEAR_END, True)


def test_automatic_status_on_the_line_is_not_taken_for_an_answer(scripted):
    line = scripted(*asked())
    line.turns[1:2] = [("read", b"\x10\x00"), ("read", b"\x00\x00\x1a")]
    assert EscposPrinter(line, PAPER_80).status() == PrinterStatus(Condition.OFFLINE)


def test_a_device_that_talks_without_end_but_gives_no_status_answers_badly(scripted):
    line = scripted(("write", escpos.ASK_REALTIME[0]), *[("read", b"\xff" * 16)] * 64)
    line.expect(*[turn for question in escpos.ASK_REALTIME[1:] for turn in [("write", question), ("read", b"\x12")]])
    with pytest.raises(BadReply):
        EscposPrinter(line, PAPER_80).status()


def test_a_printer_that_never_confirms_is_asked_whether_it_is_still_well(scripted):
    line = scripted(*first_asked(reply=b""), ("write", SLIP), *asked_surely())
    printer = EscposPrinter(line, PAPER_80)
    assert printer.print(SLIP) == PrinterStatus(Condition.READY)


def test_a_printer_that_never_confirms_and_is_not_well_leaves_unknown_fate(scripted):
    line = scripted(*first_asked(reply=b""), ("write", SLIP), *asked_surely("1a 32 12 7e"))
    with pytest.raises(UnknownFate) as failed:
        EscposPrinter(line, PAPER_80).print(SLIP)
    assert isinstance(failed.value.cause, OutOfPaper)


def test_the_confirmation_is_awaited_while_the_printer_is_well(scripted):
    busy = [("read", b""), *asked()]
    line = scripted(*first_asked(), ("write", SLIP), ("write", ASK_DONE), *busy, *busy, ("read", DONE))
    line.expect(*asked())
    EscposPrinter(line, PAPER_80).print(SLIP)


def test_a_confirmation_that_comes_between_two_answers_counts(scripted):
    busy = [("read", b""), *asked()]
    busy[2] = ("read", DONE + b"\x12")
    line = scripted(*first_asked(), ("write", SLIP), ("write", ASK_DONE), *busy, *asked())
    EscposPrinter(line, PAPER_80).print(SLIP)


@pytest.mark.parametrize("pieces", [
    [b"\x00\x00", b"\x00\x00\x00"], [b"\x00\x12\x00\x00", b"\x11\x00\x13\x00"], [b"\x10\x00\x00\x00" + DONE],
    [b"\xff\x00" + DONE], [b"\x03" * 5], [b"\x0c" * 5], [b"\x0f" * 5], [b"\x00\x03" + b"\x0c" * 5],
])
def test_five_equal_answers_in_a_row_confirm_a_slip_whatever_stands_around_them(scripted, pieces):
    reads = [("read", piece) for piece in pieces]
    line = scripted(*first_asked(), ("write", SLIP), ("write", ASK_DONE), *reads, *asked())
    EscposPrinter(line, PAPER_80).print(SLIP)


class AlwaysWell:
    """A printer on a line without noise but in ``answers``: what comes after each question for the end of a job."""

    can_answer = True

    def __init__(self, *answers):
        self._answers, self._coming = list(answers), b""

    def open(self):
        pass

    def write(self, data):
        if data in escpos.ASK_REALTIME:
            self._coming += b"\x12"
        elif data == ASK_DONE:
            self._coming += self._answers.pop(0)

    def read(self, size):
        came, self._coming = self._coming[:size], self._coming[size:]
        return came

    def pending(self):
        return b""

    def close(self):
        pass


class Strayed(AlwaysWell):
    """A printer that never confirms; after a slip it is as ``truth`` tells, and ``strays`` are bytes by the count of
    answers before them. ``prompt``: they and the true answer are there together, else one after the other."""

    def __init__(self, truth, strays, prompt):
        super().__init__(b"")
        self._truth, self._strays, self._prompt, self._answered = bytes.fromhex(truth), strays, prompt, None

    def write(self, data):
        if self._answered is None:
            super().write(data)
            self._answered = 0 if data == SLIP else None
            return
        self._coming += b"".join(byte for place, byte in self._strays if place == self._answered)
        self._coming += self._truth[data[2] - 1 : data[2]]
        self._answered += 1

    def read(self, size):
        return super().read(1)

    def pending(self):
        return super().read(16) if self._prompt else b""


STOPPED = ["1a161212", "1a321212", "1a32127e", "1a521a12", "1a523212", "1a525212", "1a121212", "12321212", "12121272"]


@pytest.mark.parametrize("prompt", [True, False])
@pytest.mark.parametrize("truth", STOPPED)
def test_no_two_stray_bytes_that_look_like_answers_make_a_stopped_printer_that_never_confirms_look_well(truth, prompt):
    for places in combinations_with_replacement(range(9), 2):
        for pair in product((b"\x12", b"\x1a", b"\x72"), repeat=2):
            with pytest.raises(UnknownFate):
                EscposPrinter(Strayed(truth, [*zip(places, pair, strict=True)], prompt), PAPER_80).print(SLIP)


@pytest.mark.parametrize("prompt", [True, False])
def test_no_stray_byte_that_looks_like_an_answer_raises_a_false_alarm_after_a_slip(prompt):
    for place, byte in product(range(9), filter(is_realtime, range(256))):
        line = Strayed("12121212", [(place, bytes((byte,)))], prompt)
        assert EscposPrinter(line, PAPER_80).print(SLIP) == PrinterStatus(Condition.READY)


def confirmed(answer, patience=0.0):
    """Whether a slip is taken to be printed where ``answer`` follows it."""
    try:
        EscposPrinter(AlwaysWell(DONE, answer), PAPER_80, patience).print(SLIP)
    except UnknownFate:
        return False
    return True


EVERY_BYTE = [bytes((value,)) for value in range(256)]
AUTOMATIC = b"\x10\x00\x00\x00"


def test_no_single_byte_confirms_a_slip():
    assert confirmed(DONE)
    assert not any(confirmed(byte) for byte in EVERY_BYTE)


@pytest.mark.parametrize("place", range(4))
def test_no_automatic_status_with_one_damaged_byte_confirms_a_slip(place):
    damaged = [AUTOMATIC[:place] + byte + AUTOMATIC[place + 1 :] for byte in EVERY_BYTE]
    for status in damaged:
        for around in (status, AUTOMATIC + status, status + AUTOMATIC, AUTOMATIC + status + AUTOMATIC):
            assert not confirmed(around), around


@pytest.mark.parametrize("place", range(6))
def test_a_byte_among_the_answers_leaves_doubt_at_worst(place):
    for byte in EVERY_BYTE:
        harmless = place == 5 or byte == b"\x00" or byte in b"\x11\x13" or byte[0] & 0x93 == 0x12
        before = place == 0 and byte[0] & 0x93 != 0x10  # else it may begin an automatic status
        assert confirmed(DONE[:place] + byte + DONE[place:]) is (harmless or before), byte


@pytest.mark.parametrize("answer", [
    b"\x00" * 4, b"\x00\x00\x03\x03\x03\x03", b"\x01" * 5, b"\x02" * 5, b"\x0e" * 5, b"\xff" * 5, b"\x03" * 4 + b"\x00",
])
def test_fewer_other_or_unlike_answers_confirm_nothing(answer):
    assert not confirmed(answer)


def test_answers_divided_by_a_silence_confirm_nothing(scripted):
    parts = [("read", b"\x00" * 4), ("read", b""), *asked(), ("read", b"\x00" * 4), ("read", b"")]
    line = scripted(*first_asked(), ("write", SLIP), ("write", ASK_DONE), *parts)
    line.expect(*asked("1a 16 12 12"))
    with pytest.raises(UnknownFate) as failed:
        EscposPrinter(line, PAPER_80).print(SLIP)
    assert isinstance(failed.value.cause, CoverOpen)


@given(st.lists(st.sampled_from([b"\x00", b"\x03", b"\xff", b"\x12", b"\x11", AUTOMATIC, b"\x10"]), max_size=12))
def test_a_slip_is_confirmed_by_five_equal_answers_in_a_row_only(pieces):
    said = b"".join(pieces)
    plain = re.sub(rb"\x10[\x00\x03]{3}", b"", said.replace(b"\x12", b"").replace(b"\x11", b""))
    if confirmed(said, patience=0.001):
        assert b"\x00" * 5 in plain or b"\x03" * 5 in plain


def test_a_printer_that_answers_several_questions_once_is_asked_how_it_is_instead():
    lazy = AlwaysWell(b"\x00")
    assert EscposPrinter(lazy, PAPER_80).print(SLIP) == PrinterStatus(Condition.READY)
    assert EscposPrinter(AlwaysWell(b"\x00\x00"), PAPER_80).print(SLIP) == PrinterStatus(Condition.READY)


def test_a_slip_that_is_not_confirmed_in_time_is_of_unknown_fate(scripted):
    line = scripted(*first_asked(), ("write", SLIP), ("write", ASK_DONE), ("read", b""), *asked())
    with pytest.raises(UnknownFate, match="did not confirm") as failed:
        EscposPrinter(line, PAPER_80, patience=0).print(SLIP)
    assert failed.value.sent == len(SLIP)


def test_a_confirmed_slip_is_printed_even_if_the_printer_then_falls_silent(scripted):
    line = scripted(*first_asked(), ("write", SLIP), *done(), ("write", escpos.ASK_REALTIME[0]), ("read", b""))
    assert EscposPrinter(line, PAPER_80).print(SLIP) == PrinterStatus(Condition.UNKNOWN)
    assert line.closed == 1


def test_a_job_that_went_out_in_part_is_never_sent_again(scripted):
    line = scripted(*first_asked(), ("write", SLIP, UnknownFate(sent=5)))
    with pytest.raises(UnknownFate) as failed:
        EscposPrinter(line, PAPER_80).print(SLIP)
    assert failed.value.sent == 5
    assert line.closed == 1


def test_a_job_of_which_nothing_went_out_is_simply_unreachable(scripted):
    line = scripted(*first_asked(), ("write", SLIP, Unreachable()))
    with pytest.raises(Unreachable):
        EscposPrinter(line, PAPER_80).print(SLIP)


def test_a_question_that_went_out_in_part_is_no_job_of_unknown_fate(scripted):
    line = scripted(("write", escpos.ASK_REALTIME[0], UnknownFate(sent=1)))
    with pytest.raises(Unreachable):
        EscposPrinter(line, PAPER_80).print(SLIP)


@pytest.mark.parametrize("trouble", [("read", b""), ("read", Unreachable())])
def test_a_kept_connection_that_died_is_replaced_and_the_slip_printed(scripted, trouble):
    line = scripted(*asked())
    printer = EscposPrinter(line, PAPER_80)
    printer.status()
    line.expect(("write", escpos.ASK_REALTIME[0]), trouble)
    line.expect(*first_asked(), ("write", SLIP), *done(), *asked())
    printer.print(SLIP)
    assert line.closed == 1


@pytest.mark.parametrize("profile", [PAPER_80, PAPER_58])
def test_a_printer_that_cannot_answer_is_sent_the_slip_and_its_state_is_unknown(scripted, profile):
    line = scripted(("write", SLIP), can_answer=False)
    printer = EscposPrinter(line, profile)
    assert printer.status() == PrinterStatus(Condition.UNKNOWN)
    assert printer.print(SLIP) == PrinterStatus(Condition.UNKNOWN)


# -- real sockets and lines against the simulator


@pytest.fixture
def printer(simulator):
    printer = EscposPrinter(NetworkTransport("127.0.0.1", simulator.port, SOON), PAPER_80, patience=1.0)
    yield printer
    printer.close()


def test_slips_come_out_whole_and_in_order(printer, simulator):
    second = SLIP.replace(b"1", b"2")
    printer.print(SLIP)
    printer.print(second)
    assert simulator.slips == [SLIP, second]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.COVER_OPEN, CoverOpen),
        (Fault.PAPER_OUT, OutOfPaper),
        (Fault.CUTTER, CutterFault),
        (Fault.OFFLINE, Offline),
        (LineFault.SILENT, NoAnswer),
        (LineFault.STALLED, NoAnswer),
        (LineFault.DROP, Unreachable),
    ],
)
def test_a_fault_before_the_slip_is_named_and_printing_goes_on_after_it(printer, simulator, fault, error):
    simulator.set(fault)
    with pytest.raises(error):
        printer.print(SLIP)
    assert simulator.slips == []
    assert simulator.unfinished == b""
    simulator.set(fault, False)
    printer.print(SLIP)
    assert simulator.slips == [SLIP]


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Fault.COVER_OPEN, CoverOpen),
        (Fault.PAPER_OUT, OutOfPaper),
        (Fault.CUTTER, CutterFault),
        (Fault.OFFLINE, Offline),
    ],
)
def test_a_fault_in_the_middle_of_a_slip_leaves_it_of_unknown_fate(printer, simulator, fault, cause):
    simulator.fail_after(2000, fault)
    with pytest.raises(UnknownFate) as failed:
        printer.print(LONG_SLIP)
    assert failed.value.sent == len(LONG_SLIP)
    assert isinstance(failed.value.cause, cause)
    assert simulator.slips == []
    simulator.set(fault, False)
    # The printer still had the slip and finishes it by itself: sending it again would have printed it twice.
    assert simulator.wait_for_slips(1) == [LONG_SLIP]
    printer.print(SLIP)
    assert simulator.slips == [LONG_SLIP, SLIP]


@pytest.mark.parametrize("condition", [Fault.COVER_OPEN, Fault.PAPER_OUT, Fault.CUTTER, Fault.OFFLINE])
@pytest.mark.parametrize("kind", ["tcp", "pty"])
def test_a_stray_byte_that_looks_like_a_status_is_not_taken_for_an_answer(kind, condition):
    """It came before the question; an offline printer would seem well."""
    with PrinterSimulator(pty=kind == "pty") as simulator:
        line = (SerialTransport(simulator.device, timeout=SOON) if kind == "pty"
                else NetworkTransport("127.0.0.1", simulator.port, SOON))
        printer = EscposPrinter(line, PAPER_80)
        simulator.set(condition)
        truth = printer.status()
        stray, work = [b"\x12"], simulator.machine.work
        simulator.act(lambda: setattr(simulator.machine, "work", lambda: (stray.pop() if stray else b"") + work()))
        assert select([line._port if kind == "pty" else line._socket], [], [], 5)[0]
        assert (printer.status(), truth.problem is None) == (truth, False)
        printer.close()


@pytest.mark.parametrize("fault", [LineFault.SILENT, LineFault.STALLED])
def test_silence_in_the_middle_of_a_slip_leaves_it_of_unknown_fate(printer, simulator, fault):
    simulator.fail_after(2000, fault)
    with pytest.raises(UnknownFate) as failed:
        printer.print(LONG_SLIP)
    assert isinstance(failed.value.cause, NoAnswer)
    simulator.set(fault, False)


def test_a_dropped_line_in_the_middle_of_a_slip_does_not_print_its_rest_on_a_new_one(printer, simulator):
    simulator.fail_after(2000, LineFault.DROP)
    with pytest.raises(UnknownFate):
        printer.print(LONG_SLIP)
    assert simulator.slips == []
    assert LONG_SLIP.startswith(simulator.unfinished)


def test_a_printer_switched_off_and_on_is_found_again():
    with PrinterSimulator() as simulator:
        printer = EscposPrinter(NetworkTransport("127.0.0.1", simulator.port, SOON), PAPER_80)
        printer.print(SLIP)
    for _ in range(2):
        with pytest.raises(Unreachable):
            printer.print(SLIP)
    with PrinterSimulator(simulator.port) as again:
        printer.print(SLIP)
        assert again.slips == [SLIP]
        printer.close()


def test_the_late_answer_to_an_earlier_slip_does_not_confirm_the_next():
    with PrinterSimulator(pty=True) as simulator:
        printer = EscposPrinter(SerialTransport(simulator.device, timeout=SOON), PAPER_80)
        simulator.fail_after(2000, Fault.PAPER_OUT)
        with pytest.raises(UnknownFate):
            printer.print(LONG_SLIP)
        assert printer.status().condition is Condition.OUT_OF_PAPER
        simulator.set(Fault.PAPER_OUT, False)
        simulator.wait_for_slips(1)
        simulator.fail_after(len(SLIP) // 2, Fault.PAPER_OUT)
        with pytest.raises(UnknownFate):
            printer.print(SLIP)
        printer.close()


def test_a_roll_runs_down_with_a_warning_and_then_refuses():
    with PrinterSimulator(paper=4) as simulator:
        printer = EscposPrinter(NetworkTransport("127.0.0.1", simulator.port, SOON), PAPER_80)
        seen = [printer.print(SLIP).condition for _ in range(4)]
        assert seen == [Condition.NEAR_END] * 3 + [Condition.OUT_OF_PAPER]
        with pytest.raises(OutOfPaper):
            printer.print(SLIP)
        simulator.load(100)
        assert printer.print(SLIP).condition is Condition.READY
        assert len(simulator.slips) == 5
        printer.close()


def test_a_slow_printer_gets_all_of_a_slip(printer, simulator):
    simulator.set(LineFault.SLOW)
    printer.print(SLIP * 3)
    assert simulator.slips == [SLIP] * 3


def test_a_printer_on_a_serial_line_prints_reports_and_recovers():
    with PrinterSimulator(pty=True) as simulator:
        printer = EscposPrinter(SerialTransport(simulator.device, timeout=SOON), PAPER_80)
        printer.print(LONG_SLIP)
        simulator.set(Fault.COVER_OPEN)
        with pytest.raises(CoverOpen):
            printer.print(SLIP)
        simulator.set(Fault.COVER_OPEN, False)
        printer.print(SLIP)
        assert simulator.slips == [LONG_SLIP, SLIP]
        printer.close()
