"""What is shipped as data: whole, licensed, readable by every reader, and nothing unsourced for a citizen."""

import math
import string
import struct
import wave
from array import array
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QIcon
from reportlab.pdfbase.ttfonts import TTFontFace

from hallapp import paths
from hallapp.documents import wording
from hallapp.domain.catalogue import Catalogue, Mode
from hallapp.domain.catalogue_file import load_catalogue
from hallapp.domain.handling import Outcome
from hallapp.domain.rating import CODES, Level
from hallapp.ui import rating_words

RESOURCES = paths.resources()
LISTS = {code: load_catalogue(RESOURCES / "catalogues" / f"{code}.toml") for code in ("nantong19", "province13")}
CLIPS = ["ding", "qing", "dao", "hao", "hao-chuangkou", "banli", "yao", "shi",
         *string.digits, *string.ascii_uppercase]


def test_the_data_folder_is_named_and_not_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    assert paths.default_data_folder() == tmp_path / "hallapp"
    assert list(tmp_path.iterdir()) == []


# Fonts


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_the_fonts_are_static_truetype_with_every_character_of_the_program(weight: str) -> None:
    path = RESOURCES / "fonts" / f"NotoSansSC-{weight}.ttf"
    head = path.read_bytes()[: 12 + 16 * 64]
    tables = {struct.unpack_from("4s", head, 12 + 16 * at)[0] for at in range(struct.unpack_from(">H", head, 4)[0])}
    assert head[:4] == b"\0\1\0\0"
    assert {b"glyf", b"loca"} <= tables
    assert not {b"CFF ", b"fvar"} & tables
    glyphs = TTFontFace(str(path)).charToGlyph
    assert sorted({character for character in _written() if ord(character) not in glyphs}) == []


def _written() -> set[str]:
    """Every character of the catalogues and of the program's own texts."""
    data = [*(RESOURCES / "catalogues").glob("*.toml"), *(RESOURCES / "ratings").glob("*.toml")]
    texts = [*data, *Path(paths.__file__).parent.rglob("*.py")]
    return {each for path in texts for each in path.read_text(encoding="utf-8") if each.isprintable()}


def test_the_font_licence_names_its_holder() -> None:
    licence = (RESOURCES / "fonts" / "OFL.txt").read_text(encoding="utf-8")
    assert "Adobe" in licence.splitlines()[0]
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


# Ratings


def test_every_official_reason_has_its_text_and_no_other_has() -> None:
    texts = rating_words.reasons()
    assert list(texts) == [code for codes in CODES.values() for code in codes]
    assert all(text.strip() == text and text for text in texts.values())
    assert len(set(texts.values())) == len(texts)
    assert "source = " in (RESOURCES / "ratings" / "reasons.toml").read_text(encoding="utf-8")


def test_screen_and_paper_have_a_word_for_each_level_and_outcome_in_their_order() -> None:
    assert list(wording.LEVELS) == list(Level)
    assert list(wording.OUTCOMES) == list(Outcome)  # as the counter's keys 1 to 8


# Sounds


def test_every_word_digit_and_letter_has_its_clip_and_the_table_names_it() -> None:
    assert {path.stem for path in (RESOURCES / "sounds").glob("*.wav")} == set(CLIPS)
    readme = (RESOURCES / "sounds" / "README.md").read_text(encoding="utf-8")
    for clip in CLIPS:
        assert len(clip) == 1 or f"`{clip}.wav`" in readme
    assert "GPL-3" in readme


def level(samples):
    """Root mean square of the blocks of 10 ms in which something is heard."""
    squares = [sum(sample * sample for sample in samples[at : at + 220]) / 220
               for at in range(0, len(samples) - 220, 220)]
    heard = [square for square in squares if square > (0.03 * 32767) ** 2]
    return math.sqrt(sum(heard) / len(heard))


