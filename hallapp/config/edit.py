"""The basics of a hall, changed in hall.toml by the line: all the rest, comments too, stays as somebody wrote it."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from dataclasses import fields
from pathlib import Path

from hallapp.config import read_config
from hallapp.config.section import parsed
from hallapp.domain.errors import ConfigError, ConfigProblem
from hallapp.domain.rules import Basics
from hallapp.services.files import save_file

USUAL = Basics("", "", "", "12393", "12345", "", "", "nantong19", 0)  # where the file says nothing
WORDS = tuple(field.name for field in fields(Basics) if field.name != "windows")
_HALL = re.compile(r"(?ms)^\[hall\][^\n]*\n(.*?)(?=^[ \t]*\[|\Z)")
_ASIDE = r"(?:[ \t]*(?:#[^\n]*)?\n)*"  # comments and empty lines: a key behind them is the window's too
_WINDOW = re.compile(rf"(?m)^\[\[window\]\][^\n]*\n?(?:{_ASIDE}[ \t]*[A-Za-z_][^\n]*\n?)*")


def read_basics(file: Path) -> Basics:
    """Of a hall.toml that read_config found good."""
    data = parsed(file)
    words = {name: str(data["hall"].get(name, getattr(USUAL, name))) for name in WORDS}
    return Basics(**words, windows=len(data["window"]))


def keep_basics(file: Path, new: Basics) -> None:
    """Raises ConfigError or CatalogueError, StoreReadOnly or StoreFull; then nothing was changed."""
    old = read_basics(file)
    text = file.read_text(encoding="utf-8-sig")
    for name in WORDS:
        if getattr(new, name) != getattr(old, name):
            text = _with_words(text, name, getattr(new, name))
    text = _with_windows(text, new.windows, max(window["number"] for window in parsed(file)["window"]))
    data = as_written(text, file)
    _try(file, data, new)
    save_file(data, file)


def as_written(text: str, file: Path) -> bytes:
    """With the line ends of the file, and its mark in front if it has one: Windows' Notepad writes both."""
    old = file.read_bytes()
    ends = "\r\n" if 2 * old.count(b"\r\n") > old.count(b"\n") else "\n"
    return (BOM_UTF8 if old.startswith(BOM_UTF8) else b"") + text.replace("\n", ends).encode()


def _try(file: Path, data: bytes, new: Basics) -> None:
    """The program would open with it, and it says what was wished."""
    trial = save_file(data, file.with_name(f".{file.name}.trial"))
    try:
        read_config(trial, file.parent)
        if read_basics(trial) != new or not _same_windows(file, trial):  # it cannot be changed by the line
            raise ConfigError(str(file), "hall", ConfigProblem.TYPE)
    except ConfigError as error:
        if error.problem is ConfigProblem.SYNTAX:  # ours: the file itself was read before
            raise ConfigError(str(file), "hall", ConfigProblem.TYPE) from error
        error.file = str(file)
        raise
    finally:
        trial.unlink(missing_ok=True)


def _same_windows(file: Path, trial: Path) -> bool:
    """Those that are in both say the same: no key went to another window."""
    pairs = zip(parsed(file)["window"], parsed(trial)["window"], strict=False)
    return all(before == after for before, after in pairs)


def _with_words(text: str, name: str, words: str) -> str:
    """``name`` in [hall] says ``words``, its comment behind it; it is added where it was not."""
    quoted = json.dumps(words, ensure_ascii=False)
    line = re.compile(rf"(?m)^([ \t]*{name}[ \t]*=[ \t]*)(\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')")

    def changed(hall: re.Match[str]) -> str:
        head, body = hall[0][:hall.start(1) - hall.start()], hall[1]
        body, count = line.subn(lambda found: found[1] + quoted, body, count=1)
        return head + (body if count else f"{name} = {quoted}\n{body}")

    return _HALL.sub(changed, text, count=1)


def _with_windows(text: str, count: int, highest: int) -> str:
    """``count`` windows: more behind the last one and ``highest`` number, or fewer of the last ones."""
    blocks = list(_WINDOW.finditer(text))
    more = "".join(f"[[window]]\nnumber = {highest + place}\n" for place in range(1, count - len(blocks) + 1))
    if more and blocks:
        end = blocks[-1].end()
        return f"{text[:end].rstrip()}\n{more}{text[end:]}"
    for block in reversed(blocks[count:]):
        text = text[:block.start()] + text[block.end():]
    return text
