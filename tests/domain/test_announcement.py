"""What is spoken: the clips of a call."""

from __future__ import annotations

import pytest

from hallapp import paths
from hallapp.domain.announcement import CHIME, clips


def test_a_call_is_a_whole_sentence_with_the_digits_one_by_one():
    assert " ".join(clips("A012", 3, yao=True)) == "qing A 0 yao 2 hao dao 3 hao-chuangkou banli"


def test_without_yao_a_one_is_one():
    assert " ".join(clips("L101", 2, yao=False)) == "qing L 1 0 1 hao dao 2 hao-chuangkou banli"


@pytest.mark.parametrize(("window", "spoken"), [
    (1, "1"), (9, "9"), (10, "shi"), (11, "shi 1"), (12, "shi 2"), (20, "2 shi"), (21, "2 shi 1"), (99, "9 shi 9"),
    (101, "1 0 1"),
])
def test_a_window_is_spoken_as_one_counts_and_its_one_is_never_yao(window, spoken):
    assert f" dao {spoken} hao-chuangkou " in " ".join(clips("A002", window, yao=True))


def test_letters_are_spoken_in_either_case_and_signs_without_a_clip_are_not():
    assert clips("a-02", 1, yao=True) == clips("A02", 1, yao=True)


def test_every_clip_a_call_can_need_is_shipped():
    shipped = {file.stem for file in (paths.resources() / "sounds").glob("*.wav")}
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for yao in (True, False):
        for window in range(1, 100):
            assert shipped.issuperset(clips(letters + "0123456789", window, yao))
    assert CHIME in shipped
