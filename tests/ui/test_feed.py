"""The hall's news as signals, whatever stands in the log."""

from types import SimpleNamespace

from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.services.hall import step


def test_an_event_of_a_newer_program_stops_no_news(hall, feed, qtbot):
    news, failures = [], []
    feed.happened.connect(news.append)
    feed.failed.connect(failures.append)
    feed.start()
    qtbot.waitUntil(lambda: news == [()])
    with step(hall) as doing:
        doing.record(SimpleNamespace(value="from_tomorrow"), By("elsewhere"), [])
    qtbot.waitUntil(lambda: news == [(), ()])  # all is to be read again
    assert [str(error) for error in failures] == ["'from_tomorrow' is not a valid Kind"]
    number = kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket.number
    qtbot.waitUntil(lambda: len(news) == 3)
    assert [event.number for event in news[2]] == [number]
