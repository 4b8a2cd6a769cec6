"""Makers' private frames written as templates."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.checksums import crc16_arc, crc16_modbus, crc16_xmodem
from drivers.errors import BadReply, BadSetting, DeviceError, NotInCharset
from drivers.signs.frame_template import COMPUTED, FrameTemplate, acknowledgement
from drivers.signs.sign_text import SignText
from drivers.signs.template import AckReader, TemplateSettings, TemplateSign
from drivers.sim.sign import SignBus
from drivers.sim.template_sign import TemplateMachine
from tests.drivers.signs.wire import Wire

CALL = SignText("A012", 3, "请A012号到3号窗口")
WORDS = {"number": "A012", "window": "3", "text": "请"}


def built(template, form="hex", encoding="gbk", words=None):
    return FrameTemplate(template, form, encoding).build(words or WORDS)


def test_bytes_and_words_stand_where_the_template_has_them():
    """A window sign's frame that facts/domain 8.4 quotes, its checksum left as bytes."""
    frame = built("AA 55 1B 01 F8 7B 01 01 {text} 00 00 A4A8 2FF4")
    assert frame == bytes.fromhex("AA551B01F87B0101") + "请".encode("gbk") + bytes.fromhex("0000A4A82FF4")


def test_a_text_template_is_written_in_its_encoding():
    assert built("\x02#{window}:{{{number}}}到\r", "text") == "\x02#3:{A012}到\r".encode("gbk")
    assert built("{text}", "text", "gb18030", {**WORDS, "text": "㛃"}) == "㛃".encode("gb18030")


def test_a_width_pads_with_spaces_and_cuts_whole_characters_only():
    long = {**WORDS, "text": "一二三"}
    assert built("{text:4}|{number:6}|", "text") == "请  |A012  |".encode("gbk")
    assert built("{text:5}|", "text", words=long) == "一二 |".encode("gbk")


@pytest.mark.parametrize(("field", "value"), [
    ("sum8", b"\x0a"), ("sum8-negative", b"\xf6"), ("xor8", b"\x04"), ("sum16-le", b"\x0a\x00"),
    ("sum16-be", b"\x00\x0a"), ("length", b"\x0a"), ("length16-be", b"\x00\x0b"), ("length16-le", b"\x0b\x00"),
])
def test_what_is_computed_stands_at_its_place(field, value):
    words = {"number": "\x01\x02\x03\x04", "window": "", "text": ""}  # bytes 4 to 7
    frame = built("00 00 00 00 {number} {" + field + "} FF", words=words)
    assert frame == b"\0\0\0\0\x01\x02\x03\x04" + value + b"\xff"


def test_a_part_may_be_named_by_first_and_last_as_in_a_slice():
    words = {**WORDS, "number": "123456789"}
    data = b"123456789"
    assert built("AA 55 {number} {crc16-modbus:2}", words=words)[-2:] == crc16_modbus(data).to_bytes(2, "little")
    assert built("AA 55 {number} {crc16-arc-be:2}", words=words)[-2:] == crc16_arc(data).to_bytes(2, "big")
    assert built("AA {number} BB {crc16-xmodem:1:-3}", words=words)[-2:] == crc16_xmodem(data).to_bytes(2, "big")
    assert built("AA {length:2} {number} 5A", words=words)[1] == 10  # to the end of the frame
    assert built("AA {length:2:-1} {number} 5A", words=words)[1] == 9


def test_checksums_run_over_lengths_that_stand_before_or_behind_them():
    frame = built("{sum8:1:9} {length} {number} 01 02 03")
    assert frame[1] == 9
    assert frame[0] == sum(frame[1:9]) & 0xFF


def test_a_frame_longer_than_its_length_can_say_is_told():
    with pytest.raises(DeviceError, match="300"):
        built("{length:1} {text}", words={**WORDS, "text": "x" * 300})


@pytest.mark.parametrize(("template", "form", "place", "found"), [
    ("AA 5 {text}", "hex", 4, "5 {text}"), ("AA GG {text}", "hex", 4, "GG {text}"), ("AA {txt}", "hex", 4, "{txt}"),
    ("AA {text", "hex", 4, "{text"), ("{text:0}", "hex", 1, "{text:0}"), ("{text:2:3}", "hex", 1, "{text:2:3}"),
    ("{text}{sum9}", "text", 7, "{sum9}"), ("{text}}", "text", 7, "}"), ("{text} {sum8:x}", "hex", 8, "{sum8:x}"),
    ("{text}{}", "text", 7, "{}"), ("{text} €", "text", 8, "€"),
])
def test_a_fault_in_a_template_is_told_with_its_place(template, form, place, found):
    with pytest.raises(BadSetting) as told:
        TemplateSettings(template=template, form=form, encoding="gb2312")
    assert told.value.key == "template"
    assert told.value.expected.endswith(f"(#{place}: {found!r})")


