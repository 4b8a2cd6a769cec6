"""How hall.toml names the way to a device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadSetting
from drivers.link import make_link
from drivers.sim.line import SimulatedLine
from drivers.transport import NetworkTransport, SerialTransport


class Parrot:
    def __init__(self):
        self.faults = set()

    def take(self, data):
        return data


@pytest.mark.parametrize("link", ["{device}", "{device}@9600", "tcp://127.0.0.1:{port}"])
def test_every_way_of_naming_reaches_the_device(link):
    with SimulatedLine(Parrot(), pty=True) as line:
        transport = make_link(link.format(device=line.device, port=line.port))
        transport.open()
        transport.write(b"there?")
        assert transport.read(1) == b"t"
        transport.close()


def test_a_speed_in_the_link_goes_before_the_drivers():
    assert make_link("COM3", 115200)._settings["baudrate"] == 115200
    assert make_link("COM3@2400", 115200)._settings["baudrate"] == 2400


@pytest.mark.parametrize("link", ["", "@9600", "COM3@", "COM3@fast", "COM3@0", "tcp://", "tcp://host", "tcp://:1",
                                  "tcp://host:0", "tcp://host:65536", "tcp://host:x"])
def test_a_link_that_cannot_be_says_what_would_be_right(link):
    with pytest.raises(BadSetting, match=r"COM3@9600 .* tcp://"):
        make_link(link)


@given(st.text(max_size=30))
def test_whatever_is_written_there_is_a_link_or_a_bad_setting(link):
    try:
        made = make_link(link)
    except BadSetting:
        return
    assert isinstance(made, (NetworkTransport, SerialTransport))
