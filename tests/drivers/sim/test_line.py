"""What a line can do to an answer, whatever the device."""

import os
import select
import socket

import pytest

from drivers.sim.line import NOISE, LineFault, SimulatedLine


class Echo:
    """Says what it hears, and ``said`` by itself."""

    def __init__(self):
        self.faults = set()
        self.heard = b""
        self.said = b""

    def take(self, data):
        self.heard += data
        answer, self.said = data + self.said, b""
        return answer


@pytest.fixture
def line():
    with SimulatedLine(Echo(), pty=True) as served:
        yield served


@pytest.fixture
def computer(line):
    with socket.create_connection(("127.0.0.1", line.port), timeout=2) as connection:
        yield connection


@pytest.mark.parametrize(("fault", "answer"), [
    (None, b"abcd"), (LineFault.HALF, b"ab"), (LineFault.CORRUPT, b"abc1"), (LineFault.NOISE, NOISE + b"abcd"),
])
def test_an_answer_is_spoiled_as_told(line, computer, fault, answer):
    if fault:
        line.set(fault)
    computer.sendall(b"abcd")
    assert computer.recv(64) == answer


def test_a_silent_device_hears_all_the_same(line, computer):
    line.set(LineFault.SILENT)
    computer.sendall(b"abcd")
    assert line.wait_until(lambda: line.machine.heard == b"abcd")
    line.set(LineFault.SILENT, on=False)
    computer.sendall(b"e")
    assert computer.recv(64) == b"e"


def test_a_late_answer_comes_with_the_next_one(line, computer):
    line.set(LineFault.LATE)
    computer.sendall(b"first")
    assert line.wait_until(lambda: line.machine.heard == b"first")
    computer.sendall(b"second")
    assert computer.recv(64) == b"first"


def test_a_device_that_hangs_up_does_so_once(line, computer):
    line.set(LineFault.DROP)
    computer.sendall(b"x")
    assert computer.recv(64) in (b"x", b"")
    with socket.create_connection(("127.0.0.1", line.port), timeout=2) as again:
        again.sendall(b"y")
        assert again.recv(64) == b"y"


def test_a_stalled_device_takes_nothing_until_it_goes_on(line, computer):
    line.set(LineFault.STALLED)
    computer.sendall(b"abcd")
    assert line.machine.heard == b""
    line.set(LineFault.STALLED, on=False)
    assert computer.recv(64) == b"abcd"


def test_a_slow_device_gets_through_in_the_end(line, computer):
    line.set(LineFault.SLOW)
    computer.sendall(bytes(500))
    assert line.wait_until(lambda: len(line.machine.heard) == 500)


def test_what_a_device_says_by_itself_reaches_a_computer_that_only_listens(line):
    port = os.open(line.device, os.O_RDWR | os.O_NOCTTY)
    try:
        line.act(lambda: setattr(line.machine, "said", b"key"))
        assert select.select([port], [], [], 2)[0]
        assert os.read(port, 64) == b"key"
    finally:
        os.close(port)


def test_what_a_device_says_by_itself_reaches_a_computer_that_came_by_tcp_and_said_nothing(line, computer):
    while not line._connected:
        line.act(lambda: None)
    line.act(lambda: setattr(line.machine, "said", b"scan"))
    assert computer.recv(64) == b"scan"


class EndsWhenSeen(set):
    """A stall that is over right after the line saw it for the second time: before it waits for its end."""

    seen, ended = 0, None

    def __contains__(self, fault):
        found = super().__contains__(fault)
        if found and fault is LineFault.STALLED:
            self.seen += 1
            if self.seen == 2:
                self.discard(fault)
                self.ended()
        return found


def test_what_was_said_during_a_stall_that_ends_at_that_moment_is_not_lost(line, computer):
    computer.sendall(b"a")
    assert computer.recv(64) == b"a"

    def stall_and_speak():
        line.machine.faults = EndsWhenSeen({LineFault.STALLED})
        line.machine.faults.ended = lambda: line._wake.send(b".")  # as for every end of a fault
        line.machine.said = b"bc"

    line.act(stall_and_speak)
    assert computer.recv(64) == b"bc"
