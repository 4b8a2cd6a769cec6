"""Files for people: whole or not at all."""

import os
from pathlib import Path

import pytest

from hallapp.domain.errors import Misplaced
from hallapp.services.files import save_file


def test_a_program_that_is_stopped_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = save_file(b"old", tmp_path / "report.pdf")

    def stopped(_half, _file):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        save_file(b"new", file)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("report.pdf", b"old")]


def test_the_bytes_are_on_the_disk_before_the_name_is_there(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda _file: synced.extend(
        (one.name == "a.hallbundle", one.read_bytes()) for one in tmp_path.iterdir()))
    save_file(b"all of it", tmp_path / "a.hallbundle")
    assert synced == [(False, b"all of it")]


@pytest.mark.parametrize("place", ["none/report.pdf", "file/report.pdf", "folder"])
def test_where_no_file_can_be_it_is_said(tmp_path, place):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(Misplaced):
        save_file(b"new", tmp_path / place)
