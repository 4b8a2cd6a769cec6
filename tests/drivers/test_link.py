"""How hall.toml names the way to a device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadSetting
from drivers.link import make_link, make_printer_link
from drivers.sim.line import SimulatedLine
from drivers.transport import FileTransport, NetworkTransport, SerialTransport, WindowsQueueTransport


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


@pytest.mark.parametrize(("kind", "address", "made"), [
    ("network", "10.0.0.9", "10.0.0.9:9100"), ("network", "10.0.0.9:9101", "10.0.0.9:9101"),
])
def test_a_network_printer_is_at_its_host_and_port(kind, address, made):
    assert str(make_printer_link(kind, address)) == made


def test_a_serial_printer_is_at_its_port_and_speed():
    assert [make_printer_link("serial", address)._settings["baudrate"] for address in ("COM3", "COM3@19200")] == [
        9600, 19200]


def test_a_device_file_and_a_queue_are_taken_as_they_are_written():
    assert isinstance(make_printer_link("file", "/dev/usb/lp0"), FileTransport)
    assert isinstance(make_printer_link("windows", "58@mm: printer"), WindowsQueueTransport)


@pytest.mark.parametrize(("kind", "address"), [
    ("network", ""), ("network", ":9100"), ("network", "host:"), ("network", "host:0"), ("network", "host:65536"),
    ("network", "a:b"), ("serial", ""), ("serial", "COM3@"), ("serial", "COM3@0"), ("serial", "@9600"),
])
def test_a_printers_address_that_cannot_be_says_what_would_be_right(kind, address):
    with pytest.raises(BadSetting, match=r"address: .*192.168.1.50:9100 . COM3@9600"):
        make_printer_link(kind, address)


@given(st.text(max_size=30))
def test_whatever_is_written_there_is_a_link_or_a_bad_setting(link):
    try:
        made = make_link(link)
    except BadSetting:
        return
    assert isinstance(made, (NetworkTransport, SerialTransport))
