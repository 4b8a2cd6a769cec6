import threading
from pathlib import Path

import pytest

from drivers.sim.printer import PrinterSimulator

FONT = Path(__file__).parents[2] / "resources" / "fonts" / "NotoSansSC-Regular.ttf"


class ScriptedTransport:
    """Plays one expected conversation, (write, bytes) and (read, bytes or error), and insists on all of it."""

    def __init__(self, can_answer=True):
        self.can_answer = can_answer
        self.turns = []
        self.opened = 0
        self.closed = 0

    def expect(self, *turns):
        self.turns += turns
        return self

    def open(self):
        self.opened += 1

    def write(self, data):
        assert self.turns, f"unexpected write {data!r}"
        self._play("write", data)

    def read(self, size):
        return self._play("read", None)

    def pending(self):
        return b""

    def close(self):
        self.closed += 1

    def _play(self, kind, data):
        turn, value, *error = self.turns.pop(0)
        assert turn == kind, f"{kind} {data!r} instead of {turn} {value!r}"
        if kind == "write":
            assert data == value
            if error:
                raise error[0]
        if isinstance(value, Exception):
            raise value
        return value


@pytest.fixture
def scripted():
    transports = []

    def script(*turns, can_answer=True):
        transports.append(ScriptedTransport(can_answer).expect(*turns))
        return transports[-1]

    yield script
    for transport in transports:
        assert not transport.turns, f"never happened: {transport.turns}"


@pytest.fixture
def font():
    return FONT


@pytest.fixture
def simulator():
    with PrinterSimulator() as printer:
        yield printer


@pytest.fixture(autouse=True)
def _no_stray_thread():
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
