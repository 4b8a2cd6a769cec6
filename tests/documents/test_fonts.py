"""Which characters no slip and no report can print."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from hallapp.documents.fonts import font_file, lacking


@pytest.mark.parametrize(("text", "chars"), [
    ("", ""), ("王芳", ""), ("欧阳建国 0312", ""), ("㛃䶮𬭎", ""), ("𠮷", "𠮷"), ("甲𠮷乙𠮷\U0001f600", "𠮷\U0001f600"),
])
def test_what_cannot_be_printed_is_named_once(text, chars):
    assert lacking(text) == chars


def same_in_normal_form(char):
    """A compatibility ideograph is drawn on a slip as the common one it stands for; in a PDF it leaves a box."""
    return normalize("NFC", char) == char


@given(st.characters(min_codepoint=0x3400, max_codepoint=0x323AF, categories=["Lo"]).filter(same_in_normal_form))
def test_a_character_is_lacking_where_the_typeface_draws_the_box_of_what_it_lacks(char):
    font = ImageFont.truetype(str(font_file()), 24)
    box = bytes(font.getmask("\U0010ffff"))
    assert (char in lacking(char)) == (bytes(font.getmask(char)) == box)
