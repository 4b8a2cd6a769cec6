"""The ratings on the daily report, read back from the PDF."""

from __future__ import annotations

import io

import pdfplumber
import pytest

from hallapp.domain.events import By
from hallapp.services import ratings, reports, visits


@pytest.fixture
def rated(hall, signed_in, clock):
    """``rated(level, ...)``: one visit after the other at window 1, each rated so (None: 未评价)."""
    clerk = signed_in(1)

    def rate(*levels):
        for level in levels:
            visits.walk_in(hall, clerk)
            clock.advance(60)
            visit = visits.finish_visit(hall, clerk)
            if level is None:
                ratings.not_rated(hall, By("rater-1"), visit.id)
            else:
                ratings.rate(hall, By("rater-1"), visit.id, level)

    return rate


def lines(hall):
    with pdfplumber.open(io.BytesIO(reports.report_pdf(hall, hall.today()))) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages).splitlines()


def after(found, start, end="一次性告知"):
    return found[found.index(start) + 1 : found.index(end)]


def test_the_section_counts_levels_silences_and_clerks_and_says_what_the_share_is(hall, rated):
    rated(5, 5, 5, 4, 3, 2, 1, None, None)
    head, counts, shares, _people, clerk, *definition = after(lines(hall), "服务评价")
    assert head == "请评价 9 人次 非常满意 满意 基本满意 不满意 非常不满意 未评价 满意率 差评"
    assert counts.split() == ["人次", "3", "1", "1", "1", "1", "2", "71.4%", "2"]
    assert shares.split() == ["占已评价", "42.9%", "14.3%", "14.3%", "14.3%", "14.3%"]
    assert clerk.split() == ["0312", "王芳", "9", "7", "71.4%", "2"]
    assert "满意率：非常满意、满意和基本满意的人次占已评价人次的比例" in "".join(definition)


def test_where_nobody_answered_there_is_no_share(hall, rated):
    rated(None)
    _head, counts, shares, _people, clerk, *_definition = after(lines(hall), "服务评价")
    assert counts.split() == ["人次", "0", "0", "0", "0", "0", "1", "—", "0"]
    assert shares.split() == ["占已评价", "—", "—", "—", "—", "—"]
    assert clerk.split() == ["0312", "王芳", "1", "0", "—", "0"]


def test_a_hall_that_asks_nobody_has_no_such_section(hall, signed_in):
    visits.walk_in(hall, clerk := signed_in(1))
    visits.finish_visit(hall, clerk)
    text = "\n".join(lines(hall))
    assert "分人员" in text
    assert "服务评价" not in text
    assert "满意率" not in text
