"""What the command line says of itself and of wrong arguments is Chinese, whatever argparse would say."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hallapp.__main__ import main
from hallapp.app.arguments import parser
from hallapp.domain.errors import ServerFailed, StoreAway
from hallapp.ui.command_line import Parser, error_sentence
from hallapp.ui.commands import ARGPARSE_ERRORS
from hallapp.ui.startup import startup_sentence


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
    ("server", "hallapp server: 缺少 动作。"),
    ("rater --window two", "hallapp rater: --window 要写整数，不能写 'two'。用 hallapp rater --help 查看写法。"),
    ("devices --seconds x", "hallapp devices: --seconds 要写数字，不能写 'x'。"),
    ("devices test lamp", "hallapp devices: 设备种类 不能写 'lamp'，可以写 "),
    ("report --date", "hallapp report: --date 后面要写一个值。"),
    ("report --date 1.1.2026", "hallapp report: --date 日期要写成 2026-11-23 的样子。"),
    ("demo --visits 0", "hallapp demo: --visits 要是 1 到 500 的整数。"),
    ("load", "hallapp load: 缺少 --url。"),
    ("move", "hallapp move: 缺少 FROM, TO。"),
    ("export-bundle --out x", "hallapp export-bundle: 要写其中一个：--month --day。"),
    ("export-bundle --out x --month 2026-01 --day 2026-01-01", "hallapp export-bundle: --day 不能与 --month 同时写。"),
    ("sim printer --pty=1", "hallapp sim printer: --pty 后面不能写值 '1'。"),
    ("server init --port 65536", "hallapp server: --port 要是 0 到 65535 的整数。"),
    ("server init --port -1", "hallapp server: --port 要是 0 到 65535 的整数。"),
    ("report --out .", "hallapp report: --out 要写文件的名称，不能写文件夹。"),
    ("backup --to hall.toml", "hallapp backup: --to 文件的名称要以 .db 结尾。"),
    ("backup --to /", "hallapp backup: --to 要写文件的名称，不能写文件夹。"),
    ("devices --seconds 1 lamp", "hallapp devices: 动作 不能写 'lamp'，可以写 "),
    ("restore --data d one two", "hallapp: 不认识 two。"),
    ("load --url x --s 1", "hallapp load: --s 不明确，可能是 --stations, --seconds, --steps。"),
])
def test_wrong_arguments_are_told_in_chinese(capsys, line, sentence):
    status, told = said(capsys, *line.split())
    assert status == 2
    assert sentence in told
    assert not ENGLISH.search(told)


@pytest.mark.parametrize(("words", "given"), [
    ("halls add --folder f h1", {"hall": "h1"}), ("halls add h1 --folder f", {"hall": "h1"}),
    ("restore --data d copy.db", {"file": Path("copy.db")}), ("restore copy.db --data d", {"file": Path("copy.db")}),
    ("devices --seconds 3 test sign", {"action": "test", "kind": "sign"}), ("restore --data d", {"file": None})])
def test_what_may_be_left_out_may_stand_behind_an_option_too(words, given):
    found = vars(parser().parse_args(words.split()))
    assert {name: found[name] for name in given} == given


@pytest.mark.parametrize("option", ["report --out", "backup --to", "--data", "restore"])
def test_a_file_has_a_name(capsys, option):
    status, told = said(capsys, *option.split(), "")
    assert (status, "后面要写文件或文件夹的名称" in told) == (2, True)


def test_who_stops_a_command_is_told_that_it_is_not_done(capsys, monkeypatch):
    def stopped(_work):
        raise KeyboardInterrupt

    monkeypatch.setattr("hallapp.app.commands.guarded", stopped)
    assert main(["report"]) == 130
    assert capsys.readouterr().err == "已停止，没有做完。\n"


@pytest.mark.parametrize(("said_there", "told"), [
    ('FATAL:  password authentication failed for user "hall"', "请核对用户名和口令"),
    ('fe_sendauth: no password supplied', "请核对用户名和口令"),
    ('FATAL:  role "x" does not exist', "请核对用户名和口令"),
    ('FATAL:  database "x" does not exist', "请核对地址最后的库名"),
    ('root certificate file "C:\\hall\\server.crt" does not exist', "窗口的电脑请再运行一次 hallapp join"),
    ("Connection refused\n\tIs the server running on that host?", "数据库是否已启动"),
])
def test_why_a_server_cannot_be_reached_is_told_without_english(said_there, told):
    sentence = startup_sentence(StoreAway("postgresql://hall@10.0.0.9:5432/hall", said_there))
    assert told in sentence
    ours = re.compile("postgresql://hall@10.0.0.9:5432/hall|hallapp join|server.crt|sslrootcert")
    assert re.findall("[a-z]+", ours.sub("", sentence)) == []


def test_a_disk_that_is_too_full_for_postgresql_is_told():
    error = ServerFailed("pg_dump", "pg_dump: error: could not write to output file: No space left on device")
    assert startup_sentence(error).startswith("磁盘已满，pg_dump 没有做成。")


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


@pytest.mark.parametrize("code_page", ["cp437", "cp1252", "gbk", "utf-8"])
def test_a_command_whose_words_go_into_a_file_is_done_on_every_code_page(tmp_path, code_page):
    """As Windows has it where its output goes anywhere but onto the screen; stderr never minded."""
    folder = tmp_path / "𠮷林 ▶"
    ran = subprocess.run([sys.executable, "-m", "hallapp", "--data", str(folder), "devices"], capture_output=True,
                         env={**os.environ, "PYTHONIOENCODING": code_page}, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ("hall.toml 中的设备" in ran.stdout.decode(code_page)) == (code_page in ("gbk", "utf-8"))
