"""A hall with more businesses than the kiosk's first page holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from hallapp import paths
from hallapp.ui.kiosk.parts import picture


@pytest.fixture
def catalogue(catalogue):
    more = tuple(replace(catalogue.groups[-1], code=f"more{place}", name=f"其他业务{place}", letter=letter)
                 for place, letter in enumerate("XY"))
    return replace(catalogue, groups=catalogue.groups + more)


def test_the_others_are_one_tap_away(kiosk):
    assert len([each for each in kiosk.view.page.findChildren(QPushButton) if "group-" in each.objectName()]) == 5
    kiosk.tap("more-groups")
    kiosk.tap("group-more1")
    assert kiosk.says("number") == "Y001"


def test_the_way_to_the_others_leads_round_to_the_first(kiosk):
    kiosk.tap("more-groups")
    kiosk.tap("more-groups")
    assert kiosk.button("group-enrol").isVisible()


def test_whoever_leaves_the_second_page_leaves_the_first_to_the_next(kiosk):
    kiosk.tap("more-groups")
    kiosk.let_time_run_out(kiosk.view.page._turned)
    assert kiosk.button("group-enrol").isVisible()


def test_a_picture_is_read_once(themed, monkeypatch, tmp_path):
    first = picture("priority", 40, 1.0)
    assert not first.isNull()
    monkeypatch.setattr(paths, "resources", lambda: tmp_path)
    assert picture("priority", 40, 1.0).cacheKey() == first.cacheKey()
