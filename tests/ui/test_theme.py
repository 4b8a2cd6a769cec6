"""The tokens' contrast, in every pair that the style sheet makes and those that are painted by hand."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from hallapp import paths
from hallapp.ui import theme
from hallapp.ui.widgets.parts import Banner
from tests.ui.contrast import faint, ratio

READ, FAR = 4.5, 7.0  # at a counter; at kiosk and board
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
GROUNDS = (theme.PAPER, theme.GROUND)  # where a rule names none


def pairs():
    """Selector, ink and ground of every rule that colours words; a part takes what its plain rule says."""
    text = re.sub(r"/\*.*?\*/", "", theme.stylesheet(), flags=re.S)
    rules = {}
    for selectors, body in RULE.findall(text):
        said = dict(re.findall(r"([a-z-]+):\s*([^;]+);", body))
        for selector in selectors.split(","):
            rules.setdefault(" ".join(selector.split()), {}).update(said)
    for selector, said in rules.items():
        ink = said.get("color") or said.get("selection-color")
        ground = said.get("selection-background-color") if "color" not in said else said.get("background")
        if ink:
            for each in (ground,) if ground and ground != "transparent" else GROUNDS:
                yield pytest.param(ink, each, id=f"{selector} {each}")


BAR = "QFrame[look=\"bar\"] QLabel"


@pytest.mark.parametrize(("ink", "ground"), [pair for pair in pairs() if not pair.id.startswith(BAR)])
def test_every_rule_of_the_style_sheet_can_be_read(ink, ground):
    assert ratio(QColor(ink), QColor(ground)) >= READ


@pytest.mark.parametrize(("ink", "ground"), [
    (theme.BOARD_WARM, theme.BOARD_DARK),  # the rolling notice, which is painted
    (theme.PAPER, theme.ACCENT),  # the bar above the pages
    (theme.INK, theme.ACCENT_PALE), (theme.ACCENT, theme.ACCENT_PALE),  # a tile under the finger
    (theme.PRIORITY_INK, theme.ACCENT_PALE), (theme.QUIET, theme.ACCENT_PALE), (theme.PAPER, theme.ACCENT_DOWN),
])
def test_what_is_painted_or_pressed_at_kiosk_and_board_can_be_read(ink, ground):
    assert ratio(QColor(ink), QColor(ground)) >= FAR


@pytest.mark.parametrize("ink", [*theme.STATE_INKS.values(), theme.QUIET, theme.FADED])
@pytest.mark.parametrize("ground", [theme.PAPER, theme.GROUND, theme.ACCENT_PALE, theme.PRIORITY])
def test_states_can_be_read_on_every_ground_of_the_counter(ink, ground):
    assert ratio(QColor(ink), QColor(ground)) >= READ


def test_no_colour_is_written_down_outside_the_tokens():
    folder = paths.resources().parent / "hallapp" / "ui"
    files = [*folder.rglob("*.py"), paths.resources() / "styles" / "hall.qss"]
    assert len(files) > 30
    coloured = [path.name for path in files if re.search("#[0-9A-Fa-f]{6}", path.read_text(encoding="utf-8"))]
    assert coloured == ["theme.py"]


def test_the_ratio_is_that_of_the_guideline():
    assert ratio(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert ratio(QColor("#777777"), QColor("#FFFFFF")) == pytest.approx(4.48, abs=0.01)


def test_faint_words_would_be_found(themed, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    made = QLabel("看不清", window)
    theme.tint(made, theme.EDGE)
    window.show()
    assert [text for text, *_ in faint(window, READ)] == ["看不清"]
    theme.tint(made, theme.INK)
    assert faint(window, READ) == []


def test_a_box_that_has_the_focus_is_ringed(themed, qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    boxes = QCheckBox("缺"), QCheckBox("已收")
    for box in boxes:
        column.addWidget(box)
    page.show()
    page.activateWindow()
    boxes[0].setFocus()
    qtbot.waitUntil(boxes[0].hasFocus)
    ink = [box.grab().toImage().pixelColor(box.width() // 2, 0).name().upper() for box in boxes]
    assert (ink[0], ink[1] != theme.ACCENT) == (theme.ACCENT, True)


@pytest.mark.parametrize(("state", "ground"), [
    ("ready", theme.GOOD_PALE), ("warning", theme.PRIORITY), ("down", theme.PRIORITY)])
def test_a_sentence_about_what_went_well_does_not_look_like_a_warning(themed, qtbot, state, ground):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.resize(600, 50)
    banner.show_sentence("已保存", state=state)
    assert banner.grab().toImage().pixelColor(590, 25).name().upper() == ground
    assert ratio(QColor(theme.STATE_INKS[state]), QColor(ground)) >= READ
