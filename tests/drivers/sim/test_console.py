"""Every simulated device, worked by words."""

from random import Random

import pytest

from drivers.sim.console import SIMULATORS, faults, obey, simulator
from drivers.sim.line import LineFault


@pytest.fixture(params=sorted(SIMULATORS))
def device(request):
    """Each simulated device, running."""
    with simulator(request.param, 0, pty=True) as line:
        yield line


def test_every_fault_of_every_device_is_switched_by_its_word(device):
    for fault in faults(device):
        obey(device, f"{fault} on")
        assert fault in device.machine.faults or fault is LineFault.DROP
        obey(device, f"{fault} off")
        assert fault not in device.machine.faults


def test_every_device_tells_what_is_seen_of_it(device):
    seen = obey(device, "")
    assert seen
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in seen.items())


@pytest.mark.parametrize("words", ["nonsense", "silent maybe", "silent", "__init__", "take x"])
def test_other_words_are_refused(device, words):
    with pytest.raises(ValueError, match=words):
        obey(device, words)


def test_an_action_without_its_text_is_refused(device):
    for action, takes in device.machine.ACTIONS.items():
        with pytest.raises(ValueError, match=action):
            obey(device, action if takes else f"{action} something")


def test_a_roll_is_loaded_by_a_word():
    with simulator("printer", 0, pty=False, paper=20) as printer:
        assert obey(printer, "")["paper"] == "20"
        assert obey(printer, "load 3")["paper"] == "3"
        with pytest.raises(ValueError, match="many"):
            obey(printer, "load many")
        with pytest.raises(ValueError, match="-1"):
            obey(printer, "load -1")


HEARD = [bytes.fromhex(words) for words in (
    "1b40 1c26 4131 0a 1d5601", "100401 100402 1d7201", "aaaaaa9669 0003 2001 22", "aaaaaa9669 0003 3001 32",
    "ff68 0202 68 0103 04 16", "0106 0000 0032 081f", "0110 0000 0002 04 0031 0032 0000", "0c 1b40", "1b5141 3132 0d",
    "a5a5a5a5a5a5a5a5 0100 0080 000000 0000 00 fe02 0500 a200010000 0000 5a",
)]


@pytest.mark.parametrize("name", sorted(SIMULATORS))
def test_no_device_falls_over_what_comes_over_its_wire(name):
    """12,000 random and mutated inputs to each; fewer to the template sign, which looks for its frame everywhere."""
    chance, line = Random(name), simulator(name, 0, pty=False)
    with line:
        machine = line.machine
        for turn in range(200 if name == "template" else 12_000):
            data = bytearray(chance.choice(HEARD) if turn % 2 else chance.randbytes(chance.randrange(32)))
            for _ in range(chance.randrange(3)):
                if data:
                    data[chance.randrange(len(data))] = chance.randrange(256)
            assert isinstance(machine.take(bytes(data[: chance.randrange(len(data) + 1)] if turn % 5 else data)), bytes)
        assert machine.seen()
