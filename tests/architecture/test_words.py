"""Text that people see in Chinese lives in ui, documents and resources, not below them."""

import ast
import re

import pytest

CHINESE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3001-\u303f]")
VISITORS = ("hallapp/ui/kiosk/", "hallapp/ui/board/", "hallapp/ui/rater/", "hallapp/documents/ticket_slip.py",
            "hallapp/documents/appointment_slip.py", "hallapp/documents/notice_slip.py")
NAMED = {"小票": "号码单", "取号单": "号码单", "大屏": "叫号屏", "显示屏": "叫号屏", "自助机": "取号机"}
PLAIN = ("hallapp/domain/", "hallapp/services/", "hallapp/store/", "hallapp/devices/", "drivers/")


def chinese_texts(tree):
    """The string constants of a module that hold Chinese and are no docstrings."""
    documents = {id(node.body[0].value) for node in ast.walk(tree)
                 if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
                 and node.body and isinstance(node.body[0], ast.Expr)}
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and CHINESE.search(node.value) and id(node) not in documents]


def test_no_chinese_text_below_the_ui(sources):
    found = {path: texts for path, (_, tree) in sources.items()
             if path.startswith(PLAIN) and (texts := chinese_texts(tree))}
    assert found == {}


@pytest.mark.parametrize(("text", "count"), [
    ('x = "办结"', 1), ('raise ValueError("请稍候")', 1), ('x = f"第{1}号"', 2),
    ('"""过号: nobody came."""\nx = 1  # 办结', 0),
])
def test_a_planted_text_is_caught_and_a_comment_is_not(text, count):
    assert len(chinese_texts(ast.parse(text))) == count


def test_what_visitors_read_has_one_name_for_a_thing(sources):
    found = {path: (name, NAMED[name]) for path, (_, tree) in sources.items() if path.startswith(VISITORS)
             for text in chinese_texts(tree) for name in NAMED if name in text}
    assert found == {}
