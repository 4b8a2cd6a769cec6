"""What a sign is told to show, and how settings describe the words around a number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from string import Formatter

from drivers.errors import BadSetting, NotInCharset

ENCODINGS = ("gbk", "gb2312", "gb18030", "ascii")


@dataclass(frozen=True, slots=True)
class SignText:
    """``text`` for signs that have Chinese, ``number`` (as in A012) and ``window`` for those that show these only.
    Nothing is shown where both texts are empty."""

    number: str
    window: int
    text: str


def check_choice(key: str, value: object, choices: Collection[object]) -> None:
    """Raises BadSetting."""
    if value not in choices:
        raise BadSetting(key, " | ".join(map(str, choices)))


def check_range(key: str, value: int, first: int, last: int) -> None:
    """Raises BadSetting."""
    if not first <= value <= last:
        raise BadSetting(key, f"{first} - {last}")


def check_pattern(key: str, pattern: str, fields: tuple[str, ...] = ("number", "window")) -> None:
    """Only these fields stand in braces, without any formatting. Raises BadSetting."""
    known = " | ".join(f"{{{field}}}" for field in fields)
    try:
        found = [(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(pattern)
                 if name is not None]
    except ValueError as error:  # a brace without its other one
        raise BadSetting(key, known) from error
    for name, spec, conversion in found:
        if name not in fields or spec or conversion:
            raise BadSetting(key, f"{known} ({{{name}}})")


def encoded(text: str, encoding: str) -> bytes:
    """Raises NotInCharset."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise NotInCharset(text[error.start : error.end]) from error
