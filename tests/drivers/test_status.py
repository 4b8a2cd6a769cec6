from collections import Counter
from contextlib import suppress
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import status
from drivers.errors import BadReply, CoverOpen, CutterFault, Offline, OutOfPaper, PrinterFault
from drivers.status import Condition, PrinterStatus, Replies, decode, sort_replies

OBSERVED = [
    ("12 12 12 12", Condition.READY, False, None),
    ("12 12 12 1e", Condition.NEAR_END, True, None),
    ("1a 32 12 7e", Condition.OUT_OF_PAPER, True, OutOfPaper),
    ("1a 16 12 12", Condition.COVER_OPEN, False, CoverOpen),
    ("1a 12 12 12", Condition.OFFLINE, False, Offline),
    ("1a 52 1a 12", Condition.CUTTER, False, CutterFault),
    ("1a 52 32 12", Condition.FATAL, False, PrinterFault),
    ("1a 52 52 12", Condition.HOT, False, PrinterFault),
    ("1a 52 12 12", Condition.ERROR, False, PrinterFault),
    ("1a 52 16 12", Condition.ERROR, False, PrinterFault),
    ("12 32 12 12", Condition.OUT_OF_PAPER, False, OutOfPaper),  # no paper sensor bits, stopped for its end
    ("12 12 12 72", Condition.OUT_OF_PAPER, False, OutOfPaper),
    ("1a 36 3a 7e", Condition.COVER_OPEN, True, CoverOpen),  # first in the order of decision
    ("5a 1a 12 12", Condition.OFFLINE, False, Offline),  # paper being fed by the button
    ("16 12 12 12", Condition.READY, False, None),  # drawer pin
]


@pytest.mark.parametrize(("replies", "condition", "near_end", "problem"), OBSERVED)
def test_the_four_replies_are_read_in_the_documented_order(replies, condition, near_end, problem):
    read = decode(bytes.fromhex(replies))
    assert read == PrinterStatus(condition, near_end)
    assert type(read.problem) is (problem or type(None))


@pytest.mark.parametrize("byte", [0x00, 0x11, 0x13, 0x10, 0x92, 0x02, 0xFF, 0x2A])
def test_a_byte_without_the_fixed_bits_is_no_status(byte):
    assert not status.is_realtime(byte)
    with pytest.raises(BadReply):
        decode(bytes((0x12, byte, 0x12, 0x12)))


def test_an_open_cover_and_an_offline_printer_are_told_apart():
    assert decode(bytes.fromhex("1a161212")) != decode(bytes.fromhex("1a121212"))


def test_missing_replies_are_never_taken_for_plenty_of_paper():
    for length in range(4):
        with pytest.raises(BadReply):
            decode(b"\x12" * length)


@given(st.binary(max_size=8))
def test_whatever_bytes_come_the_status_is_read_or_refused(replies):
    try:
        read = decode(replies)
    except BadReply:
        assert len(replies) != 4 or any(byte & 0x93 != 0x12 for byte in replies)
    else:
        assert (read.problem is None) == (read.condition in (Condition.READY, Condition.NEAR_END))


def test_automatic_status_and_answers_on_one_line_are_told_apart():
    asb = b"\x18\x00\x0f\x00"
    assert sort_replies(b"\x12" + asb + b"\x1a\x03") == Replies(b"\x12\x1a", b"\x03", (asb,))


def test_an_answer_between_the_bytes_of_an_automatic_status_is_found():
    assert sort_replies(b"\x18\x00\x16\x0f\x00\x00") == Replies(b"\x16", b"\x00", (b"\x18\x00\x0f\x00",))


def test_an_automatic_status_cut_in_two_is_continued():
    first = sort_replies(b"\x10\x00")
    assert first == Replies(rest=b"\x10\x00")
    assert sort_replies(first.rest + b"\x03\x00\x12") == Replies(b"\x12", asb=(b"\x10\x00\x03\x00",))


def test_flow_control_bytes_are_dropped_wherever_they_come():
    assert sort_replies(b"\x11\x13\x12\x10\x13\x00\x11\x00\x00") == Replies(b"\x12", asb=(b"\x10\x00\x00\x00",))


def test_noise_is_kept_where_it_stands_so_that_it_divides_what_it_stands_between():
    assert sort_replies(b"\x00\xff\x00\x12\x93") == Replies(b"\x12", b"\x00\xff\x00\x93")
    assert sort_replies(b"\x10\x00\xff\x00") == Replies(other=b"\x10\x00\xff\x00")
    assert sort_replies(b"\x10\x00\x18\x00\x00\x00") == Replies(other=b"\x10\x00", asb=(b"\x18\x00\x00\x00",))


@pytest.mark.parametrize("true", ["1a161212", "1a321212", "1a32127e", "1a521a12", "1a523212", "1a525212", "1a121212"])
def test_no_byte_of_noise_among_the_replies_makes_a_stopped_printer_look_well(true):
    noise = [byte for byte in range(256) if status.is_realtime(byte)]
    for place, byte in product(range(4), noise):
        replies = bytearray.fromhex(true)
        replies.insert(place, byte)
        with suppress(BadReply):
            assert decode(bytes(replies[:4])).problem is not None


def test_a_hundred_thousand_random_and_mutated_inputs_are_read_or_refused_and_never_crash():
    """Random bytes, and conversations of a real printer with bytes changed, lost, doubled and put in."""
    random = Random(20261123)
    real = bytes.fromhex("12121212 1a16121a 38000000 00 1a32127e 18000f00 03 12121e12 0f 10000300")
    refused = 0
    for turn in range(100_000):
        if turn % 2:
            data = random.randbytes(random.randrange(24))
        else:
            at = random.randrange(len(real))
            data = bytearray(real[at:] + real[:at])
            for _ in range(random.randrange(4)):
                place = random.randrange(len(data))
                data[place : place + random.randrange(3)] = random.randbytes(random.randrange(3))
                data = data or bytearray(1)
        sorted_ = sort_replies(bytes(data))
        assert len(sorted_.realtime) + len(sorted_.other) + 4 * len(sorted_.asb) + len(sorted_.rest) <= len(data)
        try:
            read = decode(sorted_.realtime[:4])
        except BadReply:
            refused += 1
        else:
            assert (read.problem is None) == (read.condition in (Condition.READY, Condition.NEAR_END))
    assert 0 < refused < 100_000


@given(st.binary())
def test_any_bytes_can_be_sorted_and_none_is_invented(data):
    replies = sort_replies(data)
    found = replies.realtime + replies.other + b"".join(replies.asb) + replies.rest
    assert not Counter(found) - Counter(data)
    assert all(map(status.is_realtime, replies.realtime))
    assert all(len(asb) == 4 and asb[0] & 0x93 == 0x10 for asb in replies.asb)
    assert sum(map(status.is_realtime, data)) == len(replies.realtime)


@given(st.binary(), st.integers(0, 40))
def test_answers_are_the_same_in_whatever_pieces_they_come(data, at):
    whole, first = sort_replies(data), sort_replies(data[:at])
    second = sort_replies(first.rest + data[at:])
    assert first.realtime + second.realtime == whole.realtime
    assert first.other + second.other == whole.other
    assert first.asb + second.asb == whole.asb
