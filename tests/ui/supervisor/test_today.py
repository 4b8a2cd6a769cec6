"""What the supervisor reads of the day so far."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.domain.figures import Handling, spread
from hallapp.domain.rating import Channel, Level, Rating
from hallapp.services import reports
from hallapp.services.board import board
from hallapp.services.ratings import BadRating
from hallapp.ui.supervisor.pages import TodayPage, fill
from hallapp.ui.supervisor.view import SupervisorWindow


def test_the_verdict_names_the_halls_own_target(themed, qtbot, hall):
    page = TodayPage()
    qtbot.addWidget(page)
    day = replace(reports.figures(hall, hall.today()), immediate=Handling(1, spread([500.0]), 0, 0))
    for target, said in ((480.0, "■ 未达标，1 件中 0 件超过 8 分钟"), (600.0, "✓ 达标，1 件中 0 件超过 10 分钟"),
                         (450.0, "■ 未达标，1 件中 0 件超过 7.5 分钟")):
        page.show_day(replace(day, target=target), board(hall))
        assert said in [label.text() for label in page.findChildren(QLabel)]


@pytest.mark.parametrize("size", [(1093, 614), (1366, 768), (1920, 1080)])
def test_no_table_is_wider_than_its_place_when_bad_ratings_come_beside_it(themed, qtbot, size):
    page, view = TodayPage(), SupervisorWindow("上冈镇为民服务中心")
    qtbot.addWidget(view)
    view.add_pages([("今日情况", page)])
    view.show_work("0300")
    view.resize(*size)
    view.show()
    fill(page.windows, [("3 号", "未开放", "—", "优先窗口")])
    qtbot.wait(0)
    noon = datetime(2026, 11, 23, 4, tzinfo=UTC)
    rating = Rating(7, date(2026, 11, 23), 2, "0315", Level(2), (), Channel.SCREEN, noon)
    page.show_bad([BadRating(rating, "B011")], UTC)
    qtbot.wait(0)
    assert [table.horizontalScrollBar().maximum() for table in (page.windows, page.bad)] == [0, 0]
