"""Words that have no room."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hallapp.ui.supervisor.print_panel import PrintPanel
from hallapp.ui.widgets.elided import Chooser, ElidedLabel
from tests.ui.test_windows import settle

LONG = "HP_LaserJet_Pro_MFP_M126a_二楼办公室西侧靠窗_双面打印_彩色"


@pytest.fixture
def shown(themed, qtbot):
    """``shown(part, width)``: what is seen of a part in a place of that width."""
    places = []

    def show(part, width):
        places.append(place := QWidget())
        qtbot.addWidget(place)
        QHBoxLayout(place).addWidget(part)
        place.setFixedWidth(width)
        place.show()
        settle()
        return part.shown()

    return show


def test_a_long_printers_name_ends_in_dots_and_a_short_one_is_whole(themed, qtbot):
    panel = PrintPanel()
    qtbot.addWidget(panel)
    for name in (LONG, "HP M126a"):
        panel.show_choice([name], 2)
        settle()
        said = panel.printer.shown()
        assert (said == name) == (name != LONG)
        assert name.startswith(said.rstrip("…"))
        assert panel.printer.width() <= panel.width()
        assert panel.printer.currentText() == name


def test_what_is_drawn_of_a_long_choice_stays_clear_of_the_arrow(shown):
    part = Chooser()
    part.addItems([LONG])
    said = shown(part, 300)
    assert said.endswith("…")
    assert part.fontMetrics().horizontalAdvance(said) < 300 - 60
    assert part.grab().width() == part.width()


def test_a_label_takes_what_room_is_left(shown):
    assert shown(ElidedLabel("上冈镇为民服务中心"), 100).endswith("…")
    assert shown(ElidedLabel("上冈镇为民服务中心"), 600) == "上冈镇为民服务中心"
