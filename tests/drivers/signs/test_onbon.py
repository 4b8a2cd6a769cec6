"""Onbon cards: frames captured by others come out byte for byte, and what is sent can be read by a card."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.checksums import crc16_arc
from drivers.errors import BadReply, BadSetting, NotInCharset, Refused
from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.onbon_frames import (
    PING,
    PIXELS,
    START,
    Area,
    Frame,
    FrameReader,
    acknowledged,
    framed,
    opened,
    update,
)
from drivers.signs.sign_text import SignText
from drivers.sim.sign import OnbonMachine, SignBus, SignFault
from tests.drivers.signs import captured
from tests.drivers.signs.wire import Wire

CALL = SignText("A012", 3, "请A012号到3号窗口")
FONT = b"\\FO000"
WEATHER = {"x": 0, "width": 64, "height": 12, "gap": 10, "run": 1, "single": 1, "wrap": 1, "speed": 0x17, "stay": 2}
gb2312 = st.characters(codec="gb2312", exclude_characters="\\")


def inside(frame):
    [found] = FrameReader().feed(frame)
    return found


@pytest.mark.parametrize(("area", "reply", "frame"), [
    (Area(b"012345QRSTTV'B", width=0x18, height=32, effect=3, speed=4, stay=5), True, captured.DIGITS),
    (Area(FONT + "TEMPER:21℃".encode("gbk"), 1, y=12, **WEATHER), False, captured.TEMPERATURE),
    (Area(FONT + b"HUM:66%RH", 1, y=24, **WEATHER), False, captured.HUMIDITY),
    (Area(FONT + b"  ", 1, y=36, **WEATHER), False, captured.SPACES),
    (Area(FONT + b"AIRPRE:1016.0hPa", 2, y=36, **WEATHER | {"width": 12}), False, captured.PRESSURE),
])
def test_a_captured_update_is_built_byte_for_byte(area, reply, frame):
    assert framed(1, update(area, reply=reply, counted=reply)) == frame


def test_captured_commands_are_built_byte_for_byte():
    assert framed(1, PING) == captured.PING
    assert framed(1, update(delete_all=True)) == captured.DELETE_ALL
    assert framed(0x8000, bytes.fromhex("A0 00 00 00 00"), sender=1) == captured.ACK
    for frame in captured.COMMANDS:
        assert framed(1, opened(inside(frame)).data) == frame


def test_captured_data_of_one_and_two_areas_is_built_byte_for_byte():
    tags = b"\\FO000\\C1"
    assert update(Area(tags, width=0x60, height=0x40)) == captured.BLANK_DATA
    first = Area(b"\\FO001\\C1" + "欢迎使用燕禹遥测设备".encode("gb2312"), 0, 0, 8, 20, 72)
    assert update(first, Area(b"\\FO001\\C1", 1, 0, 0, 20, 8)) == captured.TWO_AREAS_DATA


@pytest.mark.parametrize("frame", [*captured.COMMANDS, *captured.UPDATES, captured.ACK])
def test_a_captured_frame_is_read_in_pieces_of_any_size_and_a_flipped_bit_is_noticed(frame):
    reader = FrameReader()
    assert [found for byte in frame for found in reader.feed(bytes((byte,)))] == [inside(frame)]
    for place in range(8, len(frame) - 1):
        broken = frame[:place] + bytes((frame[place] ^ 0x04,)) + frame[place + 1 :]
        assert all(opened(found) is None for found in FrameReader().feed(broken))


def test_a_frame_whose_length_is_not_what_it_says_is_damaged_however_right_its_checksum():
    plain = bytes.fromhex("01 00 00 80 00 00 00 00 00 00 FE 02 06 00 A2 00 01 00 00")
    assert opened(plain + crc16_arc(plain).to_bytes(2, "little")) is None


@given(st.binary(max_size=80), st.integers(0, 0xFFFF), st.integers(0, 0xFFFF))
def test_any_data_survives_the_wire_and_no_mark_stands_inside_a_frame(data, to, sender):
    frame = framed(to, data, sender)
    assert not set(frame[8:-1]) & {0xA5, 0x5A}
    assert opened(inside(b"\x00noise\x5a" + frame)) == Frame(to, sender, data)


@given(number=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True), window=st.integers(1, 99),
       text=st.text(gb2312, max_size=40), address=st.integers(1, 0xFFFE), area=st.integers(0, 0xFE))
def test_a_card_shows_any_text_it_is_sent(number, window, text, address, area):
    """The driver's bytes over a direct wire."""
    card = OnbonMachine(address)
    sign = OnbonSign(Wire(card), OnbonSettings(address=address, area=area))
    sign.show(SignText(number, window, text))
    assert card.shown == text
    sign.show(SignText("", window, ""))
    assert card.shown == ""


def test_a_call_is_shown_on_a_real_line_and_the_card_confirms_it(connected):
    line, transport = connected(OnbonMachine())
    sign = OnbonSign(transport, OnbonSettings())
    sign.check()
    sign.show(CALL)
    assert line.machine.shown == "请A012号到3号窗口"


