"""What the command line says of itself and of wrong arguments is Chinese, whatever argparse would say."""

from __future__ import annotations

import argparse
import re

import pytest

from hallapp.app.arguments import parser
from hallapp.ui.command_line import Parser, error_sentence
from hallapp.ui.commands import ARGPARSE_ERRORS


def commands(parser, words=()):
    """Every sub-command, as the words that name it."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield from commands(below, (*words, name))


EVERY = list(commands(parser()))
ENGLISH = re.compile(
    r"usage|options:|positional|show this|error|required|expected|invalid|unrecognized|choose|argument"
)


def said(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    told = capsys.readouterr()
    return ended.value.code, told.out + told.err


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_help_is_chinese(capsys, words):
    status, told = said(capsys, *words, "--help")
    assert status == 0
    assert told.startswith(f"用法：{' '.join(('hallapp', *words))} ")
    assert told.count("用法：") == 1
    assert "显示这份说明后退出" in told
    assert not ENGLISH.search(told)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_says_in_chinese_which_option_it_does_not_know(capsys, words):
    status, told = said(capsys, *words, "--nothing")
    assert status == 2
    assert re.search(r"不认识 --nothing|缺少|要写其中一个", told)
    assert not ENGLISH.search(told)


@pytest.mark.parametrize(("line", "sentence"), [
    ("--nothing", "hallapp: 不认识 --nothing。用 hallapp --help 查看写法。"),
    ("nothing", "hallapp: 命令 不能写 'nothing'，可以写 "),
    ("county", "hallapp county: 缺少 命令。"),
    ("rater --window two", "hallapp rater: --window 要写整数，不能写 'two'。用 hallapp rater --help 查看写法。"),
    ("devices --seconds x", "hallapp devices: --seconds 要写数字，不能写 'x'。"),
    ("devices test lamp", "hallapp devices: kind 不能写 'lamp'，可以写 "),
    ("report --date", "hallapp report: --date 后面要写一个值。"),
    ("report --date 1.1.2026", "hallapp report: --date 日期要写成 2026-11-23 的样子。"),
    ("demo --visits 0", "hallapp demo: --visits 人数要是 1 到 500 的整数。"),
    ("load", "hallapp load: 缺少 --url。"),
    ("move", "hallapp move: 缺少 FROM, TO。"),
    ("export-bundle --out x", "hallapp export-bundle: 要写其中一个：--month --day。"),
    ("export-bundle --out x --month 2026-01 --day 2026-01-01", "hallapp export-bundle: --day 不能与 --month 同时写。"),
    ("sim printer --pty=1", "hallapp sim: --pty 后面不能写值 '1'。"),
    ("load --url x --s 1", "hallapp load: --s 不明确，可能是 --stations, --seconds, --steps。"),
])
def test_wrong_arguments_are_told_in_chinese(capsys, line, sentence):
    status, told = said(capsys, *line.split())
    assert status == 2
    assert sentence in told
    assert not ENGLISH.search(told)


@pytest.mark.parametrize("count", [2, "+", "?"])
def test_a_missing_value_is_told_however_many_are_wanted(capsys, count):
    parser = Parser("x")
    parser.add_argument("--some", nargs=count)
    with pytest.raises(SystemExit):
        parser.parse_args(["--some", "1"] if count == 2 else ["--some=1", "a"] if count == "?" else ["--some"])
    assert not ENGLISH.search(capsys.readouterr().err)


def test_what_is_not_known_stays_as_it_is():
    assert error_sentence("something of a version to come") == "something of a version to come"


def test_every_sentence_has_as_many_places_as_its_pattern():
    for pattern, sentence in ARGPARSE_ERRORS.items():
        assert len(re.findall(r"\{\d\}", sentence)) == re.compile(pattern).groups
