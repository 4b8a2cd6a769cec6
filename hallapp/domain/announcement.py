"""A call as it is spoken: the names of the voice clips, in order (resources/sounds/README.md)."""

from __future__ import annotations

CHIME = "ding"


def clips(number: str, window: int, yao: bool) -> tuple[str, ...]:
    """请A012号到3号窗口办理: the number's letters and digits one by one, the window as one says a number.

    ``yao`` speaks the ticket's 1 as 幺, which cannot be taken for 七.
    """
    return ("qing", *_spelled(number, yao), "hao", "dao", *_counted(window), "hao-chuangkou", "banli")


def _spelled(number: str, yao: bool) -> list[str]:
    """What has no clip, a hyphen say, is not spoken."""
    spoken = [sign for sign in number.upper() if sign.isascii() and sign.isalnum()]
    return ["yao" if yao and sign == "1" else sign for sign in spoken]


def _counted(window: int) -> list[str]:
    """12 is 十二, 20 二十, 21 二十一; from 100 on digit by digit."""
    tens, ones = divmod(window, 10)
    if not 1 <= tens <= 9:
        return list(str(window))
    return [*([str(tens)] if tens > 1 else []), "shi", *([str(ones)] if ones else [])]
