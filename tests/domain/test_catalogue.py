"""Catalogues: what loads, what is refused and how it is named, and what a clerk finds by typing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.catalogue import Catalogue, CatalogueError, Mode
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.paths import resources

SHIPPED = resources() / "catalogues"
NANTONG = load_catalogue(SHIPPED / "nantong19.toml")
PROVINCE = load_catalogue(SHIPPED / "province13.toml")

LIST = """
[catalogue]
code = "own"
title = "Own list"
source = "the hall"
assist = ["X2"]
[priority]
letter = "L"
[[group]]
code = "first"
letter = "A"
name = "First"
hint = "things"
items = ["X1"]
"""
ITEM = """
[[item]]
code = "X1"
seq = 1
name = "First thing"
short = "First"
initials = ["ft", "f"]
mode = "direct"
immediate = true
limit_working_days = 0
limit_text = "at once"
source = "the hall"
material = [
  { name = "Card" }, { name = "Birth paper", condition = "newborn" }, { name = "Mandate", condition = "proxy" }]
"""
SECOND = ITEM.replace("X1", "X2").replace("seq = 1", "seq = 2")


def own(tmp_path: Path, chosen: str = LIST, items: str = ITEM + SECOND) -> Catalogue:
    (tmp_path / "own.toml").write_text(chosen, encoding="utf-8")
    (tmp_path / "items.toml").write_text(items, encoding="utf-8")
    return load_catalogue(tmp_path / "own.toml")


def test_a_list_chooses_its_items_and_hands_the_rest_to_assistance(tmp_path: Path) -> None:
    catalogue = own(tmp_path)
    assert [(item.code, item.mode) for item in catalogue.items] == [("X1", Mode.DIRECT), ("X2", Mode.ASSIST)]
    assert [item.code for item in catalogue.items_of(catalogue.groups[0])] == ["X1"]
    assert catalogue.find_group("first") is catalogue.groups[0]
    assert catalogue.find_group("none") is None
    assert catalogue.find_item("none") is None


def test_an_assisted_item_is_not_immediate(tmp_path: Path) -> None:
    direct, assisted = own(tmp_path).items
    assert direct.immediate
    assert assisted.on_the_spot
    assert not assisted.immediate


def test_a_list_may_change_and_add_items(tmp_path: Path) -> None:
    changed = ITEM.replace("First thing", "Changed")
    catalogue = own(tmp_path, LIST + changed, ITEM + SECOND)
    assert catalogue.items[0].name == "Changed"
    assert own(tmp_path, LIST + ITEM + SECOND, "").items[1].code == "X2"


def test_a_list_of_the_hall_alone_in_its_folder_chooses_from_the_shipped_items(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(LIST.replace("X1", "NT02").replace("X2", "NT14"), encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "own.toml")
    assert [item.code for item in catalogue.items] == ["NT02", "NT14"]


def test_a_hall_sets_its_own_modes(tmp_path: Path) -> None:
    catalogue = own(tmp_path).with_modes({"X1": "accept_forward", "X2": "direct"})
    assert [(item.mode, item.immediate) for item in catalogue.items] == [
        (Mode.ACCEPT_FORWARD, False), (Mode.DIRECT, True),
    ]


@pytest.mark.parametrize(("code", "mode"), [("X9", "direct"), ("X1", "sometimes")])
def test_a_mode_for_an_unknown_item_or_an_unknown_mode_is_refused(tmp_path: Path, code: str, mode: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path).with_modes({code: mode})
    assert (caught.value.file, caught.value.where) == ("own", f"modes: {code}")


def test_a_hall_keeps_only_some_items_and_the_groups_that_hold_them() -> None:
    catalogue = NANTONG.with_items(["NT02", "NT13", "JSA04"])
    assert [item.code for item in catalogue.items] == ["NT02", "NT13", "JSA04"]
    assert [(group.code, group.items) for group in catalogue.groups] == [
        ("enrol", ("NT02",)), ("claim", ("NT13",)), ("other", ()),
    ]
    with pytest.raises(CatalogueError, match="only: NT99"):
        NANTONG.with_items(["NT99"])


def test_an_item_the_hall_gave_up_is_still_known_by_its_name() -> None:
    catalogue = NANTONG.with_items(["NT02"])
    assert catalogue.find_item("NT13") is None
    assert catalogue.known_item("NT13") == NANTONG.find_item("NT13")
    assert catalogue.known_item("NT99") is None


def test_an_item_is_known_as_the_hall_handles_it() -> None:
    catalogue = NANTONG.with_modes({"NT02": "assist"})
    assert catalogue.known_item("NT02") == catalogue.find_item("NT02")


def test_materials_are_those_always_needed_and_those_of_chosen_conditions(tmp_path: Path) -> None:
    item = own(tmp_path).items[0]
    assert item.conditions == ("newborn", "proxy")
    assert [each.name for each in item.materials_for()] == ["Card"]
    assert [each.name for each in item.materials_for(frozenset({"proxy"}))] == ["Card", "Mandate"]
    assert item.materials_for(frozenset(item.conditions)) == item.materials


def test_a_material_without_its_own_source_has_the_items(tmp_path: Path) -> None:
    assert {each.source for each in own(tmp_path).items[0].materials} == {"the hall"}


WRONG_ITEMS = [
    (('name = "First thing"\n', ""), "item X1: name", "is missing"),
    (('name = "First thing"', 'name = " "'), "item X1: name", "is empty"),
    (("seq = 1", 'seq = "1"'), "item X1: seq", "must be a whole number"),
    (("seq = 1", "seq = true"), "item X1: seq", "must be a whole number"),
    (("seq = 1", "seq = 0"), "item X1: seq", "must be 1 or more"),
    (("seq = 1", "seq = 2"), "item with seq 2: seq", "used twice"),
    (('code = "X1"', 'code = "X2"'), "item X2: code", "used twice"),
    (("limit_working_days = 0", "limit_working_days = -1"), "item X1: limit_working_days", "0 or more"),
    (("immediate = true", "immediate = 1"), "item X1: immediate", "must be true or false"),
    (('"direct"', '"directly"'), "item X1: mode", "not one of direct"),
    (('["ft", "f"]', "[]"), "item X1: initials", "lower-case"),
    (('["ft", "f"]', '["FT"]'), "item X1: initials", "lower-case"),
    (('["ft", "f"]', "[1]"), "item X1: initials", "list of texts"),
    (('"First"', '"far too long a label"'), "item X1: short", "longer than"),
    (('code = "X1"', f'code = "{"X" * 33}"'), f"item {'X' * 33}: code", "longer than 32"),
    (("limit_text", "limit_txt"), "item X1: limit_text", "is missing"),
    (("immediate = true", "immediate = true\nimediate = true"), "item X1: imediate", "unknown field"),
    (('name = "Card"', 'nme = "Card"'), "item X1, material no. 1: name", "is missing"),
    (('name = "Card"', 'name = "Card", copy = 1'), "item X1, material Card: copy", "unknown field"),
    (('name = "Card"', 'name = "Card", copies = "two"'), "item X1, material Card: copies", "whole number"),
    (("seq = 1", "seq ="), "file", "line"),
]


@pytest.mark.parametrize(("change", "where", "problem"), WRONG_ITEMS)
def test_a_wrong_item_is_named_with_file_item_and_field(
    tmp_path: Path, change: tuple[str, str], where: str, problem: str
) -> None:
    assert change[0] in ITEM
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, items=ITEM.replace(*change) + SECOND)
    assert (caught.value.file, caught.value.where) == ("items.toml", where)
    assert problem in caught.value.problem


ANOTHER = '\n[[group]]\ncode = "%s"\nletter = "%s"\nname = "Other"\nhint = "else"\nitems = []\n'
WRONG_LISTS = [
    (LIST.replace('["X1"]', '["X7"]'), "group first: items", "no item X7"),
    (LIST.replace('["X2"]', '["X7"]'), "catalogue: assist", "no item X7"),
    (LIST.replace('["X2"]', '["X1"]'), "items", "X1 is listed twice"),
    (LIST.replace('code = "first"', f'code = "{"f" * 33}"'), f"group {'f' * 33}: code", "longer than 32"),
    (LIST.replace('letter = "A"', 'letter = "a"'), "group first: letter", "one letter"),
    (LIST.replace('letter = "L"', 'letter = "LL"'), "priority: letter", "one letter"),
    (LIST.replace('letter = "A"', 'letter = "L"'), "group: letter", "L is used twice"),
    (LIST + ANOTHER % ("other", "A"), "group: letter", "A is used twice"),
    (LIST + ANOTHER % ("first", "B"), "group first: code", "used twice"),
    (LIST + "".join(ANOTHER % (letter, letter) for letter in "BCDEFG"), "group", "7 groups"),
    (LIST.replace('hint = "things"', ""), "group first: hint", "is missing"),
    (LIST.replace("[priority]", "[priorities]"), "priority", "is missing"),
    (LIST.replace("title", "titel"), "catalogue: title", "is missing"),
    (LIST.replace('title = "Own list"', 'title = "Own list"\nnote = "x"'), "catalogue: note", "unknown field"),
    (LIST + "[colours]\n", "colours", "unknown field"),
    (LIST + "[item]\n", "item", "a list of tables"),
    ("group = 1\n" + LIST.split("[[group]]")[0], "group", "a list of tables"),
    (LIST + SECOND.replace("seq = 2", "seq = 1"), "items", "two items have seq 1"),
]


@pytest.mark.parametrize(("chosen", "where", "problem"), WRONG_LISTS)
def test_a_wrong_list_is_named_with_file_place_and_field(
    tmp_path: Path, chosen: str, where: str, problem: str
) -> None:
    with pytest.raises(CatalogueError) as caught:
        own(tmp_path, chosen=chosen)
    assert (caught.value.file, caught.value.where) == ("own.toml", where)
    assert problem in caught.value.problem


def test_a_missing_file_and_one_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path / "gone.toml")
    assert (caught.value.file, caught.value.where) == ("gone.toml", "file")
    (tmp_path / "own.toml").write_bytes("标题".encode("gb18030"))
    with pytest.raises(CatalogueError, match=r"own\.toml: file"):
        load_catalogue(tmp_path / "own.toml")


@pytest.mark.parametrize("catalogue", [NANTONG, PROVINCE], ids=["nantong19", "province13"])
def test_every_item_is_found_first_by_its_number_and_its_names(catalogue: Catalogue) -> None:
    for item in catalogue.items:
        assert catalogue.find(str(item.seq))[0] is item
        assert catalogue.find(item.name)[0] is item
        assert catalogue.find(item.short)[0] is item
        assert catalogue.find(item.code)[0] is item
        assert all(item in catalogue.find(initials)[:2] for initials in item.initials)


@given(st.data())
def test_every_part_of_a_name_or_of_its_initials_finds_the_item(data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(NANTONG.items))
    text = data.draw(st.sampled_from([item.name, item.short, *item.initials]))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert item in NANTONG.find(text[start:end])


@given(st.text())
def test_find_never_fails_and_finds_no_item_twice(text: str) -> None:
    found = [item.code for item in NANTONG.find(text)]
    assert len(found) == len(set(found))


def test_find_reads_full_width_input_and_capitals_and_ranks_the_best_first() -> None:
    assert NANTONG.find("１２")[0].code == "NT12"
    assert NANTONG.find("ZYBX")[0].code == "NT14"
    assert [item.code for item in NANTONG.find("1")][:2] == ["NT01", "NT10"]
    assert {item.code for item in NANTONG.find("ydz")} == {"NT11"}
    assert NANTONG.find("zzzz") == []
    assert NANTONG.find(" ") == list(NANTONG.items)
