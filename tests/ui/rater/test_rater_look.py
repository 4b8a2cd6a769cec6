"""No page of the rater cuts its words; everything can be hit by an unsteady finger and read by weak eyes."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtGui import QColor

from hallapp.domain.rating import Level
from hallapp.ui import theme
from hallapp.ui.rater.pages import AskPage, QuietPage, ReasonsPage, ThanksPage
from hallapp.ui.rater.parts import Face, LevelTile
from hallapp.ui.rater.view import RaterWindow
from tests.ui.test_windows import crowded, cut, left_over, settle, too_small

SIZES = [(1920, 1080), (1536, 864), (1366, 768), (1280, 720), (1093, 614), (1024, 600), (1280, 800), (1080, 1920),
         (800, 1280)]
NAME = "上冈镇为民服务中心（便民服务大厅）"
THANKS = "感谢您的评价"
INKS = {theme.INK, theme.QUIET, theme.ACCENT, theme.PAPER}
PAGES = {
    "quiet": partial(QuietPage, hall_name=NAME, window=12),
    "away": partial(QuietPage, hall_name=NAME, window=12, away=True),
    "ask": partial(AskPage, staff="0312", seconds=60),
    **{f"reasons-{int(level)}": partial(ReasonsPage, level=level) for level in Level},
    "thanks": partial(ThanksPage, thanks=THANKS, remark="您的意见大厅负责人会看到，也可拨打 0515-12345678 反映。"),
    "kept": partial(ThanksPage, thanks=THANKS, remark="已记下，系统恢复后自动保存，您不用再等。"),
}


@pytest.fixture
def window(themed, qtbot):
    made = RaterWindow(NAME, 12)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_no_page_cuts_words_or_has_small_or_crowded_buttons(window, size, page):
    window.resize(*size)
    window.show()
    window.show_page(PAGES[page], bar=page not in ("quiet", "away"))
    for seconds in (60, 15):
        if hasattr(window.page, "show_left"):
            window.page.show_left(seconds)
        settle()
        assert cut(window) == []
    assert (window.width(), window.height()) == size
    assert left_over(window) == []
    assert too_small(window) == []
    assert crowded(window) == []


def contrast(one, other):
    """By WCAG 2."""

    def light(colour):
        parts = [channel / 255 for channel in QColor(colour).getRgb()[:3]]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), [
    (theme.INK, theme.PAPER), (theme.INK, theme.GROUND), (theme.QUIET, theme.GROUND), (theme.ACCENT, theme.GROUND),
    (theme.PAPER, theme.ACCENT), *((theme.INK, fill) for fill in theme.FACES.values()),
])
def test_everything_stands_out_seven_to_one(ink, ground):
    assert contrast(ink, ground) >= 7


def test_the_words_measured_are_those_that_are_shown(window):
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    window.resize(1366, 768)
    window.show()
    for make in PAGES.values():
        window.show_page(make)
        settle()
        inks = {each.property("rule") for each in window.page.findChildren(type(window._bar.name))}
        assert {rule.split()[1].rstrip(";") for rule in inks if rule} <= INKS


def test_every_level_has_a_face_of_its_own_and_its_word(window):
    window.resize(1366, 768)
    window.show()
    window.show_page(PAGES["ask"])
    settle()
    faces = {}
    for tile in window.page.findChildren(LevelTile):
        faces[tile.property("level")] = tile.findChild(Face).grab().toImage()
        assert tile.findChild(Face).height() >= 100
    drawn = list(faces.values())
    assert sorted(faces) == [1, 2, 3, 4, 5]
    for place, image in enumerate(drawn):  # in grey too: not by colour alone
        assert all(grey(image) != grey(other) for other in drawn[place + 1 :])


def grey(image):
    """Where the ink is, whatever the fill."""
    return [image.pixelColor(x, y).lightness() < 60 for x in range(0, image.width(), 3)
            for y in range(0, image.height(), 3)]
