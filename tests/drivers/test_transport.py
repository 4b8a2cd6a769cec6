import contextlib
import errno
import os
import select
import socket
import sys
import termios
import tty
from time import monotonic
from types import SimpleNamespace

import pytest
import serial

from drivers.errors import CutOff, InUse, NoPort, NoRights, UnknownFate, Unreachable
from drivers.transport import FileTransport, NetworkTransport, SerialTransport, WindowsQueueTransport

SOON = 0.05


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        yield server


@pytest.fixture
def network(listener):
    """A transport and the connection at its far end."""
    transport = NetworkTransport("127.0.0.1", listener.getsockname()[1], SOON)
    transport.open()
    peer = listener.accept()[0]
    yield transport, peer
    transport.close()
    peer.close()


@pytest.fixture
def pty():
    """Master and slave of a raw pseudo terminal, and the slave's name."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield SimpleNamespace(master=master, slave=slave, name=os.ttyname(slave))
    for end in (master, slave):
        with contextlib.suppress(OSError):
            os.close(end)


# -- network


def test_bytes_go_both_ways_over_the_network(network):
    transport, peer = network
    transport.write(b"slip")
    assert peer.recv(16) == b"slip"
    peer.send(b"\x12\x1a")
    assert transport.read(16) == b"\x12\x1a"


def test_silence_on_the_network_is_an_empty_read(network):
    assert network[0].read(1) == b""


def test_what_has_come_over_the_network_is_there_without_waiting_and_the_line_waits_again_after_it(network):
    transport, peer = network
    assert transport.pending() == b""
    peer.send(b"\x12")
    select.select([transport._socket], [], [], 5)
    assert transport.pending() == b"\x12"
    begun = monotonic()
    assert transport.read(1) == b""
    assert monotonic() - begun >= SOON / 2


def test_a_connection_that_broke_has_nothing_and_the_next_read_tells(network):
    transport, peer = network
    peer.close()
    select.select([transport._socket], [], [], 5)
    assert transport.pending() == b""
    with pytest.raises(CutOff):
        transport.read(1)


def test_nothing_connects_before_it_is_needed():
    transport = NetworkTransport("127.0.0.1", 9)
    transport.close()
    with pytest.raises(Unreachable, match="not open"):
        transport.write(b"x")


def test_a_refused_connection_is_the_same_error_each_time():
    with socket.create_server(("127.0.0.1", 0)) as server:
        transport = NetworkTransport("127.0.0.1", server.getsockname()[1], SOON)
    for _ in range(3):
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
            transport.open()


def test_a_connection_the_printer_closed_is_noticed_before_bytes_are_lost_in_it(network, listener):
    transport, peer = network
    peer.close()
    transport.open()
    transport.write(b"slip")
    with listener.accept()[0] as second:
        assert second.recv(16) == b"slip"


def test_a_host_name_that_cannot_be_one_is_unreachable():
    with pytest.raises(Unreachable):
        NetworkTransport("printer..hall", 9100, SOON).open()


def test_opening_a_live_connection_keeps_it_and_what_has_come(network):
    transport, peer = network
    peer.send(b"\x12")
    transport.open()
    assert transport.read(1) == b"\x12"


def test_a_read_from_a_closed_connection_is_no_silence(network):
    transport, peer = network
    peer.close()
    with pytest.raises(CutOff, match="closed the connection"):
        transport.read(1)


def test_a_stalled_printer_leaves_a_job_of_unknown_fate_with_the_bytes_sent(network):
    transport, peer = network
    job = bytes(32_000_000)
    with pytest.raises(UnknownFate) as failed:
        transport.write(job)
    peer.settimeout(SOON)
    taken = 0
    with contextlib.suppress(TimeoutError):
        while data := peer.recv(1 << 20):
            taken += len(data)
    assert 0 < failed.value.sent == taken < len(job)


def test_a_write_of_which_nothing_went_out_may_be_tried_again(network):
    transport = network[0]
    with pytest.raises(UnknownFate):
        transport.write(bytes(32_000_000))
    with pytest.raises(Unreachable) as failed:
        transport.write(b"more")
    assert not isinstance(failed.value, CutOff)  # it takes nothing, and is still there


# -- serial


def test_bytes_go_both_ways_over_a_serial_line_in_pieces(pty):
    transport = SerialTransport(pty.name, timeout=SOON)
    transport.open()
    transport.write(bytes(range(200)))
    taken = b""
    while len(taken) < 200:
        taken += os.read(pty.master, 64)
    assert taken == bytes(range(200))
    os.write(pty.master, b"\x12\x1a")
    assert transport.read(16)[:1] == b"\x12"
    transport.close()


def test_an_answer_on_a_serial_line_is_read_without_waiting_out_the_time(pty):
    transport = SerialTransport(pty.name, timeout=5)
    transport.open()
    os.write(pty.master, b"\x12")
    start = monotonic()
    assert transport.read(16) == b"\x12"
    assert monotonic() - start < 4
    transport.close()


def test_silence_on_a_serial_line_is_an_empty_read(pty):
    transport = SerialTransport(pty.name, timeout=SOON)
    transport.open()
    assert transport.read(1) == b""
    transport.close()


def test_what_has_come_over_a_serial_line_is_there_without_waiting(pty):
    transport = SerialTransport(pty.name, timeout=SOON)
    transport.open()
    assert transport.pending() == b""
    os.write(pty.master, b"\x12\x1a")
    select.select([transport._port], [], [], 5)
    assert transport.pending() == b"\x12\x1a"
    assert transport.pending() == b""
    transport.close()


def test_a_port_that_another_program_holds_says_so_and_is_free_when_it_lets_go(pty):
    first, second = SerialTransport(pty.name, timeout=SOON), SerialTransport(pty.name, timeout=SOON)
    first.open()
    for _ in range(2):
        with pytest.raises(InUse, match=pty.name):
            second.open()
    first.close()
    second.open()
    second.close()


def test_a_port_that_another_program_holds_on_windows_says_so(monkeypatch):
    def denied(*_args, **_settings):
        raise serial.SerialException("could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)")

    monkeypatch.setattr(serial, "serial_for_url", denied)
    with pytest.raises(InUse):
        SerialTransport("COM3").open()


@pytest.mark.parametrize("transport", [SerialTransport("/dev/no-such-port"), FileTransport("/dev/no-such-port")])
def test_a_port_that_is_not_there_says_so(transport):
    with pytest.raises(NoPort, match="/dev/no-such-port"):
        transport.open()


@pytest.mark.parametrize(("error", "kind"), [
    (serial.SerialException(errno.EACCES, "could not open port"), NoRights),
    (serial.SerialException("could not open port 'COM9': FileNotFoundError(2, 'x', None, 2)"), NoPort),  # on Windows
    (serial.SerialException("Cannot configure port, something went wrong."), Unreachable),
])
def test_why_a_serial_port_cannot_be_opened_is_told(monkeypatch, error, kind):
    def refuse(*_args, **_settings):
        raise error

    monkeypatch.setattr(serial, "serial_for_url", refuse)
    with pytest.raises(Unreachable) as told:
        SerialTransport("COM9").open()
    assert type(told.value) is kind


@pytest.mark.parametrize(("number", "kind"), [
    (errno.EACCES, NoRights), (errno.EBUSY, InUse), (errno.ENXIO, NoPort), (errno.EIO, Unreachable),
])
def test_why_a_device_file_cannot_be_opened_is_told(monkeypatch, number, kind):
    def refuse(*_args):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Unreachable) as told:
        FileTransport("/dev/usb/lp0").open()
    assert type(told.value) is kind


def test_late_answers_are_thrown_away_when_a_serial_line_is_opened_again(pty):
    transport = SerialTransport(pty.name, timeout=SOON)
    os.write(pty.master, b"\x1a")
    transport.open()
    assert transport.read(1) == b""
    transport.close()


def fill(transport):
    """Writes single slices until it fails."""
    for _ in range(1000):
        transport.write(bytes(transport.slice_size))


def test_blocked_flow_control_ends_in_unknown_fate_and_not_in_hanging(pty):
    transport = SerialTransport(pty.name, timeout=SOON, write_timeout=SOON)
    transport.open()
    with pytest.raises(UnknownFate) as failed:
        transport.write(bytes(1_000_000))
    assert 0 < failed.value.sent < 1_000_000
    with pytest.raises(UnknownFate) as failed:
        fill(transport)
    assert failed.value.sent == 0  # yet a part of those 64 bytes may have gone out
    transport.close()


def test_a_port_that_fails_even_in_closing_counts_as_closed(monkeypatch):
    def fail(port):
        raise termios.error(5, "Input/output error")

    transport = SerialTransport("loop://")
    transport.open()
    monkeypatch.setattr("serial.urlhandler.protocol_loop.Serial.close", fail)
    transport.close()
    monkeypatch.undo()
    with pytest.raises(Unreachable, match="not open"):
        transport.write(b"slip")


def test_an_unplugged_serial_line_fails_typed_in_writing_reading_and_closing(pty):
    transport = SerialTransport(pty.name, timeout=SOON)
    transport.open()
    os.close(pty.master)
    with pytest.raises(CutOff):
        transport.read(1)
    with pytest.raises(CutOff):
        transport.write(b"slip")
    transport.close()
    with pytest.raises(Unreachable):
        transport.open()


@pytest.mark.parametrize(
    ("url", "settings"), [("/dev/no-such-port", {}), ("nonsense://x", {}), ("loop://", {"baudrate": -1})]
)
def test_a_port_that_is_not_there_or_set_wrong_is_unreachable(url, settings):
    with pytest.raises(Unreachable, match=url):
        SerialTransport(url, **settings).open()


def test_a_serial_to_network_box_is_a_serial_url(listener):
    transport = SerialTransport(f"socket://127.0.0.1:{listener.getsockname()[1]}", timeout=SOON)
    transport.open()
    with listener.accept()[0] as peer:
        transport.write(b"slip")
        assert peer.recv(16) == b"slip"
    transport.close()


# -- device file


@pytest.fixture
def fifo(tmp_path):
    os.mkfifo(tmp_path / "lp0")
    return tmp_path / "lp0"


def test_a_device_file_takes_the_bytes_and_cannot_answer(fifo):
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    transport = FileTransport(str(fifo))
    transport.open()
    transport.write(b"slip")
    assert os.read(reader, 16) == b"slip"
    assert not transport.can_answer
    assert transport.read(1) == b""
    transport.close()
    transport.close()
    os.close(reader)


def test_a_device_file_has_nothing_to_say(fifo):
    assert FileTransport(str(fifo)).pending() == b""


def test_a_missing_device_file_is_never_made(tmp_path):
    with pytest.raises(Unreachable, match="lp0"):
        FileTransport(str(tmp_path / "lp0")).open()
    assert list(tmp_path.iterdir()) == []


def test_a_usb_printer_that_stops_taking_bytes_leaves_a_job_of_unknown_fate(fifo):
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    transport = FileTransport(str(fifo), SOON)
    transport.open()
    with pytest.raises(UnknownFate) as failed:
        transport.write(bytes(1_000_000))
    assert select.select([reader], [], [], 0)[0]
    assert 0 < failed.value.sent < 1_000_000
    transport.close()
    os.close(reader)


def test_a_usb_printer_that_takes_nothing_is_unreachable():
    transport = FileTransport("/dev/full")
    transport.open()
    with pytest.raises(Unreachable):
        transport.write(b"slip")
    transport.close()
    with pytest.raises(Unreachable, match="not open"):
        transport.write(b"slip")


# -- Windows queue


class Spooler:
    """Stands for the win32print module, which exists on Windows only. Its calls are kept in ``calls``."""

    def __init__(self, takes=1000):
        self.takes = takes
        self.calls = []

    def __getattr__(self, name):
        def call(*arguments):
            self.calls.append((name, *arguments))
            if name == "OpenPrinter" and arguments == ("missing",):
                raise Exception(1801, "OpenPrinter", "The printer name is invalid.")
            return min(self.takes, len(arguments[1])) if name == "WritePrinter" else "handle"

        return call


@pytest.fixture
def spooler(monkeypatch):
    spooler = Spooler()
    monkeypatch.setitem(sys.modules, "win32print", spooler)
    return spooler


def test_each_slip_is_one_raw_document_of_the_windows_queue(spooler):
    transport = WindowsQueueTransport("Slips")
    transport.open()
    spooler.calls.clear()
    transport.write(b"slip")
    transport.close()
    assert spooler.calls == [
        ("OpenPrinter", "Slips"),
        ("StartDocPrinter", "handle", 1, ("slip", None, "RAW")),
        ("StartPagePrinter", "handle"),
        ("WritePrinter", "handle", b"slip"),
        ("EndPagePrinter", "handle"),
        ("EndDocPrinter", "handle"),
        ("ClosePrinter", "handle"),
    ]
    assert not transport.can_answer
    assert transport.read(1) == b""


@pytest.mark.parametrize(("takes", "error"), [(0, Unreachable), (2, UnknownFate)])
def test_a_spooler_that_takes_a_part_only_is_told_by_how_much_it_took(spooler, takes, error):
    spooler.takes = takes
    with pytest.raises(error):
        WindowsQueueTransport("Slips").write(b"slip")
    assert spooler.calls[-1] == ("ClosePrinter", "handle")


def test_a_windows_queue_that_does_not_exist_is_unreachable(spooler):
    with pytest.raises(Unreachable, match="missing"):
        WindowsQueueTransport("missing").open()


def test_a_windows_queue_elsewhere_is_unreachable(monkeypatch):
    monkeypatch.setitem(sys.modules, "win32print", None)
    with pytest.raises(Unreachable, match="Windows only"):
        WindowsQueueTransport("Slips").open()
