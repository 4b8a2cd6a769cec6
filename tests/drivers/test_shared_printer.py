"""One network printer for several stations: it serves one connection at a time, the others wait or are refused."""

import socket
import threading

import pytest

from drivers import escpos, printer
from drivers.errors import BadSetting, CoverOpen, NoAnswer, Unreachable
from drivers.escpos import PrinterProfile
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault, Others
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.status import Condition
from drivers.transport import NetworkTransport

SHARED = PrinterProfile(shared=True)
STATIONS, SLIPS = 3, 60
SOON = 0.25


def slip(station, number):
    line = escpos.text_bytes(f"窗口{station}第{number:03}张") + escpos.LF
    return escpos.START + line * 12 + escpos.cut()


def station(simulator, profile=SHARED):
    return EscposPrinter(NetworkTransport("127.0.0.1", simulator.port, SOON), profile)


@pytest.fixture(params=[Others.WAIT, Others.REFUSED])
def simulator(request):
    with PrinterSimulator(others=request.param) as simulated:
        yield simulated


@pytest.mark.parametrize("asb", [False, True])
def test_three_stations_print_sixty_slips_each_none_mixed_lost_or_doubled(simulator, asb):
    simulator.set(Fault.ASB, asb)
    wrong, ready = [], threading.Barrier(STATIONS)

    def work(number):
        mine = station(simulator)
        ready.wait(5)
        try:
            for turn in range(SLIPS):
                mine.print(slip(number, turn))
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(STATIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    printed = simulator.slips
    assert simulator.unfinished == b""
    for number in range(STATIONS):
        mine = [slip(number, turn) for turn in range(SLIPS)]
        assert [one for one in printed if one in mine] == mine, "each once and in its station's order"
    assert len(printed) == STATIONS * SLIPS


def test_the_connection_is_free_again_after_a_slip_a_look_and_an_error(simulator):
    first = station(simulator)
    for use in (lambda: first.print(slip(1, 1)), first.status):
        use()
        assert station(simulator).status().condition is Condition.READY
    simulator.set(Fault.COVER_OPEN)
    with pytest.raises(CoverOpen):
        first.print(slip(1, 2))
    assert station(simulator).status().condition is Condition.COVER_OPEN


def test_a_printer_that_is_not_shared_keeps_its_connection_and_others_wait_in_vain(simulator, monkeypatch):
    monkeypatch.setattr(printer, "TURN", 0.3)
    own, other = station(simulator, PrinterProfile()), station(simulator)
    own.print(slip(1, 1))
    with pytest.raises((NoAnswer, Unreachable)):
        other.print(slip(2, 1))
    own.close()
    other.print(slip(2, 1))
    assert simulator.slips == [slip(1, 1), slip(2, 1)], "what had no turn left nothing behind"


def test_a_station_waits_for_another_ones_slip_and_then_prints(simulator):
    """The other station holds the printer until this one has tried for a while."""
    with socket.create_connection(("127.0.0.1", simulator.port)) as other:
        other.sendall(escpos.START)
        simulator.wait_until(lambda: simulator.machine.unfinished)
        freed = threading.Timer(0.4, other.close)
        freed.start()
        station(simulator).print(slip(1, 1))
        freed.join()
    assert simulator.wait_for_slips(1)[0].endswith(slip(1, 1))


def test_a_shared_printer_that_never_confirms_is_asked_for_it_once(monkeypatch):
    with PrinterSimulator(others=Others.WAIT) as simulated:
        mute = simulated.machine.work
        monkeypatch.setattr(simulated.machine, "work", lambda: mute() and b"")
        one = EscposPrinter(NetworkTransport("127.0.0.1", simulated.port, SOON), SHARED)
        one.print(slip(1, 1))
        asked = []
        monkeypatch.setattr(one, "_answers_done", lambda: asked.append(True))
        one.print(slip(1, 2))
        assert asked == []
        assert simulated.wait_for_slips(2) == [slip(1, 1), slip(1, 2)]


def test_a_shared_printer_that_is_away_is_unreachable_after_its_turn_would_have_come(monkeypatch):
    monkeypatch.setattr(printer, "TURN", 0.2)
    with PrinterSimulator() as gone:
        port = gone.port
    away = EscposPrinter(NetworkTransport("127.0.0.1", port, SOON), SHARED)
    with pytest.raises(Unreachable):
        away.print(slip(1, 1))
    with PrinterSimulator(port) as back:
        away.print(slip(1, 1))
        assert back.slips == [slip(1, 1)]


def test_a_silent_shared_printer_is_sent_nothing(monkeypatch):
    monkeypatch.setattr(printer, "TURN", 0.2)
    with PrinterSimulator(others=Others.WAIT) as simulated:
        simulated.set(LineFault.SILENT)
        with pytest.raises(NoAnswer):
            station(simulated).print(slip(1, 1))
        assert (simulated.slips, simulated.unfinished) == ([], b"")


def test_a_printer_that_cannot_answer_cannot_tell_whose_turn_it_is():
    with pytest.raises(BadSetting, match="shared"):
        PrinterProfile(shared=True, can_answer=False)
