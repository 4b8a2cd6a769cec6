"""No module, function or class grows past its ceiling, and no module has a name that says nothing."""

import ast
from pathlib import PurePosixPath

import pytest

MODULE_LINES, FUNCTION_LINES, PUBLIC_METHODS = 300, 40, 12
BANNED = frozenset({"utils", "helpers", "common", "misc", "manager", "base", "handler"})


def faults(path, text, tree):
    """What in a module crosses a ceiling, in words."""
    found = []
    names = [PurePosixPath(path).stem, *PurePosixPath(path).parent.parts]
    found += [f"{path}: banned name {name}" for name in names if BANNED & set(name.split("_"))]
    lines = len(text.splitlines())
    if lines > MODULE_LINES:
        found.append(f"{path}: {lines} lines")
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{path}: {node.name} has {length} lines")
        elif isinstance(node, ast.ClassDef):
            public = [one for one in node.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]
            if len(public) > PUBLIC_METHODS:
                found.append(f"{path}: {node.name} has {len(public)} public methods")
    return found


def test_the_program_stays_below_its_ceilings(sources):
    assert [fault for path, (text, tree) in sources.items() for fault in faults(path, text, tree)] == []


METHODS = "class Big:\n" + "".join(f"    def m{n}(self): pass\n" for n in range(13))


@pytest.mark.parametrize(("path", "text", "fault"), [
    ("hallapp/long.py", "x = 1\n" * 301, "301 lines"),
    ("hallapp/wordy.py", "def f():\n" + "    x = 1\n" * 40, "f has 41 lines"),
    ("hallapp/big.py", METHODS, "Big has 13 public methods"),
    ("hallapp/ui/utils.py", "", "banned name utils"),
    ("hallapp/ui/window_manager.py", "", "banned name window_manager"),
    ("hallapp/common/x.py", "", "banned name common"),
])
def test_a_planted_fault_is_caught(path, text, fault):
    assert [found for found in faults(path, text, ast.parse(text)) if found.endswith(fault)]


def test_what_just_fits_is_let_through():
    text = "def f():\n" + "    x = 1\n" * 39 + METHODS.replace("    def m12(self): pass\n", "")
    assert faults("hallapp/fits.py", text + "x = 1\n" * (300 - len(text.splitlines())), ast.parse(text)) == []