def test_settings_go_to_their_places_in_the_frame():
    wire = Wire(OnbonMachine(7))
    settings = OnbonSettings(address=7, area=2, x=16, y=4, width=128, height=24, font="003", colour=2, effect="left",
                             speed=9)
    OnbonSign(wire, settings).show(CALL)
    text = "\\FO003\\C2请A012号到3号窗口".encode("gbk")
    assert wire.sent == [framed(7, update(Area(text, 2, 2, 4, 16, 24, effect=3, speed=9)))]


def test_a_card_that_counts_pixels_gets_the_mark_for_it_and_a_card_of_one_colour_no_tag():
    wire = Wire(OnbonMachine())
    OnbonSign(wire, OnbonSettings(unit="pixels", x=3, width=77, colour=0)).show(SignText("", 1, "1"))
    assert wire.sent == [framed(1, update(Area(b"\\FO0001", 0, PIXELS + 3, 0, PIXELS + 77, 16, speed=4)))]


def test_where_nothing_comes_back_no_answer_is_asked_for_or_awaited():
    wire = Wire(OnbonMachine())
    OnbonSign(wire, OnbonSettings(answers=False)).show(CALL)
    assert opened(inside(wire.sent[0])).data[2] == 2
    assert (wire.machine.shown, wire.answer) == (CALL.text, b"")


def test_a_card_that_refuses_says_why():
    card = OnbonMachine()
    card.faults.add(SignFault.NAK)
    with pytest.raises(Refused, match="busy"):
        OnbonSign(Wire(card), OnbonSettings()).show(CALL)


def test_an_error_without_a_name_is_told_by_its_number():
    class Odd:
        def take(self, data):
            return framed(0x8000, b"\xa0\x01\x63\x00\x00", 1)

    with pytest.raises(Refused, match="error 99"):
        OnbonSign(Wire(Odd()), OnbonSettings()).show(CALL)


def test_an_answer_with_a_wrong_checksum_is_none():
    card = OnbonMachine()
    card.faults.add(SignFault.BAD_CRC)
    with pytest.raises(BadReply):
        OnbonSign(Wire(card), OnbonSettings()).show(CALL)


def test_a_frame_damaged_on_its_way_is_refused_by_the_card():
    card = OnbonMachine()
    answer = card.take(captured.DIGITS.replace(b"012345", b"013345"))
    assert acknowledged(opened(inside(answer)).data) == 5
    assert card.history == []


def test_another_cards_answer_on_the_same_bus_does_not_count():
    class Babble:
        """Answers for card 2 whatever it hears."""

        def take(self, data):
            return framed(0x8000, b"\xa0\x00\x00\x00\x00", 2)

    with pytest.raises(BadReply):
        OnbonSign(Wire(Babble()), OnbonSettings(address=1)).show(CALL)


def test_several_cards_on_one_bus_each_show_their_own(connected):
    line, transport = connected(SignBus([OnbonMachine(address) for address in (1, 2, 3)]))
    for address in (3, 1, 2):
        OnbonSign(transport, OnbonSettings(address=address)).show(SignText(f"A00{address}", address, f"{address}号"))
    assert [card.shown for card in line.machine.signs] == ["1号", "2号", "3号"]


def test_a_character_that_the_card_cannot_have_is_told():
    with pytest.raises(NotInCharset, match="U\\+1F600"):
        OnbonSign(Wire(OnbonMachine()), OnbonSettings()).show(SignText("", 1, "好\U0001F600"))


@pytest.mark.parametrize(("given", "key"), [
    ({"address": 0}, "address"), ({"width": 90}, "width"), ({"x": 3}, "x"), ({"font": "1"}, "font"),
    ({"font": "०००"}, "font"), ({"unit": "metres"}, "unit"), ({"encoding": "utf-8"}, "encoding"),
    ({"colour": 10}, "colour"), ({"area": 255}, "area"), ({"effect": "explode"}, "effect"), ({"speed": 25}, "speed"),
    ({"height": 0}, "height"),
])
def test_a_setting_that_cannot_be_is_told_by_its_key(given, key):
    with pytest.raises(BadSetting) as told:
        OnbonSettings(**given)
    assert told.value.key == key


def test_the_readers_take_100_000_random_and_mutated_inputs():
    """Whatever comes, nothing is raised, and nothing damaged is taken for an acknowledgement."""
    chance, taken = random.Random(5), 0
    reader = FrameReader()
    frames = [captured.ACK, captured.DIGITS, START, b"\x5a", b"\xa6", b"\x5b\x03"]
    for turn in range(100_000):
        data = bytearray(chance.choice(frames) if turn % 2 else chance.randbytes(chance.randrange(24)))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        for found in reader.feed(bytes(data)):
            frame = opened(found)
            if frame is not None:
                assert acknowledged(frame.data) in (0, None)
                taken += 1
    assert taken > 5_000


def test_endless_noise_after_a_start_is_not_kept():
    reader = FrameReader()
    assert reader.feed(START + bytes(100_000) + b"\x5a") == []
    assert reader.feed(captured.ACK) == [inside(captured.ACK)]
