"""A printer's trouble reaches the stations that do not look after it, once for every change."""

import pytest

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By, Kind
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services.device_news import MANY, MINUTE, DeviceTeller, status_of, told_today
from hallapp.services.hall import step

BY = By("printer-kiosk")
READY = DeviceStatus("kiosk", "printer", DeviceState.READY)
LOW = DeviceStatus("kiosk", "printer", DeviceState.WARNING, Trouble.PAPER_LOW)
OUT = DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT)


@pytest.fixture
def shown():
    return []


@pytest.fixture
def teller(hall, shown):
    return DeviceTeller(hall, BY, shown.append)


def test_each_change_is_told_once_and_every_report_is_shown(hall, teller, shown, events):
    for status in (READY, READY, LOW, OUT, OUT, READY):
        teller.report(status)
    assert shown == [READY, READY, LOW, OUT, OUT, READY]
    assert [event.kind for event in events()] == [Kind.DEVICE_CHANGED] * 4
    assert [status_of(event) for event in events()] == [READY, LOW, OUT, READY]
    assert told_today(hall) == (READY,)


def test_a_printer_that_says_another_thing_all_the_time_does_not_flood_the_log(clock, teller, shown, events):
    for status in (READY, LOW) * 50:
        teller.report(status)
    assert (len(shown), len(events())) == (100, MANY)
    clock.advance(seconds=MINUTE)
    teller.report(OUT)
    assert status_of(events()[-1]) == OUT


def test_the_last_of_each_device_is_told(hall, teller, shown):
    other = DeviceStatus("lobby", "printer", DeviceState.DOWN, Trouble.SILENT)
    teller.report(LOW)
    DeviceTeller(hall, By("printer-lobby"), shown.append).report(other)
    teller.report(OUT)
    assert set(told_today(hall)) == {OUT, other}


def test_a_program_that_starts_again_tells_only_what_is_new(hall, teller, shown, events):
    teller.report(OUT)
    again = DeviceTeller(hall, BY, shown.append)
    again.report(OUT)
    again.report(READY)
    assert [status_of(event) for event in events()] == [OUT, READY]


def test_yesterdays_trouble_is_not_told_today(hall, clock, teller):
    teller.report(OUT)
    clock.advance(minutes=24 * 60)
    assert told_today(hall) == ()


def test_what_a_store_that_is_away_did_not_take_is_told_when_it_is_back(hall, shown, events):
    class Away(DeviceTeller):
        away = True

        def _record(self, status):
            if self.away:
                raise StoreAway("hall.db")
            super()._record(status)

    teller = Away(hall, BY, shown.append)
    teller.report(OUT)
    assert (shown, events()) == ([OUT], ())
    teller.away = False
    teller.again()
    assert (shown, [status_of(event) for event in events()]) == ([OUT], [OUT])
    teller.report(OUT)
    assert [status_of(event) for event in events()] == [OUT]


def test_a_trouble_that_lasts_into_the_next_day_is_told_to_who_starts_then(hall, clock, teller, events):
    teller.report(OUT)
    clock.advance(minutes=24 * 60)
    for _ in range(2):
        teller.report(OUT)
    assert told_today(hall) == (OUT,)
    assert [status_of(event) for event in events()] == [OUT, OUT]


def test_a_trouble_of_a_device_that_reports_changes_only_is_told_on_the_next_day_too(hall, clock, teller, shown):
    teller.again()
    assert told_today(hall) == ()  # nothing is known of it yet
    teller.report(OUT)
    clock.advance(minutes=24 * 60)
    teller.again()
    assert (told_today(hall), shown) == ((OUT,), [OUT])


def test_a_trouble_that_only_a_newer_program_knows_is_a_trouble_all_the_same(hall, events):
    with step(hall) as doing:
        doing.record(Kind.DEVICE_CHANGED, BY, [], data={
            "device": "kiosk", "kind": "printer", "state": "down", "trouble": "from_tomorrow"})
    assert told_today(hall) == (DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.FAULT),)