@pytest.mark.parametrize("clip", CLIPS)
def test_a_clip_is_sound_of_the_right_format_without_clipping_or_silent_ends(clip: str) -> None:
    with wave.open(str(RESOURCES / "sounds" / f"{clip}.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22050)
        samples = array("h", file.readframes(file.getnframes()))
    seconds, peak = len(samples) / 22050, max(map(abs, samples))
    energy = math.sqrt(sum(sample * sample for sample in samples) / len(samples)) / 32768
    assert 0.2 < seconds < 1.5
    assert 20 * math.log10(peak / 32768) < -0.4
    assert abs(20 * math.log10(level(samples) / 32768) + 16.5) < 0.2, "not as loud as the others"
    assert energy > 0.08
    for end in (samples[:1200], samples[-1200:]):  # 54 ms
        assert max(map(abs, end)) > peak * 0.01
    assert samples[0] == samples[-1] == 0


def test_the_clips_are_small() -> None:
    assert sum(path.stat().st_size for path in (RESOURCES / "sounds").glob("*.wav")) < 2_000_000


def test_digits_and_letters_do_not_sound_the_same() -> None:
    spoken = {clip: (RESOURCES / "sounds" / f"{clip}.wav").read_bytes() for clip in CLIPS}
    assert len(set(spoken.values())) == len(CLIPS)


# Icons


def test_the_icon_is_there_as_drawing_and_as_picture() -> None:
    with Image.open(RESOURCES / "icons" / "app.png") as picture:
        assert picture.size == (256, 256)
        assert picture.convert("RGB").getpixel((30, 128)) == (0x0B, 0x4F, 0x8A)
    assert "#0B4F8A" in (RESOURCES / "icons" / "app.svg").read_text(encoding="utf-8")


def test_every_business_of_the_lists_and_the_priority_lane_has_its_picture(qapp) -> None:
    groups = {f"group-{group.code}" for catalogue in LISTS.values() for group in catalogue.groups}
    for name in groups | {"priority", "appointment"}:
        assert not QIcon(str(RESOURCES / "icons" / f"{name}.svg")).pixmap(96, 96).isNull(), name


# Catalogues


def test_the_lists_hold_19_and_13_items_and_hand_on_the_rest_of_the_30() -> None:
    counts = {}
    for code, catalogue in LISTS.items():
        listed = {item for group in catalogue.groups for item in group.items}
        assisted = {item.code for item in catalogue.items if item.mode is Mode.ASSIST}
        assert not listed & assisted
        counts[code] = (len(listed), len(assisted))
    assert counts == {"nantong19": (19, 12), "province13": (13, 17)}


def test_both_lists_use_every_shipped_item() -> None:
    shipped = (RESOURCES / "catalogues" / "items.toml").read_text(encoding="utf-8").count("\n[[item]]\n")
    assert len({item.code for catalogue in LISTS.values() for item in catalogue.items}) == shipped == 32


def test_the_thirteen_are_the_immediate_ones() -> None:
    assert sum(item.immediate for item in LISTS["province13"].items) == 13
    assert sum(item.immediate for item in LISTS["nantong19"].items) == 12


@pytest.mark.parametrize("catalogue", LISTS.values(), ids=LISTS.keys())
def test_a_list_tells_staff_it_is_unconfirmed_and_its_last_group_is_for_questions(catalogue: Catalogue) -> None:
    assert "待本厅确认" in catalogue.confirm
    assert catalogue.priority_letter == "L"
    assert [group.letter for group in catalogue.groups] == list("ABCDEF"[: len(catalogue.groups)])
    assert catalogue.groups[-1].items == ()
    assert catalogue.groups[-1].name == "咨询与其他"


# Places that a source names, or that the material's own name leaves no choice of.
SOURCED_PLACES = {"", "就诊医院", "公检法部门", "人社部门", "相关主管部门", "相关行政主管部门",
                  "转出地医保经办机构", "具有转诊资质的参保地定点医疗机构"}


@pytest.mark.parametrize("catalogue", LISTS.values(), ids=LISTS.keys())
def test_nothing_unsourced_reaches_a_citizen(catalogue: Catalogue) -> None:
    for item in catalogue.items:
        assert item.source
        shown = [item.name, item.limit_text, *item.basis]
        for each in item.materials:
            assert each.source
            assert each.copies == 0, "no source states a number of copies"
            assert not each.original or "原件" in each.name
            assert each.where in SOURCED_PLACES
            assert each.required or "承诺书" in each.notes
            shown += [each.name, each.condition, each.where, each.notes]
        for text in shown:
            assert not any(mark in text for mark in ("unverified", "未核实", "待补充", "found", "大厅领取", "（F"))


def test_care_insurance_has_no_limit_and_no_materials_because_none_were_found() -> None:
    for code in ("NT18", "NT19"):
        item = LISTS["nantong19"].find_item(code)
        assert item is not None
        assert item.limit_working_days is None
        assert item.materials == ()


def test_every_other_item_has_its_limit_basis_and_materials() -> None:
    for catalogue in LISTS.values():
        for item in catalogue.items:
            if item.code not in {"NT18", "NT19"}:
                assert item.limit_working_days is not None
                assert item.basis
                assert item.materials
                assert len(item.initials) == 2
                assert (item.limit_working_days == 0) == item.on_the_spot
