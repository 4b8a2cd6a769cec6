"""What a hall sets on its first day is changed in hall.toml by the line, and nothing else in it."""

import tomllib
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hallapp.app.hall import configured, prepare_folder
from hallapp.config.edit import keep_basics, read_basics
from hallapp.domain.errors import ConfigError, ConfigProblem, StoreError

WORDS = st.text("abcXYZ019 -\"\\\\'#=[]上冈镇为民服务中心，。（）", max_size=20).map(str.strip)


@pytest.fixture
def file(tmp_path):
    """The starter's hall.toml."""
    return prepare_folder(tmp_path)


def others(file):
    """All that is not among the basics."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    data.pop("window")
    return {**data, "hall": data["hall"]["id"]}


def test_the_starter_is_read(file):
    found = read_basics(file)
    assert (found.name, found.catalogue, found.windows) == ("医保服务大厅", "nantong19", 3)
    assert (found.consult_phone, found.complaint_phone, found.address) == ("12393", "12345", "")


def test_what_is_kept_is_what_the_program_opens_with_and_comments_stay(file, tmp_path):
    before, text = others(file), file.read_text(encoding="utf-8")
    new = replace(read_basics(file), name="上冈镇“为民”\"服务\"\\中心", address="上冈镇人民路 1 号",
                  catalogue="province13", windows=5)
    keep_basics(file, new)
    config = configured(tmp_path)
    assert (config.info.name, config.info.address) == (new.name, new.address)
    assert [window.number for window in config.windows] == [1, 2, 3, 4, 5]
    assert config.catalogue.code == "province13"
    assert others(file) == before
    said = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    assert [line.partition("#")[2] for line in file.read_text(encoding="utf-8").splitlines() if "#" in line] == said


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=WORDS.filter(bool), hours=WORDS, notice=WORDS, windows=st.integers(1, 9))
def test_whatever_is_typed_is_kept_as_it_was_typed(file, name, hours, notice, windows):
    before = others(file)
    new = replace(read_basics(file), name=name, hours=hours, notice=notice, windows=windows)
    keep_basics(file, new)
    assert read_basics(file) == new
    assert others(file) == before


def test_what_the_file_did_not_say_is_added_to_the_hall(file):
    text = file.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(True) if not line.startswith(("hours", "notice"))]
    file.write_text("".join(kept), "utf-8")
    new = replace(read_basics(file), hours="上午 8:30—11:30", notice="欢迎")
    keep_basics(file, new)
    assert read_basics(file) == new


def test_fewer_windows_are_the_first_ones(file, tmp_path):
    keep_basics(file, replace(read_basics(file), windows=1))
    assert [window.number for window in configured(tmp_path).windows] == [1]
    keep_basics(file, replace(read_basics(file), windows=2))
    assert [window.number for window in configured(tmp_path).windows] == [1, 2]


@pytest.mark.parametrize("label", [
    '# for the elderly\nlabel = "优先窗口"', '\nlabel = "优先窗口"',
    'groups = [ # two\n  "enrol",\n]\nlabel = "优先窗口"',
])
@pytest.mark.parametrize("count", [2, 4])
def test_what_a_window_says_never_goes_to_another_one(file, label, count):
    windows = "".join(f"[[window]]\nnumber = {number}\n" for number in (1, 2, 3))
    text = f'[hall]\nid = "h"\nname = "医保"\n{windows}{label}\n'
    file.write_text(text, encoding="utf-8")
    before = tomllib.loads(text)["window"]
    with suppress(ConfigError):  # left alone then
        keep_basics(file, replace(read_basics(file), windows=count))
    after = tomllib.loads(file.read_text(encoding="utf-8"))["window"]
    assert all(one == other for one, other in zip(before, after, strict=False))
    assert all(one.keys() == {"number"} for one in after[len(before):])


def test_nothing_is_changed_by_what_the_program_could_not_open_with(file):
    before = file.read_bytes()
    with pytest.raises(ConfigError) as refused:
        keep_basics(file, replace(read_basics(file), name="𠮷镇"))
    assert refused.value.file == str(file)
    assert file.read_bytes() == before
    assert list(file.parent.glob(".hall*")) == []


@pytest.mark.parametrize("text", [
    '[hall]\nid = "h"\nname = """医保"""\n[[window]]\nnumber = 1\n',
    'hall.id = "h"\nhall.name = "医保"\n[[window]]\nnumber = 1\n',
])
def test_a_value_written_in_another_way_is_left_alone(file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        keep_basics(file, replace(read_basics(file), name="上冈镇"))
    assert file.read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_told(file):
    (file.parent / ".hall.toml.trial").mkdir()  # in the way of what is tried first
    before = file.read_bytes()
    with pytest.raises(StoreError):
        keep_basics(file, replace(read_basics(file), name="上冈镇"))
    assert file.read_bytes() == before


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_line_ends_and_the_mark_in_front_stay_as_notepad_wrote_them(file, mark, ends):
    file.write_bytes(mark + file.read_bytes().replace(b"\n", ends))
    before = file.read_bytes()
    keep_basics(file, replace(read_basics(file), name="上冈镇", address="人民路 1 号", windows=5))
    after = file.read_bytes()
    assert after.startswith(mark)
    assert after.count(b"\xef\xbb\xbf") == bool(mark)
    assert after.count(b"\n") > before.count(b"\n")
    assert after.count(b"\r\n") == (after.count(b"\n") if ends == b"\r\n" else 0)
    assert (read_basics(file).name, read_basics(file).windows) == ("上冈镇", 5)


def test_a_file_saved_in_gbk_is_named_and_nothing_is_changed(file):
    file.write_bytes(file.read_text(encoding="utf-8").encode("gb18030"))
    before = file.read_bytes()
    with pytest.raises(ConfigError) as refused:
        read_basics(file)
    assert (refused.value.file, refused.value.problem) == (str(file), ConfigProblem.ENCODING)
    assert file.read_bytes() == before
