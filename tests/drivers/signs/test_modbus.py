"""Modbus number displays, checked against minimalmodbus and frames from a maker's page."""

import random

import minimalmodbus
import pytest
from hypothesis import given
from hypothesis import settings as limit
from hypothesis import strategies as st

from drivers.errors import BadReply, BadSetting, NotInCharset, Refused
from drivers.signs.modbus import ModbusSettings, ModbusSign
from drivers.signs.modbus_frames import ReplyReader, read_one, write_one, write_several
from drivers.signs.sign_text import SignText
from drivers.sim.line import SimulatedLine
from drivers.sim.sign import ModbusMachine, SignBus, SignFault
from tests.drivers.signs.wire import Wire


def text(number, window=3):
    return SignText(number, window, f"请{number}号到{window}号窗口" if number else "")


def test_the_frame_of_a_makers_page_comes_out():
    assert write_one(1, 0, 50) == bytes.fromhex("01 06 00 00 00 32 08 1F")  # shop.rfid-life.com


@pytest.fixture
def master():
    """An independent Modbus master on a pty, and the machine it talks to."""
    machine = ModbusMachine(ModbusSettings(address=5, register=2, function=16, kind="digits"))
    with SimulatedLine(machine, pty=True) as line:
        instrument = minimalmodbus.Instrument(line.device, 5)
        instrument.serial.timeout = 0.2
        yield instrument, line
        instrument.serial.close()


def test_minimalmodbus_finds_the_simulated_display_to_its_liking(master):
    instrument, line = master
    instrument.write_registers(2, [0x41, 0x30, 0x31, 0x32])
    assert line.machine.shown == "A012"
    assert instrument.read_register(3) == 0x30
    with pytest.raises(minimalmodbus.SlaveReportedException):
        instrument.write_register(2, 1, functioncode=6)
    with pytest.raises(minimalmodbus.IllegalRequestError):
        instrument.write_registers(4, [1, 2, 3])
    line.set(SignFault.BAD_CRC)
    with pytest.raises(minimalmodbus.InvalidResponseError):
        instrument.read_register(3)


@given(st.integers(1, 247), st.integers(0, 0xFFF0), st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=12))
def test_the_frames_are_those_of_minimalmodbus(address, register, values):
    def embedded(function, payload):
        return minimalmodbus._embed_payload(address, minimalmodbus.MODE_RTU, function, payload)

    at = register.to_bytes(2, "big")
    words = b"".join(value.to_bytes(2, "big") for value in values)
    assert write_one(address, register, values[0]) == embedded(6, at + words[:2])
    assert write_several(address, register, values) == embedded(
        16, at + len(values).to_bytes(2, "big") + bytes((len(words),)) + words)
    assert read_one(address, register) == embedded(3, at + b"\x00\x01")


@given(letter=st.sampled_from(["", *"ABZ"]), count=st.integers(1, 9999), function=st.sampled_from([6, 16]),
       register=st.integers(0, 100), address=st.integers(1, 247))
def test_a_display_shows_the_digits_of_any_number_and_nothing_where_there_is_none(
    letter, count, function, register, address
):
    settings = ModbusSettings(address=address, register=register, function=function)
    display = ModbusMachine(settings)
    sign = ModbusSign(Wire(display), settings)
    sign.show(text(f"{letter}{count:03}"))
    assert display.shown == str(count)
    sign.show(text(""))
    assert display.shown == ""


@limit(max_examples=20)  # frames are kept apart by some milliseconds
@given(number=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True), function=st.sampled_from([6, 16]))
def test_a_display_with_a_register_for_each_place_shows_the_letter_too(number, function):
    settings = ModbusSettings(kind="digits", digits=6, function=function)
    display = ModbusMachine(settings)
    sign = ModbusSign(Wire(display), settings)
    sign.show(text(number))
    assert display.shown == number
    assert [chr(code) for code in display.registers.values()] == [" ", " ", *number]
    sign.show(text(""))
    assert display.shown == ""