@pytest.mark.parametrize(("given", "key"), [
    ({"template": "AA 55", "form": "hex"}, "template"), ({"template": ""}, "template"), ({"form": "json"}, "form"),
    ({"encoding": "utf-8"}, "encoding"), ({"ack": "06 0"}, "ack"), ({"ack": "06 ."}, "ack"), ({"ack": "OK"}, "ack"),
])
def test_a_setting_that_cannot_be_is_told_by_its_key(given, key):
    with pytest.raises(BadSetting) as told:
        TemplateSettings(**given)
    assert told.value.key == key


def test_the_place_of_a_fault_in_an_acknowledgement_is_told():
    with pytest.raises(BadSetting, match=re.escape("(#7: '0x')")):
        TemplateSettings(ack="AA .. 0x")


def test_chinese_in_an_ascii_frame_is_told():
    with pytest.raises(NotInCharset):
        built("{text}", "text", "ascii")


word = st.text(st.characters(codec="gb2312", categories=["L", "N"]), min_size=1, max_size=12)


@given(number=st.from_regex(r"[A-Z][0-9]{3}", fullmatch=True), window=st.integers(1, 99), text=word,
       check=st.sampled_from(sorted(set(COMPUTED) - {"length16-le", "length16-be"})))
def test_a_sign_reads_any_words_in_any_checked_frame(number, window, text, check):
    settings = TemplateSettings(f"AA 55 {{length:3}} 01 {{window:2}} {{number:6}} {{text}} 00 00 {{{check}:2}} 5A",
                                "hex", ack="AA .. 06")
    sign = TemplateMachine(settings)
    TemplateSign(Wire(sign), settings).show(SignText(number, window, text))
    assert sign.words == {"number": number, "window": str(window), "text": text}


@given(text=word)
def test_the_default_is_plain_text_on_a_line(text):
    sign = TemplateMachine()
    TemplateSign(Wire(sign), TemplateSettings()).show(SignText("", 1, text))
    assert sign.shown == text


def test_a_damaged_frame_is_not_shown_and_not_confirmed():
    settings = TemplateSettings("AA {text} {xor8} 5A", "hex", ack="06")
    sign = TemplateMachine(settings)
    frame = FrameTemplate(settings.template, "hex", "gbk").build(WORDS)
    assert sign.take(frame[:-2] + bytes((frame[-2] ^ 1,)) + frame[-1:]) == b""
    assert sign.take(frame) == b"\x06"
    assert sign.history == ["请"]


def test_signs_with_addresses_in_their_frames_share_a_bus_on_a_real_line(connected):
    every = [TemplateSettings(f"AA 0{n} {{text}} 00 {{sum8:1}} 5A", "hex", ack=f"AA 0{n} 06") for n in (1, 2)]
    line, transport = connected(SignBus([TemplateMachine(settings) for settings in every]))
    for settings, text in zip(every, ("一号", "二号"), strict=True):
        sign = TemplateSign(transport, settings)
        sign.check()
        sign.show(SignText("", 1, text))
    assert [sign.shown for sign in line.machine.signs] == ["一号", "二号"]


def test_an_acknowledgement_other_than_the_pattern_is_none():
    class Other:
        def take(self, data):
            return b"\xaa\x01\x15"

    with pytest.raises(BadReply):
        TemplateSign(Wire(Other()), TemplateSettings(ack="AA .. 06")).show(CALL)


@given(st.lists(st.binary(max_size=6), max_size=4), st.binary(min_size=1, max_size=1), st.binary(max_size=6))
def test_an_acknowledgement_is_found_in_any_noise_however_it_is_cut(noise, middle, rest):
    stream = b"".join(noise) + b"\xaa" + middle + b"\x06" + rest
    reader = AckReader(acknowledgement("ack", "AA..06"))
    assert any(reader.feed(bytes((byte,))) for byte in stream)


def test_the_ack_reader_takes_100_000_random_and_mutated_inputs():
    chance, taken = random.Random(7), 0
    reader = AckReader(acknowledgement("ack", "AA 55 .. 06 5A"))
    good = bytes.fromhex("AA 55 01 06 5A")
    for turn in range(100_000):
        data = bytearray(good if turn % 2 else chance.randbytes(chance.randrange(10)))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        found = reader.feed(bytes(data))
        if found is not None:
            assert re.fullmatch(rb"\xaa\x55.\x06\x5a", found, re.DOTALL)
            taken += 1
            reader = AckReader(acknowledgement("ack", "AA 55 .. 06 5A"))
    assert taken > 5_000
