"""``hallapp county`` against a real server."""

import io

import openpyxl
import pytest

from hallapp.__main__ import main
from hallapp.store.county import hall_ids
from hallapp.store.db import reading
from hallapp.store.opening import open_county, open_postgres

PERIOD = ["--from", "2026-11-01", "--to", "2026-11-30"]


@pytest.fixture
def county(postgres_url):
    """``county(*arguments)``: ``hallapp county report`` of the test server."""
    open_postgres(postgres_url, "county-test").close()
    return lambda *arguments: main(["county", "report", "--url", postgres_url, *arguments])


def test_the_ending_of_the_name_decides_what_is_written(county, tmp_path, capsys):
    for name in ("november.pdf", "november.xlsx"):
        assert county(*PERIOD, "--halls", "county-test", "--out", str(tmp_path / name)) == 0
    assert (tmp_path / "november.pdf").read_bytes().startswith(b"%PDF")
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "november.xlsx").read_bytes()))
    assert [cell.value for cell in book["未报送"][2]] == ["county-test", "county-test", "从未有记录", "联网"]
    assert "报表已保存" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "words"), [
    ([*PERIOD, "--halls", "nowhere", "--out", "x.pdf"], "没有这些服务厅：nowhere"),
    ([*PERIOD, "--out", "x.doc"], ".pdf 或 .xlsx"),
    (["--from", "2026-11-30", "--to", "2026-11-01", "--out", "x.pdf"], "起始日期 2026-11-30 晚于截止日期 2026-11-01"),
])
def test_a_wrong_wish_is_one_sentence(county, tmp_path, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    assert county(*arguments) == 1
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_reading_a_county_makes_no_hall(postgres_url, county):
    store = open_county(postgres_url)
    with reading(store) as db:
        before = hall_ids(db)
    store.close()
    assert "" not in before
    assert "county-test" in before
