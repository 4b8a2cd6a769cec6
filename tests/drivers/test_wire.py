"""The wire log: what a maker needs to see, and nothing of anybody."""

from datetime import UTC, datetime

import pytest

from drivers.errors import Unreachable
from drivers.transport import NetworkTransport
from drivers.wire import LINES, LoggedTransport, WireLog, as_text, written

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def log():
    return WireLog(lambda: NOON)


def test_bytes_are_written_as_pairs_and_signs():
    assert as_text(b"A012\r\n\xff") == "41 30 31 32 0d 0a ff  A012···"


def test_long_data_is_cut_in_the_middle_and_says_so():
    text = as_text(bytes(48) + b"x" * 100 + b"end")
    assert "(151 bytes, 48 first and 16 last)" in text
    assert text.count("65 6e 64") == 1
    assert len(text) < 400


def test_the_log_keeps_the_newest_lines_only(log):
    for place in range(LINES + 5):
        log.write(">", str(place))
    assert [one.text for one in log.lines()][:: LINES - 1] == ["5", str(LINES + 4)]


def test_failures_are_written_down_with_their_reason(log):
    transport = LoggedTransport(NetworkTransport("127.0.0.1", 1, timeout=1), log)
    with pytest.raises(Unreachable):
        transport.open()
    assert log.lines()[0].sign == "!"
    assert "cannot be reached" in log.lines()[0].text


def test_a_file_for_the_maker_has_a_line_for_each(log):
    log.write(">", "10 04 01  ···")
    log.write("<", "12  ·")
    assert written(log.lines()).splitlines() == [
        "2026-11-23T04:00:00.000+00:00 > 10 04 01  ···", "2026-11-23T04:00:00.000+00:00 < 12  ·"]


class Chatty:
    """A line on which something lies that nobody has read."""

    can_answer = True

    def pending(self):
        return b"secret"


@pytest.mark.parametrize(("private", "written_down"), [(False, "73 65 63 72 65 74  secret"), (True, "6 bytes")])
def test_what_came_unasked_and_is_passed_over_is_in_the_log_too(log, private, written_down):
    assert LoggedTransport(Chatty(), log, private=private).pending() == b"secret"
    assert [(one.sign, one.text) for one in log.lines()] == [("<", written_down)]
