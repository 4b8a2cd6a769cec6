"""Words that wrap where a reader pauses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from hallapp.ui import theme
from hallapp.ui.widgets.balanced import Balanced, even_width, line_ends
from hallapp.ui.widgets.parts import label

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
    ("到窗口后\n没有来可过号", ["到窗口后", "没有来可过号"]),
    ("到窗口后\n没有来再呼一次可过号", ["到窗口后", "没有来再呼", "一次可过号"]),
])
def test_lines_end_at_a_pause_or_are_even(themed, text, lines):
    assert shown(text, 310) == lines


@given(TEXT, st.integers(100, 900))
@settings(max_examples=60)
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


@pytest.mark.parametrize(("side", "left"), [(Qt.AlignmentFlag.AlignLeft, 0), (Qt.AlignmentFlag.AlignRight, 1)])
def test_the_room_left_over_lies_beyond_the_words(themed, qtbot, side, left):
    label = Balanced("慢特病与照护保险")
    qtbot.addWidget(label)
    label.setFont(theme.font(40))
    label.setAlignment(side)
    label.resize(310, 200)
    label.show()
    margins = label.contentsMargins()
    assert (margins.left() > 100, margins.right() > 100) == (bool(left), not left)


@pytest.mark.parametrize("sentence", [
    "数据文件损坏，请不要删除文件。请关闭全部程序，运行 hallapp restore 恢复备份。",
    "请先建立管理员账号，密码至少 6 位。然后在管理窗口填写本厅设置、添加其他人员。",
])
def test_staff_read_no_last_characters_alone(themed, qtbot, sentence):
    made = label(sentence, 20, wrap=True)
    qtbot.addWidget(made)
    made.show()
    for width in range(420, 780, 20):
        made.resize(width, 200)
        ends = line_ends(sentence, made.font(), made.contentsRect().width())
        assert ends[-1] - [0, *ends][-2] >= 6, width


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
