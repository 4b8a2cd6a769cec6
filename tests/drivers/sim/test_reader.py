"""The simulated ID-card reader as somebody uses it by hand."""

import pytest

from drivers.readers.card import CardKind
from drivers.readers.sdt import FIND, READ, SELECT, STATUS, command
from drivers.sim.console import obey, simulator
from drivers.sim.reader import CardFault, CardReaderMachine, reply

HERE, NOT_HERE = reply(0x9F, bytes(4)), reply(0x80)


@pytest.fixture
def machine():
    return CardReaderMachine()


def test_it_finds_a_card_that_lies_there_until_it_was_read(machine):
    assert machine.take(FIND) == NOT_HERE
    machine.lay("19500102")
    assert machine.take(FIND) == machine.take(FIND) == HERE
    assert machine.take(SELECT) == reply(0x90, bytes(8))
    assert len(machine.take(READ)) == 1295
    assert machine.take(FIND) == NOT_HERE
    machine.lift()
    machine.lay("19500102")
    assert machine.take(FIND) == HERE


def test_without_a_card_or_the_steps_in_order_nothing_is_read(machine):
    assert machine.take(SELECT) == reply(0x81)
    assert machine.take(READ) == reply(0x41)
    machine.lay("19500102")
    assert machine.take(READ) == reply(0x41)


@pytest.mark.parametrize(("fault", "answers"), [
    (CardFault.SELECT_FAILED, (0x9F, 0x81, 0x41, 0x90)), (CardFault.READ_FAILED, (0x9F, 0x90, 0x41, 0x90)),
    (CardFault.NOT_AUTHORISED, (0x66, 0x66, 0x66, 0x90)),
])
def test_its_own_faults_have_their_statuses(machine, fault, answers):
    machine.lay("19500102")
    machine.faults.add(fault)
    assert tuple(machine.take(question)[9] for question in (FIND, SELECT, READ, STATUS)) == answers


def test_it_takes_commands_in_pieces_after_noise_and_refuses_what_is_wrong(machine):
    answer = b"".join(machine.take(bytes((byte,))) for byte in b"\xaa\x00\xaa" + FIND + FIND)
    assert answer == NOT_HERE * 2
    assert machine.take(FIND[:-1] + b"\x00") == reply(0x10)
    assert machine.take(command(b"\x99\x01")) == reply(0x24)
    assert machine.take(b"\xaa\xaa\xaa\x96\x69\xff\xff" + bytes(70)) == reply(0x11)
    assert machine.take(b"\xaa\xaa\xaa\x96\x69\x00\x00") == reply(0x11)
    assert machine.take(FIND) == NOT_HERE


def test_a_card_is_laid_and_lifted_by_words():
    with simulator("reader", 0, pty=False) as line:
        assert obey(line, "lay 19500102") == {"card": "1950"}
        assert obey(line, "lay j19620304") == {"card": "J1962"}
        assert line.machine._card.kind is CardKind.PERMIT
        assert obey(line, "lift") == {"card": ""}
        for words in ("lay anybody", "lay 19500230", "lay Q19500102"):
            with pytest.raises(ValueError, match=r"does not match|is not a valid|unconverted|out of range"):
                obey(line, words)
