"""What the supervisor reads of the day so far."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel

from hallapp.domain.figures import Handling, spread
from hallapp.services import reports
from hallapp.services.board import board
from hallapp.ui.supervisor.pages import TodayPage


def test_the_verdict_names_the_halls_own_target(themed, qtbot, hall):
    page = TodayPage()
    qtbot.addWidget(page)
    day = replace(reports.figures(hall, hall.today()), immediate=Handling(1, spread([500.0]), 0, 0))
    for target, said in ((480.0, "■ 未达标，1 件中 0 件超过 8 分钟"), (600.0, "✓ 达标，1 件中 0 件超过 10 分钟"),
                         (450.0, "■ 未达标，1 件中 0 件超过 7.5 分钟")):
        page.show_day(replace(day, target=target), board(hall))
        assert said in [label.text() for label in page.findChildren(QLabel)]
