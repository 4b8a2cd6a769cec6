"""Whatever is wrong with a catalogue is told in Chinese, with file, item and field."""

from __future__ import annotations

import re

import pytest

from hallapp.domain.catalogue import CatalogueError
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.ui.startup import startup_sentence
from tests.domain.test_catalogue import ITEM, LIST, SECOND, WRONG_ITEMS, WRONG_LISTS, own

ENGLISH = re.compile(r"[a-z]+ [a-z]+")  # two words; one alone may be a field's name


@pytest.mark.parametrize("change", [change for change, _where, _problem in WRONG_ITEMS if change[1] != "seq ="])
def test_a_wrong_item_is_told_in_chinese(tmp_path, change):
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, items=ITEM.replace(*change) + SECOND)
    told = startup_sentence(caught.value)
    assert "items.toml" in told
    assert not ENGLISH.search(told)
    assert caught.value.where.split(": ")[-1] in told


@pytest.mark.parametrize("chosen", [chosen for chosen, _where, _problem in WRONG_LISTS])
def test_a_wrong_list_is_told_in_chinese(tmp_path, chosen):
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, chosen=chosen)
    told = startup_sentence(caught.value)
    assert "own.toml" in told
    assert not ENGLISH.search(told)
    assert caught.value.where.split(": ")[-1] in told


def test_an_unknown_item_is_named_with_its_place(tmp_path):
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, chosen=LIST.replace('["X1"]', '["X7"]'))
    told = "事项目录 own.toml 有错：业务组 first 的 items 里的 X7 不在事项库中。改好后重新打开程序。"
    assert startup_sentence(caught.value) == told


def test_a_line_that_is_not_toml_and_another_encoding_are_told(tmp_path):
    file = tmp_path / "own.toml"
    for raw, told in ((b"[x\n", "第 1 行第 3 列"), ("标题".encode("gbk"), "编码选 UTF-8")):
        file.write_bytes(raw)
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(file)
        assert told in startup_sentence(caught.value)
