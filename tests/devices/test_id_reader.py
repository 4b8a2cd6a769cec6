"""The ID-card reader's worker: an age for each card, an honest state, and nothing of anybody anywhere else."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from queue import SimpleQueue

import pytest

from drivers.link import make_link
from drivers.readers.sdt import SdtReader
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.reader import CardFault, CardReaderMachine, made_up
from drivers.wire import WireLog, written
from hallapp.devices.id_reader import AGAIN, POLL, IdReader
from hallapp.devices.settings import DeviceSettings, make_transport
from hallapp.devices.worker import Worker
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble

TODAY, CARD = date(2026, 11, 23), made_up(born=date(1956, 11, 24))
QUICK = SdtReader.Settings(find_seconds=0.4, read_seconds=0.5)
READY = DeviceStatus("reader", "reader", DeviceState.READY)


def down(trouble):
    return DeviceStatus("reader", "reader", DeviceState.DOWN, trouble)


class Stand:
    """A reader on a simulated line, its turns, and all that comes out of it."""

    def __init__(self, line, transport):
        self.line, self.machine, self.transport = line, line.machine, transport
        self.said = SimpleQueue()  # statuses, ages, "unread"
        driver = SdtReader(transport, QUICK)
        self.reader = IdReader("reader", driver, lambda: TODAY, self.said.put, self.said.put, self._on_unread)

    def _on_unread(self):
        self.said.put("unread")

    def turns(self, count=1):
        """What came out of so many turns."""
        self.pauses = [self.reader.turn() for _ in range(count)]
        return self.heard()

    def heard(self):
        return [self.said.get() for _ in range(self.said.qsize())]

    def lay(self, card=CARD):
        self.line.act(lambda: self.machine.lay(card))

    def lift(self):
        self.line.act(self.machine.lift)


@pytest.fixture
def stand():
    with SimulatedLine(CardReaderMachine(), pty=True) as line:
        made = Stand(line, make_link(line.device, SdtReader.baudrate, timeout=0.1))
        yield made
        made.transport.close()


def test_an_age_is_told_once_for_each_card_and_nothing_else(stand):
    assert stand.turns(3) == [READY]
    assert stand.pauses == [POLL] * 3 == [0.4] * 3
    stand.lay()
    assert stand.turns(3) == [69]
    stand.lift()
    assert stand.turns() == []
    stand.lay(made_up(born=date(2000, 1, 1)))
    assert stand.turns() == [26]


@pytest.mark.parametrize(("fault", "trouble"), [
    (LineFault.SILENT, Trouble.SILENT), (LineFault.LATE, Trouble.SILENT), (LineFault.STALLED, Trouble.SILENT),
    (LineFault.HALF, Trouble.GARBLED), (LineFault.CORRUPT, Trouble.GARBLED), (CardFault.NOT_AUTHORISED, Trouble.FAULT),
])
def test_a_reader_in_trouble_is_down_and_comes_back_by_itself(stand, fault, trouble):
    stand.lay()
    stand.line.set(fault)
    assert stand.turns() == [down(trouble)]
    assert stand.pauses == [AGAIN]
    stand.line.set(fault, on=False)
    heard = stand.turns(8)
    assert heard[-2:] == [READY, 69] or heard[-3:] == [READY, "unread", 69]


@pytest.mark.parametrize("fault", [LineFault.SILENT, LineFault.CORRUPT, CardFault.NOT_AUTHORISED])
def test_a_trouble_that_lasts_is_told_once(stand, fault):
    stand.line.set(fault)
    assert len(stand.turns(3)) == 1


@pytest.mark.parametrize("fault", [LineFault.NOISE, LineFault.SLOW])
def test_what_the_driver_puts_up_with_is_no_trouble(stand, fault):
    stand.line.set(fault)
    stand.lay()
    assert stand.turns(3) == [READY, 69]


@pytest.mark.parametrize("fault", [CardFault.READ_FAILED, CardFault.SELECT_FAILED])
def test_a_card_that_fails_is_said_once_and_the_reader_stays_ready(stand, fault):
    stand.turns()
    stand.line.set(fault)
    stand.lay()
    assert stand.turns(3) == ["unread"]
    assert stand.pauses == [POLL] * 3
    stand.lift()
    assert stand.turns() == []
    stand.lay()
    assert stand.turns() == ["unread"]
    stand.line.set(fault, on=False)
    assert stand.turns() == [69]


def test_an_unplugged_readers_port_is_missed_until_it_is_back(stand, tmp_path):
    port = tmp_path / "ttyUSB0"
    unplugged = Stand(stand.line, make_link(str(port), timeout=0.1))
    assert unplugged.turns(2) == [down(Trouble.NO_PORT)]
    port.symlink_to(stand.line.device)
    unplugged.lay()
    assert unplugged.turns(2) == [READY, 69]
    unplugged.transport.close()


def test_a_trial_asks_the_reader_and_is_answered_though_nothing_changed(stand):
    stand.turns(2)
    stand.reader.try_out()
    assert stand.turns() == [READY]
    stand.line.set(LineFault.SILENT)
    stand.reader.try_out()
    assert stand.turns() == [down(Trouble.SILENT)]
    stand.reader.try_out()
    assert stand.turns() == [down(Trouble.SILENT)]


def test_a_fault_of_the_driver_is_shown_and_goes_on_to_the_worker(stand):
    stand.reader._reader = object()
    with pytest.raises(AttributeError):
        stand.reader.turn()
    assert stand.heard() == [down(Trouble.PROGRAM)]


def test_in_its_own_thread_it_finds_the_card_and_ends_when_told(stand):
    worker = Worker("reader", stand.reader.turn, stand.reader.poked, stand.said.put, stand.transport.close)
    stand.lay()
    worker.start()
    assert [stand.said.get(timeout=5), stand.said.get(timeout=5)] == [READY, 69]
    stand.line.set(LineFault.SILENT)
    assert stand.said.get(timeout=5) == down(Trouble.SILENT)
    stand.line.set(LineFault.SILENT, on=False)
    stand.reader.poked.set()
    assert stand.said.get(timeout=5) == READY
    worker.close()


def traces(card):
    """How the card's data might look in a text: as it is, as pairs, as the bytes of a wire log."""
    for value in (card.name, card.number, card.address, card.authority, card.born.isoformat(),
                  card.born.isoformat().replace("-", "")):
        raw = value.encode("utf-16-le")
        yield from (value, raw.hex(), raw.hex(" "), repr(raw)[2:-1], "·".join(value))


