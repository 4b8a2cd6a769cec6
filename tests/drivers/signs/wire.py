"""Ways to a simulated sign: straight into the machine, or over a real serial line or socket."""

import contextlib

from drivers.link import make_link
from drivers.sim.line import SimulatedLine

TIMEOUT = 0.3  # seconds: what a silent sign costs a test


class Wire:
    """A transport straight into a machine, for what needs no line."""

    can_answer = True

    def __init__(self, machine):
        self.machine, self.answer, self.sent = machine, b"", []

    def open(self):
        pass

    def write(self, data):
        self.sent.append(data)
        self.answer += self.machine.take(data)

    def read(self, size):
        data, self.answer = self.answer[:size], self.answer[size:]
        return data

    def close(self):
        pass


@contextlib.contextmanager
def real_line(machine, kind):
    """The line that serves a machine, ``kind`` pty or tcp, and a transport to it that is not open yet."""
    with SimulatedLine(machine, pty=kind == "pty") as line:
        transport = make_link(line.device if kind == "pty" else f"tcp://127.0.0.1:{line.port}", 9600, TIMEOUT)
        yield line, transport
        transport.close()
