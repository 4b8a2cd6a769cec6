"""``hallapp county`` against a real server."""

import io
import os
import re
import subprocess
import sys
from urllib.parse import unquote

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hallapp.__main__ import main
from hallapp.app.address import address as address_of
from hallapp.services.bundle_file import HallKey
from hallapp.store.county import halls
from hallapp.store.db import reading
from hallapp.store.opening import open_county, open_postgres
from hallapp.store.rights import RoleKind
from tests.roles import served  # noqa: F401

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


def test_the_countys_role_reports_and_trusts_and_imports_nothing(served, tmp_path, capsys):  # noqa: F811
    address = served.address(RoleKind.COUNTY)
    report = ["county", "report", "--url", address, *PERIOD, "--out", str(tmp_path / "november.xlsx")]
    assert main(report) == 0
    book = openpyxl.load_workbook(tmp_path / "november.xlsx")
    assert [row[1].value for row in book["未报送"].iter_rows(min_row=2)] == [served.ours, served.theirs]
    key = HallKey(served.ours, "大厅", Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    (tmp_path / "hall.hallkey").write_text(key.text(), encoding="utf-8")
    capsys.readouterr()
    assert main(["county", "trust", str(tmp_path / "hall.hallkey"), "--url", address]) == 1
    assert "没有所有者的权限，没有改动" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="a terminal of its own")
def test_a_password_that_the_address_lacks_is_asked_for_at_a_terminal(served, tmp_path):  # noqa: F811
    address = served.address(RoleKind.COUNTY)
    bare, secret = re.sub(r":[^:@/]+@", "@", address), unquote(re.search(r"[^/]:([^:@/]+)@", address)[1])
    ours, theirs = os.openpty()
    home = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-m", "hallapp", "county", "report", "--url", bare, *PERIOD, "--out",
                           str(tmp_path / "november.pdf")], stdin=theirs, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, start_new_session=True, env=home, text=True) as asking:
        asked = ""
        while not asked.endswith("口令："):  # what is typed before it asks is thrown away
            asked += asking.stderr.read(1) or pytest.fail(asked)
        os.write(ours, f"{secret}\n".encode())
        out, said = asking.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert asking.returncode == 0, said
    assert secret not in out + said
    assert (tmp_path / "november.pdf").is_file()


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d", "postgresql://u@h/d?passfile=/x", "postgresql://h/d", "x"])
def test_an_address_with_all_it_needs_stays_as_it_is(url, tmp_path):
    assert address_of(url, tmp_path) == url


def test_without_an_address_the_pcs_own_server_is_meant(tmp_path, capsys):
    report = ["county", "report", *PERIOD, "--folder", str(tmp_path / "none"), "--out", str(tmp_path / "x.pdf")]
    assert main(report) == 1
    assert f"{tmp_path / 'none'} 里没有数据库" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d?sha256=ab", "http://h/d"])
def test_an_address_that_is_none_is_told(url, tmp_path, capsys):
    assert main(["county", "report", "--url", url, *PERIOD, "--out", str(tmp_path / "x.pdf")]) == 1
    assert "数据库地址不对" in capsys.readouterr().err


def test_a_county_without_a_hall_has_a_report_that_says_so(database, tmp_path):
    for name in ("november.pdf", "november.xlsx"):
        assert main(["county", "report", "--url", database, *PERIOD, "--out", str(tmp_path / name)]) == 0
    values = dict(openpyxl.load_workbook(tmp_path / "november.xlsx")["汇总"].iter_rows(values_only=True))
    assert (values["服务厅数"], values["人次"], values["结论"]) == (0, 0, "无即时件")


def test_reading_a_county_makes_no_hall(postgres_url, county):
    store = open_county(postgres_url)
    with reading(store) as db:
        before = {one.hall_id for one in halls(db)}
    store.close()
    assert "" not in before
    assert "county-test" in before