def test_of_a_number_that_is_too_long_the_end_is_shown():
    settings = ModbusSettings(digits=3)
    display = ModbusMachine(settings)
    ModbusSign(Wire(display), settings).show(text("A1234"))
    assert display.shown == "234"


def test_a_display_with_a_point_gets_the_value_shifted_before_it():
    settings = ModbusSettings(digits=3, decimals=1)
    display = ModbusMachine(settings)
    ModbusSign(Wire(display), settings).show(text("A012"))
    assert (display.registers[0], display.shown) == (120, "12.0")


def test_another_value_may_stand_for_nothing():
    settings = ModbusSettings(blank=0xFFFF)
    display = ModbusMachine(settings)
    ModbusSign(Wire(display), settings).show(text(""))
    assert (display.registers[0], display.shown) == (0xFFFF, "")


def test_displays_on_one_bus_each_show_their_own_on_a_real_line(connected):
    every = [ModbusSettings(address=address) for address in (1, 2, 3)]
    line, transport = connected(SignBus([ModbusMachine(settings) for settings in every]))
    for settings in every:
        sign = ModbusSign(transport, settings)
        sign.check()
        sign.show(text(f"A00{settings.address}"))
    assert [display.shown for display in line.machine.signs] == ["1", "2", "3"]


def test_a_refusal_is_told_with_its_reason_but_shows_that_the_display_is_there():
    display = ModbusMachine()
    display.faults.add(SignFault.NAK)
    sign = ModbusSign(Wire(display), ModbusSettings())
    with pytest.raises(Refused, match="device failure"):
        sign.show(text("A001"))
    sign.check()


def test_a_register_that_the_display_lacks_is_told():
    with pytest.raises(Refused, match="no such register"):
        ModbusSign(Wire(ModbusMachine()), ModbusSettings(register=9)).show(text("A001"))


def test_an_answer_with_a_wrong_checksum_is_none():
    display = ModbusMachine()
    display.faults.add(SignFault.BAD_CRC)
    with pytest.raises(BadReply):
        ModbusSign(Wire(display), ModbusSettings()).show(text("A001"))


def test_a_number_in_other_signs_than_ascii_is_told():
    settings = ModbusSettings(kind="digits")
    with pytest.raises(NotInCharset):
        ModbusSign(Wire(ModbusMachine(settings)), settings).show(text("甲012"))


@pytest.mark.parametrize(("given", "key"), [
    ({"address": 0}, "address"), ({"address": 248}, "address"), ({"function": 5}, "function"),
    ({"kind": "float"}, "kind"), ({"digits": 5}, "digits"), ({"digits": 4, "decimals": 1}, "decimals"),
    ({"register": 0x10000}, "register"), ({"kind": "digits", "register": 0xFFFF}, "register"),
    ({"blank": -1}, "blank"),
])
def test_a_setting_that_cannot_be_is_told_by_its_key(given, key):
    with pytest.raises(BadSetting) as told:
        ModbusSettings(**given)
    assert told.value.key == key


def test_the_reply_reader_takes_100_000_random_and_mutated_inputs():
    """Whatever comes, nothing is raised, and what it gives is the display's, with a sound checksum."""
    chance, taken = random.Random(6), 0
    good = [write_one(1, 0, 12), write_several(1, 0, [1, 2])[:8], bytes.fromhex("01 86 02 C3 A1"), b"\x01\x06"]
    reader = ReplyReader(1, 6)
    for turn in range(100_000):
        data = bytearray(chance.choice(good) if turn % 2 else chance.randbytes(chance.randrange(12)))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        reply = reader.feed(bytes(data))
        if reply is not None:
            assert reply[0] == 1
            assert reply[1] in (0x06, 0x86)
            reader = ReplyReader(1, 6)
            taken += 1
    assert taken > 5_000