def test_number_name_and_address_are_in_no_log_no_status_and_no_wire_log(stand, caplog):
    caplog.set_level(logging.DEBUG)
    log = WireLog(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    settings = DeviceSettings("reader", "reader", "sdt", stand.line.device, None, "", QUICK)
    watched = Stand(stand.line, make_transport(settings, log))
    doubtful, broken = made_up(born=date(1940, 1, 1), seed=7), made_up(born=date(1941, 2, 3), seed=8)
    doubtful = replace(doubtful, number=doubtful.number[:-1] + ("1" if doubtful.number[-1] == "0" else "0"))
    broken = replace(broken, sex=3)
    heard = []
    for card in (CARD, doubtful, broken):
        for fault in (None, CardFault.READ_FAILED, LineFault.CORRUPT):
            if fault:
                stand.line.set(fault)
            watched.lay(card)
            heard += watched.turns()
            watched.lift()
            if fault:
                stand.line.set(fault, on=False)
            heard += watched.turns()
    watched.transport.close()
    assert {69, 86, "unread", down(Trouble.GARBLED)} <= set(heard)
    for words in ("check digit", "makes no sense: sex", "41 read failed"):
        assert words in caplog.text
    wire = written(log.lines())
    assert sum(map(int, re.findall(r" < (\d+) bytes$", wire, re.MULTILINE))) > 3 * 1295
    everything = f"{caplog.text}\n{wire}\n{heard!r}"
    for card in (CARD, doubtful, broken):
        assert [trace for trace in traces(card) if trace in everything] == []
