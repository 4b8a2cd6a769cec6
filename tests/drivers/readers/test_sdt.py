"""The SDT protocol: the frames of facts/devices 6, what a reader says, what a line does to it."""

from __future__ import annotations

import os
import random
import tty
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as some

from drivers.errors import BadReply, BadSetting, DeviceError, NoAnswer, Unreachable
from drivers.readers import sdt
from drivers.readers.card import BadCard, CardKind, CardUnread
from drivers.readers.sdt import PREAMBLE, ReaderFault, Reply, ReplyReader, SdtReader, command
from drivers.sim.line import LineFault, SimulatedLine
from drivers.sim.reader import CardFault, CardReaderMachine, card_reply, made_up, reply, text_block

CARD = made_up()


def chunked(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize(("data", "frame"), [
    ("20 01", "AAAAAA96690003200122"), ("20 02", "AAAAAA96690003200221"), ("30 01", "AAAAAA96690003300132"),
    ("30 10", "AAAAAA96690003301023"), ("11 FF", "AAAAAA9669000311FFED"), ("10 FF", "AAAAAA9669000310FFEC"),
    ("12 FF", "AAAAAA9669000312FFEE"),
])
def test_a_command_has_its_known_frame(data, frame):
    assert command(bytes.fromhex(data)) == bytes.fromhex(frame)


@pytest.mark.parametrize(("frame", "status", "data"), [
    ("AAAAAA9669000800009F0000000097", sdt.FOUND, bytes(4)), ("AAAAAA9669000400008084", sdt.NO_CARD, b""),
    ("AAAAAA9669000C00009000000000000000009C", sdt.GOOD, bytes(8)), ("AAAAAA9669000400008185", 0x81, b""),
    ("AAAAAA9669000400004145", 0x41, b""),
])
def test_a_known_reply_is_understood_and_the_simulator_builds_the_same(frame, status, data):
    raw = bytes.fromhex(frame)
    assert ReplyReader().feed(raw) == [Reply(status, data, len(data))]
    assert reply(status, data) == raw


def test_the_reply_with_a_card_has_1295_bytes_and_starts_as_known():
    raw = card_reply(CARD)
    assert len(raw) == 1295
    assert raw.startswith(bytes.fromhex("AAAAAA9669 0508 000090 0100 0400"))


@pytest.mark.parametrize("size", [1, 3, 64, 1295])
def test_the_photo_is_never_kept(size):
    raw, replies, reading = card_reply(CARD), [], ReplyReader()
    photo = raw[-1025:-1]
    for piece in chunked(raw, size):
        replies += reading.feed(piece)
        held = [bytes(value) for value in vars(reading).values() if isinstance(value, (bytes, bytearray))]
        assert not any(photo[start : start + 8] in each for each in held for start in range(0, 1024, 8))
        assert sum(map(len, held)) < 300
    assert [each.size for each in replies] == [4 + 256 + 1024]
    assert replies[0].data == raw[10:-1025]
    assert repr(replies[0]) == "Reply(status=144, size=1284)"


@given(noise=some.binary(max_size=40), tail=some.integers(0, 6), size=some.integers(1, 30))
def test_noise_before_a_reply_is_passed_over_however_it_comes_in_pieces(noise, tail, size):
    noise = noise.replace(b"\x96\x69", b"\x96\x00") + b"\xaa" * tail
    raw = noise + reply(sdt.FOUND, bytes(4)) + noise + reply(sdt.NO_CARD)
    reading = ReplyReader()
    found = [each for piece in chunked(raw, size) for each in reading.feed(piece)]
    assert [each.status for each in found] == [sdt.FOUND, sdt.NO_CARD]


@pytest.mark.parametrize("length", [0, 3, 0x090B, 0xFFFF])
def test_a_length_that_no_reply_has_is_noise(length):
    raw = PREAMBLE + length.to_bytes(2, "big") + reply(sdt.NO_CARD)
    assert [each.status for each in ReplyReader().feed(raw)] == [sdt.NO_CARD]


def test_every_flipped_bit_after_the_preamble_is_noticed():
    raw = reply(sdt.FOUND, bytes(4))
    for place in range(7, len(raw)):
        for bit in range(8):
            wrong = bytearray(raw)
            wrong[place] ^= 1 << bit
            with pytest.raises(BadReply, match="check byte"):
                ReplyReader().feed(bytes(wrong))


def test_a_hundred_thousand_inputs_of_anything_give_replies_or_its_own_error():
    rng = random.Random(5)
    whole = [reply(status, bytes(size)) for status in sdt.STATUSES for size in (0, 4, 8, 16)]
    reading, found, refused = ReplyReader(), 0, 0
    for turn in range(100_000):
        data = rng.randbytes(rng.randrange(24))
        if turn % 2:
            data = bytearray(rng.choice(whole))
            for _ in range(rng.randrange(3)):
                data[rng.randrange(len(data))] = rng.randrange(256)
        if turn % 10 == 0:
            reading = ReplyReader()
        try:
            found += len(reading.feed(bytes(data)))
        except BadReply:
            refused += 1
    assert found > 5_000
    assert refused > 5_000


@pytest.mark.parametrize("kind", CardKind)
def test_a_card_is_read_whole(line, reader, kind):
    card = made_up(kind)
    assert reader.read() is None
    line.act(lambda: line.machine.lay(card))
    assert reader.read() == card


@pytest.mark.parametrize("finds_again", [False, True])
def test_a_card_is_given_once_until_it_was_lifted(connect, finds_again):
    with SimulatedLine(CardReaderMachine(finds_again=finds_again), pty=True) as line:
        reader = connect(line.device)
        line.act(lambda: line.machine.lay("19500102"))
        assert reader.read() is not None
        assert [reader.read(), reader.read()] == [None, None]
        line.act(line.machine.lift)
        assert reader.read() is None
        line.act(lambda: line.machine.lay("19500102"))
        assert reader.read() is not None


def test_the_next_visitors_card_is_read_after_the_first(line, reader):
    for seed in range(3):
        line.act(lambda seed=seed: line.machine.lay(made_up(seed=seed)))
        assert reader.read() == made_up(seed=seed)
        line.act(line.machine.lift)
        assert reader.read() is None


def test_check_asks_the_reader_and_leaves_the_card_alone(line, reader):
    line.act(lambda: line.machine.lay(CARD))
    reader.check()
    assert reader.read() == CARD


@pytest.mark.parametrize("fault", [LineFault.NOISE, LineFault.SLOW])
def test_noise_and_slowness_change_nothing(line, reader, fault):
    line.set(fault)
    line.act(lambda: line.machine.lay(CARD))
    reader.check()
    assert reader.read() == CARD


def test_check_tells_a_reader_that_may_not_look_for_cards(line, reader):
    line.set(CardFault.NOT_AUTHORISED)
    with pytest.raises(ReaderFault, match="not authorised"):
        reader.check()


FAULTS = [
    (LineFault.SILENT, NoAnswer), (LineFault.HALF, BadReply), (LineFault.CORRUPT, BadReply),
    (LineFault.LATE, NoAnswer), (LineFault.STALLED, NoAnswer), (CardFault.READ_FAILED, CardUnread),
    (CardFault.SELECT_FAILED, CardUnread), (CardFault.NOT_AUTHORISED, ReaderFault),
]


@pytest.mark.parametrize(("fault", "error"), FAULTS)
def test_a_fault_is_told_by_its_error_and_the_card_is_read_once_it_is_gone(line, reader, fault, error):
    line.act(lambda: line.machine.lay(CARD))
    line.set(fault)
    with pytest.raises(error):
        reader.read()
    line.set(fault, on=False)
    assert read_at_last(reader) == CARD


def read_at_last(reader, tries=8):
    """The next card; late answers may stand in its way for some tries."""
    for _ in range(tries):
        try:
            card = reader.read()
        except DeviceError:
            continue
        if card is not None:
            return card
    return None


class Spoiled(CardReaderMachine):
    """Answers well until it is asked for the text: then with what ``spoil`` makes of the answer."""

    def __init__(self, spoil):
        super().__init__()
        self.spoil = spoil

    def take(self, data):
        answer = super().take(data)
        return self.spoil(answer) if len(answer) > 1000 else answer


@pytest.mark.parametrize(("spoil", "error"), [
    (lambda whole: whole[:-1] + b"\x00\x00", CardUnread), (lambda whole: whole[:600], CardUnread),
    (lambda whole: reply(0x40), CardUnread), (lambda whole: reply(sdt.NO_CARD), CardUnread),
    (lambda whole: reply(sdt.GOOD, bytes(8)), CardUnread), (lambda whole: reply(sdt.GOOD), CardUnread),
    (lambda whole: reply(sdt.GOOD, b"\x00\x80" + whole[12:-1]), CardUnread),
    (lambda whole: reply(sdt.GOOD, whole[10:14] + bytes(256 + 1024)), BadCard),
    (lambda whole: reply(0x60), ReaderFault), (lambda whole: reply(0x66), ReaderFault),
    (lambda whole: reply(0x07), ReaderFault), (lambda whole: b"", NoAnswer),
])
def test_trouble_at_the_last_step_is_the_cards_or_the_readers(connect, spoil, error):
    with SimulatedLine(Spoiled(spoil), pty=True) as line:
        reader = connect(line.device)
        line.act(lambda: line.machine.lay(CARD))
        with pytest.raises(error) as caught:
            reader.read()
        assert isinstance(caught.value, CardUnread) is issubclass(error, CardUnread)
        line.machine.spoil = bytes
        line.act(line.machine.lift)
        assert reader.read() is None
        line.act(lambda: line.machine.lay(CARD))
        assert reader.read() == CARD


class Late(CardReaderMachine):
    """Holds the first card's text back until it is asked for something else."""

    held = b""

    def take(self, data):
        answer, held = super().take(data), self.held
        if len(answer) > 1000 and not held:
            self.held = answer
            return b""
        if answer and len(held) > 1:
            self.held = b"."
            return held + answer
        return answer


def test_a_late_card_is_never_taken_for_that_of_the_next_visitor(connect):
    with SimulatedLine(Late(), pty=True) as line:
        reader = connect(line.device)
        line.act(lambda: line.machine.lay(made_up(seed=1)))
        with pytest.raises(NoAnswer):
            reader.read()
        line.act(lambda: line.machine.lay(made_up(seed=2)))
        assert reader.read() == made_up(seed=2)


def test_a_reader_that_is_not_there_cannot_be_reached(connect, tmp_path):
    with pytest.raises(Unreachable):
        connect(str(tmp_path / "ttyUSB0")).read()


class Plugged:
    """A reader on a pseudo terminal that is pulled out in the middle of a card's text, and its port is gone."""

    def __init__(self, port):
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        port.symlink_to(os.ttyname(self._slave))
        self._port, self._machine = port, CardReaderMachine()
        self._machine.lay(CARD)
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        while len(answer := self._machine.take(os.read(self._master, 64))) < 1000:
            os.write(self._master, answer)
        os.write(self._master, answer[:600])
        self._port.unlink()
        os.close(self._slave)
        os.close(self._master)

    def join(self):
        self._thread.join()


def test_a_reader_unplugged_in_the_middle_of_a_card_comes_back_when_it_is_plugged_in(connect, line, tmp_path):
    port = tmp_path / "ttyUSB0"
    plugged, reader = Plugged(port), connect(str(port))
    with pytest.raises(Unreachable):
        reader.read()
    plugged.join()
    with pytest.raises(Unreachable):
        reader.read()
    port.symlink_to(line.device)
    line.act(lambda: line.machine.lay(CARD))
    assert reader.read() == CARD


class HangsUp(CardReaderMachine):
    """Hangs up in the middle of a card's text, once."""

    hung_up = False

    def take(self, data):
        answer = super().take(data)
        if len(answer) > 1000 and not self.hung_up:
            self.hung_up = True
            self.faults.add(LineFault.DROP)
            self.lay(CARD)
            return answer[:600]
        return answer


def test_a_network_reader_that_hangs_up_in_the_middle_is_asked_anew(connect):
    with SimulatedLine(HangsUp()) as line:
        reader = connect(f"tcp://127.0.0.1:{line.port}")
        line.act(lambda: line.machine.lay(CARD))
        with pytest.raises(Unreachable):
            reader.read()
        assert reader.read() == CARD


@pytest.mark.parametrize("key", ["find_seconds", "read_seconds"])
@pytest.mark.parametrize("value", [0.0, -1.0, 31.0, float("nan")])
def test_a_time_that_cannot_be_is_refused(key, value):
    with pytest.raises(BadSetting, match=key):
        SdtReader.Settings(**{key: value})


def test_a_block_of_the_simulator_is_what_the_reply_holds():
    assert ReplyReader().feed(card_reply(CARD))[0].data[4:] == text_block(CARD)
