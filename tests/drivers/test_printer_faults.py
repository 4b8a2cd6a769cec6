"""Every fault of the line and of the printer, before a slip and in the middle of one, on TCP and on a serial line."""

import contextlib
from time import monotonic

import pytest

from drivers import escpos
from drivers.errors import BadReply, CoverOpen, CutterFault, NoAnswer, Offline, OutOfPaper, UnknownFate, Unreachable
from drivers.escpos import PAPER_80
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.status import Condition
from drivers.transport import NetworkTransport, SerialTransport

SLIP = escpos.START + escpos.text_bytes("请到1号窗口") + escpos.LF + escpos.cut()
LONG = escpos.START + (escpos.text_bytes("请到1号窗口") + escpos.LF) * 1000 + escpos.cut()
SOON = 0.1
PATIENCE = 1.0
BOUND = 3.0  # seconds: more than patience and all time-outs of one slip together

# What a slip meets that is asked for while the fault is there, or in whose middle it comes; None: it is printed.
FAULTS = {
    LineFault.SILENT: NoAnswer, LineFault.HALF: NoAnswer, LineFault.CORRUPT: BadReply, LineFault.LATE: NoAnswer,
    LineFault.NOISE: None, LineFault.SLOW: None, LineFault.STALLED: NoAnswer, LineFault.DROP: Unreachable,
    Fault.NEAR_END: None, Fault.PAPER_OUT: OutOfPaper, Fault.COVER_OPEN: CoverOpen, Fault.CUTTER: CutterFault,
    Fault.OFFLINE: Offline, Fault.ASB: None,
}
LINES = [(kind, fault, asb) for kind in ("tcp", "pty") for fault in FAULTS for asb in (False, True)
         if (kind, fault) != ("pty", LineFault.DROP)]  # a serial line has no connection to drop


def expected(fault, asb):
    """With automatic status on, its last byte is the one that is corrupted, and nobody misses it."""
    with_asb = {LineFault.CORRUPT: None, LineFault.HALF: (NoAnswer, BadReply)}  # half of one may look like a whole
    return with_asb.get(fault, FAULTS[fault]) if asb else FAULTS[fault]


def test_the_table_knows_every_fault():
    assert set(FAULTS) == {*LineFault, *Fault}


@pytest.fixture
def line(kind, asb):
    """A simulated printer and a driver at its other end."""
    with PrinterSimulator(pty=kind == "pty") as simulator:
        simulator.set(Fault.ASB, asb)
        if kind == "pty":
            transport = SerialTransport(simulator.device, timeout=SOON, write_timeout=SOON)
        else:
            transport = NetworkTransport("127.0.0.1", simulator.port, SOON)
        printer = EscposPrinter(transport, PAPER_80, patience=PATIENCE)
        yield simulator, printer
        printer.close()


def clear(simulator):
    for fault in list(simulator.machine.faults):
        simulator.set(fault, on=False)


def print_again(printer, tries=5):
    """As a worker does: what had stalled is told first, and may be so much that the answers drown in it."""
    for _ in range(tries):
        with contextlib.suppress(NoAnswer, BadReply):
            return printer.print(SLIP)
    raise AssertionError("it does not come back")


@pytest.mark.parametrize(("kind", "fault", "asb"), LINES)
def test_a_fault_before_a_slip_keeps_it_from_being_sent_and_ends_with_it(line, fault, asb):
    simulator, printer = line
    wrong = expected(fault, asb)
    simulator.set(fault)
    begun = monotonic()
    if wrong is None:
        printer.print(SLIP)
    else:
        with pytest.raises(wrong):
            printer.print(SLIP)
        assert simulator.slips == []
        assert simulator.unfinished == b""
    assert monotonic() - begun < BOUND
    clear(simulator)
    printer.print(SLIP)
    assert simulator.slips == [SLIP] * (1 + (wrong is None))
    assert printer.status().condition is Condition.READY


@pytest.mark.parametrize(("kind", "fault", "asb"), LINES)
def test_a_fault_in_the_middle_of_a_slip_leaves_doubt_or_a_slip_and_never_two(line, fault, asb):
    simulator, printer = line
    wrong = expected(fault, asb)
    printer.print(SLIP)
    simulator.fail_after(1000, fault)
    begun = monotonic()
    if wrong is None:
        printer.print(LONG)
        assert simulator.wait_for_slips(2) == [SLIP, LONG]
    else:
        with pytest.raises(UnknownFate) as failed:
            printer.print(LONG)
        # where not even all of it could be sent, the line's own error stands behind it; what comes late may be so much
        # automatic status that the answers drown in it
        drowned = (BadReply,) if (fault, asb) == (LineFault.LATE, True) else ()
        assert isinstance(failed.value.cause or failed.value.__cause__, (wrong, OSError, *drowned))
    assert monotonic() - begun < BOUND
    clear(simulator)
    print_again(printer)
    assert simulator.slips[-1].endswith(SLIP)
    assert simulator.slips.count(LONG) <= 1
    assert len(simulator.slips) <= 3
