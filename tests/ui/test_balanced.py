"""Words that wrap where a reader pauses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from hallapp.ui import theme
from hallapp.ui.widgets.balanced import Balanced, even_width, line_ends

TEXT = st.text("医保参登记，、。（）A1 ·", min_size=1, max_size=60)


def shown(text, width):
    """Its lines as the label sets them."""
    ends = line_ends(text, theme.font(40), even_width(text, theme.font(40), width))
    return [text[start:end].strip() for start, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize(("text", "lines"), [
    ("慢特病与照护保险", ["慢特病与", "照护保险"]),
    ("退休安置长期 · 常驻转诊", ["退休安置长期 ·", "常驻转诊"]),
    ("请带好身份证，再去窗口", ["请带好身份证，", "再去窗口"]),
    ("前面 12 人　约 125 分钟", ["前面 12 人", "约 125 分钟"]),
])
def test_lines_end_at_a_pause_or_are_even(themed, text, lines):
    assert shown(text, 310) == lines


@given(TEXT, st.integers(100, 900))
@settings(max_examples=60, deadline=None)
def test_no_text_gets_more_lines_than_it_needs_or_wider_than_its_place(qapp, text, width):
    font = theme.font(40)
    even = even_width(text, font, width)
    assert even <= width
    assert len(line_ends(text, font, even)) <= len(line_ends(text, font, width))


def test_a_framed_label_keeps_the_room_around_its_words(themed, qtbot):
    label = Balanced("告知单上次缺少：医保电子凭证、身份证件、社会保障卡（任一）、病历资料等")
    qtbot.addWidget(label)
    label.setStyleSheet("border: 1px solid black; padding: 6px 20px;")
    label.setFont(theme.font(18))
    label.resize(400, 100)
    label.show()
    inside = label.contentsRect()
    assert inside.left() >= 20
    assert inside.top() >= 6
    assert label.width() - inside.right() > 40  # its lines are balanced, too


def test_a_label_asks_for_no_more_room_than_its_text_and_stays_as_wide_as_it_is_made(themed, qtbot):
    label = Balanced("慢特病与照护保险")
    qtbot.addWidget(label)
    label.setFont(theme.font(40))
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.resize(310, label.heightForWidth(310))
    label.show()
    spare = label.width() - label.contentsRect().width()
    assert spare > 100
    assert label.contentsRect().left() in (spare // 2, spare - spare // 2)
    assert label.heightForWidth(310) == label.height()
    label.setText("慢特病")
    assert label.contentsRect().width() >= 308
