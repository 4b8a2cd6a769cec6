import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("hallapp", "drivers")


@pytest.fixture(scope="session")
def sources():
    """Every module of the program: path relative to the checkout -> (text, syntax tree)."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found[path.relative_to(ROOT).as_posix()] = (text, ast.parse(text))
    return found
