"""The slip of an appointment: when, what for, what to bring, what to do; on every paper."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hallapp.documents.appointment_slip import appointment_slip
from hallapp.documents.ticket_slip import ticket_slip
from hallapp.domain.appointment import Appointment
from hallapp.domain.catalogue import Group
from hallapp.domain.codes import understand
from hallapp.domain.rules import HallInfo, Rules
from tests.documents.slip_reader import lines, pictures, running_text, scanned
from tests.documents.test_ticket_slip import GROUP, ITEM, PAPERS, SENTENCES, TICKET

HALL = HallInfo("h1", "上冈镇为民服务中心", address="上冈镇人民路 1 号")
START = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
BOOKED = Appointment(7, date(2026, 11, 25), 3, 1, START, START + timedelta(minutes=30), START + timedelta(minutes=40),
                     "enrol", None, START)


def slip_of(profile, booked=BOOKED, group=GROUP, item=None, hall=HALL, copy=False):
    return appointment_slip(booked, group, item, hall, Rules(), profile, copy=copy)


@pytest.mark.parametrize("profile", PAPERS)
def test_it_says_when_what_for_until_when_and_what_to_do(profile):
    text = running_text(slip_of(profile), profile)
    for said in ("上冈镇为民服务中心", "预约单", "11月25日 星期三", "09:30—10:00", "参保登记", "请在10:10前取号",
                 "在取号机上扫下面的二维码", "1125 032", "上冈镇人民路 1 号", "提前告诉大厅工作人员"):
        assert said in text
    assert "补打" not in text
    assert "材料" not in text
    assert "补打" in running_text(slip_of(profile, copy=True), profile)


@pytest.mark.parametrize("profile", PAPERS)
def test_with_an_item_it_says_what_to_bring(profile):
    text = running_text(slip_of(profile, item=ITEM), profile)
    assert "城乡居民参保登记" in text
    assert "有效身份证件（原件、复印件2份）" in text


@pytest.mark.parametrize("profile", PAPERS)
def test_its_code_is_read_back_as_the_appointment(profile):
    (text,) = scanned(slip_of(profile), profile).values()
    assert understand(text) == BOOKED.code


@pytest.mark.parametrize("profile", PAPERS)
def test_the_number_stands_apart_from_the_address(profile):
    rules = [len(pictures(slip_of(profile, hall=hall))) for hall in (HALL, replace(HALL, address=""))]
    assert rules[0] == rules[1] + 1


@pytest.mark.parametrize("profile", PAPERS)
def test_day_time_and_number_are_large(profile):
    large = [line.text for line in lines(slip_of(profile), profile) if line.high >= 2]
    assert large[1:4] == ["11月25日 星期三", "09:30—10:00", "参保登记"]
    assert large[-1] == "1125 032"


@settings(max_examples=20)
@given(SENTENCES, SENTENCES, st.sampled_from(PAPERS), st.integers(1, 9999))
def test_no_line_is_wider_than_the_paper(name, address, profile, serial):
    booked = Appointment(7, date(2026, 12, 25), serial, 1, START, START, START, "x", None, START)
    slip = slip_of(profile, booked, Group("x", "A", name, "", ()), None, HallInfo("h1", "大厅", address=address))
    assert all(line.columns <= profile.columns for line in lines(slip, profile))


@pytest.mark.parametrize("profile", PAPERS)
@pytest.mark.parametrize("minutes", [-20, 5])
def test_the_ticket_of_one_that_was_checked_in_says_its_time(profile, minutes):
    ticket = replace(TICKET, booked_for=TICKET.issued_at - timedelta(minutes=minutes))
    text = running_text(ticket_slip(ticket, GROUP, None, HALL, Rules(), profile), profile)
    early = minutes < 0
    assert ("预约 10:02" if early else "预约 09:37") in text
    assert ("按预约时间排队" in text) == early
    assert ("约等候25分钟" in text) != early
