"""The frame of the bus that callers and rating pads share: built, taken apart, found in any noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.bus485 import LONGEST, START, Frame, FrameReader

byte = st.integers(0, 255)
frame = st.builds(Frame, byte, byte, st.binary(max_size=12))
noise = st.binary(max_size=20).map(lambda data: data.replace(START[:1], b"\x00"))


@pytest.mark.parametrize(("made", "wire"), [
    # as QueueSystem sends them: number 012 and 7 people waiting on caller 3, and its beep
    (Frame(3, 0x02, bytes((10, 10, 10, 0, 1, 2))), "ff6808086803020a0a0a0001022616"),
    (Frame(3, 0x02, bytes((0, 0, 7, 10, 10, 10))), "ff6808086803020000070a0a0a2a16"),
    (Frame(1, 0x03), "ff68020268010304 16"),
    (Frame(2, 0x11, b"\x05"), "ff6803036802110518 16"),
])
def test_a_frame_is_built_as_on_the_wire_and_read_back(made, wire):
    assert made.raw == bytes.fromhex(wire)
    assert FrameReader().feed(made.raw) == [made]


def test_the_sum_keeps_its_low_byte_only():
    assert Frame(0xFF, 0xFF, b"\xff").raw[-2] == 0xFD


def test_what_fits_in_no_frame_is_refused():
    assert len(Frame(1, 1, bytes(LONGEST)).raw) == LONGEST + 9
    for wrong in (Frame(256, 1), Frame(-1, 1), Frame(1, 300), Frame(1, 1, bytes(LONGEST + 1))):
        with pytest.raises(ValueError, match="byte"):
            _ = wrong.raw


@given(st.lists(st.tuples(noise, frame), max_size=6), st.data())
def test_frames_are_found_in_noise_however_the_bytes_are_cut(pieces, data):
    stream = b"".join(before + one.raw for before, one in pieces)
    reader, found, at = FrameReader(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 7))
        found += reader.feed(stream[at : at + size])
        at += size
    assert found == [one for _before, one in pieces]


@given(st.binary(max_size=400), st.lists(st.tuples(st.integers(0, 399), byte), max_size=8), st.lists(frame, max_size=8))
def test_mutated_input_of_any_kind_gives_frames_or_nothing_and_never_an_error(junk, changes, frames):
    stream = bytearray(b"".join(one.raw for one in frames) + junk)
    for at, value in changes:
        if at < len(stream):
            stream[at] = value
    reader = FrameReader()
    found = reader.feed(bytes(stream))
    assert all(one.raw in bytes(stream) for one in found)
    reader.forget()
    assert reader.feed(Frame(1, 2, b"\x03").raw) == [Frame(1, 2, b"\x03")]


@given(frame, st.data())
def test_one_wrong_byte_makes_a_frame_unreadable_and_the_next_one_is_read(one, data):
    raw = bytearray(one.raw)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    good = Frame(7, 0x11, b"\x04")
    reader = FrameReader()
    found = reader.feed(bytes(raw))
    reader.forget()
    found += reader.feed(good.raw)
    assert found[-1] == good
    assert one not in found[:-1]


@pytest.mark.parametrize("half", [Frame(2, 0x11, b"\x05").raw[:n] for n in range(10)])
def test_half_a_frame_swallows_no_whole_one(half):
    reader, good = FrameReader(), Frame(2, 0x11, b"\x04")
    assert good in reader.feed(half + good.raw + bytes(12))


def test_a_beginning_is_forgotten_after_a_silence():
    reader = FrameReader()
    reader.feed(b"\xff\x68\xfd\xfd\x68\x01")  # announces 253 bytes
    assert reader.feed(Frame(1, 0x11, b"\x01").raw) == []
    reader.forget()
    assert reader.feed(Frame(1, 0x11, b"\x01").raw) == [Frame(1, 0x11, b"\x01")]


def test_what_is_no_frame_is_not_kept():
    reader = FrameReader()
    for _ in range(50):
        reader.feed(b"\x00" * 100)
        reader.feed(b"\xff\x68\x01\x01\x68")
    assert len(reader.pending) < 10
