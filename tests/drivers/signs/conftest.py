"""Signs behind a real serial line (a pty) and a real socket."""

import contextlib

import pytest

from drivers.link import make_link
from drivers.sim.line import SimulatedLine
from drivers.wire import LoggedTransport, WireLog

TIMEOUT = 0.05  # seconds: a silent sign costs a test no more


@pytest.fixture(params=["pty", "tcp"])
def connected(request):
    """``connected(machine)``: the line that serves it and a transport to it, not open yet."""
    with contextlib.ExitStack() as opened:

        def connect(machine):
            line = opened.enter_context(SimulatedLine(machine, pty=request.param == "pty"))
            where = line.device if request.param == "pty" else f"tcp://127.0.0.1:{line.port}"
            transport = LoggedTransport(make_link(where, 9600, TIMEOUT), WireLog(lambda: None))
            opened.callback(transport.close)
            return line, transport

        yield connect
