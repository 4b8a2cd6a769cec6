"""What is plugged in, as the system tells it."""

import sys

import pytest

from hallapp.devices import found


@pytest.mark.skipif(sys.platform == "win32", reason="CUPS")
@pytest.mark.parametrize(("script", "queues"), [
    ("echo office; echo second", ("office", "second")), ("exit 1", ()), ("exec sleep 60", ()),
])
def test_the_queues_of_cups_are_listed_and_a_cups_that_hangs_is_as_good_as_none(tmp_path, monkeypatch, script, queues):
    lpstat = tmp_path / "lpstat"
    lpstat.write_text(f"#!/bin/sh\n{script}\n")
    lpstat.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(found, "LPSTAT_SECONDS", 0.3)
    assert tuple(one.address for one in found.printers() if one.about == "queue") == queues


def test_serial_ports_are_listed_without_opening_them():
    assert all(port.address for port in found.serial_ports())
