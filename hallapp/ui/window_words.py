"""What a window is called besides its number."""

from __future__ import annotations

import re


def own_name(number: int, label: str) -> str:
    """优先窗口 of 优先窗口 or 2 号优先窗口; empty where the label says the number and no more, as 2号窗口 does."""
    rest = re.sub(rf"^\s*{number}\s*号\s*", "", label).strip()
    return "" if rest in ("", "窗口") else rest
