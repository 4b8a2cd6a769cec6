"""Signs behind a real serial line (a pty) and a real socket."""

import contextlib

import pytest

from tests.drivers.signs.wire import real_line


@pytest.fixture(params=["pty", "tcp"])
def connected(request):
    """``connected(machine)``: see real_line."""
    with contextlib.ExitStack() as opened:
        yield lambda machine: opened.enter_context(real_line(machine, request.param))
