from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import escpos
from drivers.commands import CommandReader


def names(data):
    return [command.name for command in CommandReader().feed(data)]


def test_a_slip_is_read_command_by_command():
    slip = (
        escpos.START + escpos.text_bytes("医保A1") + escpos.LF + escpos.barcode("A012") + escpos.qr("A") + escpos.cut()
    )
    assert names(slip) == [
        *("init", "chinese_on", "text", "lf"),
        *("barcode_height", "barcode_width", "barcode_font", "barcode_text", "barcode"),
        *["code2d"] * 5,
        "cut",
    ]


def test_bytes_inside_pictures_and_codes_are_never_taken_for_commands():
    raster = b"\x1dv0\x00\x02\x00\x02\x00" + b"\x1b@\x10\x04"
    assert [command.raw for command in CommandReader().feed(raster + b"\n")] == [raster, b"\n"]


def test_the_digits_inside_a_four_byte_character_stay_with_it():
    code = escpos.text_bytes("㛃1", "GB18030")
    assert [command.raw for command in CommandReader().feed(code)] == [code]


@pytest.mark.parametrize("data", [b"\x1bZ", b"\x1d(L", b"\x07", b"\r"])
def test_a_command_that_is_not_known_is_called_so(data):
    assert names(data + b"\n")[0] == "unknown"


@given(st.binary(max_size=200), st.integers(1, 7))
def test_any_bytes_are_read_without_loss_in_whatever_pieces_they_come(data, size):
    whole, pieces = CommandReader(), CommandReader()
    read = whole.feed(data)
    assert b"".join(command.raw for command in read) + whole.pending == data
    parts = [command for at in range(0, len(data), size) for command in pieces.feed(data[at : at + size])]
    assert b"".join(command.raw for command in parts) + pieces.pending == data
    assert [c for c in read if c.name != "text"] == [c for c in parts if c.name != "text"]


def test_100_000_random_and_mutated_inputs_are_read_in_pieces_and_no_byte_is_lost():
    chance = Random(20261125)
    slip = (escpos.START + escpos.text_bytes("医保A1") + escpos.LF + escpos.barcode("A012") + escpos.qr("A")
            + escpos.beep() + escpos.ASK_DONE + escpos.ASK_REALTIME[1] + escpos.cut())
    reader, before = CommandReader(), b""
    for turn in range(100_000):
        at = chance.randrange(len(slip))
        data = bytearray(slip[at : at + chance.randrange(24)] if turn % 2 else chance.randbytes(chance.randrange(24)))
        if data and chance.random() < 0.3:
            data[chance.randrange(len(data))] = chance.randrange(256)
        commands = reader.feed(bytes(data))
        assert b"".join(command.raw for command in commands) + reader.pending == before + data
        if len(reader.pending) > 512:  # a picture or code said to be long: its printer is switched off and on
            reader = CommandReader()
        before = reader.pending
