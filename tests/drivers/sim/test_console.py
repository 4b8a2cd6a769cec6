"""Every simulated device, worked by words."""

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
