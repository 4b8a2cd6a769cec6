"""What stations tell each other of their devices, and when they look again."""

import pytest

from hallapp.domain.errors import StoreAway
from hallapp.domain.events import By
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services.device_news import DeviceTeller, told_today
from hallapp.ui.device_news import DeviceNews

DARK = DeviceStatus("sign-1", "sign", DeviceState.DOWN, Trouble.SILENT)


@pytest.fixture
def news(qapp, hall, tasks, feed, lights):
    """Of a station that looks after nothing yet."""
    made = DeviceNews(hall, tasks, feed, lights, lambda name: False)
    yield made
    made.close()


def test_a_trouble_that_lasts_into_the_next_day_is_told_to_who_starts_then(news, hall, clock, tasks, qtbot):
    news.reporter(By("board"))(DARK)
    clock.advance(minutes=24 * 60)
    news._again.timeout.emit()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told_today(hall) == (DARK,)


def test_a_feed_that_began_anew_has_all_read_again(news, hall, tasks, feed, lights, qtbot):
    DeviceTeller(hall, By("elsewhere"), lambda status: None).report(DARK)
    feed.happened.emit(())
    qtbot.waitUntil(lambda: lights.current() == (DARK,))


def test_a_store_that_is_away_is_asked_once_whatever_there_is_to_tell(news, hall, tasks, qtbot):
    asked = []

    class Away(DeviceTeller):
        def again(self):
            asked.append(self)
            raise StoreAway("hall.db")

    news._tellers.update({name: Away(hall, By("board"), print) for name in ("sign-1", "sign-2")})
    news._again.timeout.emit()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert len(asked) == 1
