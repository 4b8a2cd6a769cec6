"""What the signs over the windows say."""

from __future__ import annotations

from dataclasses import dataclass, fields

from drivers.signs.sign_text import check_pattern


@dataclass(frozen=True, slots=True)
class SignTexts:
    """The words for each state of a window, with ``{number}`` and ``{window}``; ``visit`` is for somebody who came
    without a number. An empty text leaves the sign dark. Raises drivers.errors.BadSetting."""

    called: str = "请{number}号到{window}号窗口"
    serving: str = "{number}号办理中"
    visit: str = "办理中"
    paused: str = "暂停服务"
    free: str = "热情为您服务"
    closed: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            numbered = field.name in ("called", "serving")
            check_pattern(field.name, getattr(self, field.name), ("number", "window") if numbered else ("window",))
