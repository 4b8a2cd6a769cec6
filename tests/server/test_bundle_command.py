"""From a hall's data folder over a stick into a county's database, by the commands alone."""

from datetime import UTC, datetime

import pytest

from hallapp.__main__ import main
from hallapp.app.hall import open_hall
from hallapp.domain.events import By
from hallapp.services import kiosk
from hallapp.store.opening import open_postgres
from tests.conftest import TestClock

DAY = "2024-03-05"


@pytest.fixture
def folder(tmp_path):
    """The data folder of a hall in which a number was issued long ago."""
    hall, _ = open_hall(tmp_path / "hall", TestClock(datetime(2024, 3, 5, 1, tzinfo=UTC)))
    kiosk.issue(hall, By("kiosk"), kiosk.Wish(hall.catalogue.groups[0].code))
    hall.store.close()
    return tmp_path / "hall"


@pytest.fixture
def county(database):
    open_postgres(database, "another").close()
    return database


def run(capsys, *arguments):
    status = main([str(one) for one in arguments])
    said = capsys.readouterr()
    return status, said.out + said.err


def test_a_stick_carries_a_day_to_the_county(folder, county, tmp_path, capsys):
    stick = tmp_path / "stick"
    status, said = run(capsys, "export-bundle", "--day", DAY, "--out", stick, "--data", folder)
    assert status == 0
    bundle, key = stick / f"hall-{DAY}.hallbundle", stick / "hall.hallkey"
    assert str(bundle) in said
    fingerprint = said.partition("指纹 ")[2][:19]
    refused, why = run(capsys, "import-bundle", bundle, "--url", county)
    assert (refused, "还没有登记服务厅 hall 的公钥" in why) == (1, True)
    assert fingerprint in run(capsys, "county", "trust", key, "--url", county)[1]
    assert "已导入" in run(capsys, "import-bundle", bundle, "--url", county)[1]
    assert "以前导入过，或没有新内容" in run(capsys, "import-bundle", bundle, "--url", county)[1]
    status, _ = run(capsys, "county", "report", "--url", county, "--from", DAY, "--to", DAY, "--halls", "hall",
                    "--out", tmp_path / "day.pdf")
    assert status == 0


def test_a_clock_set_back_into_a_day_handed_over_leaves_no_gap(folder, county, tmp_path, capsys):
    stick = tmp_path / "stick"
    run(capsys, "export-bundle", "--day", DAY, "--out", stick, "--data", folder)
    first = (stick / f"hall-{DAY}.hallbundle").read_bytes()
    hall, _ = open_hall(folder, TestClock(datetime(2024, 3, 5, 2, tzinfo=UTC)))
    kiosk.issue(hall, By("kiosk"), kiosk.Wish(hall.catalogue.groups[0].code))
    hall.store.close()
    for day in (DAY, "2024-03-06"):
        assert run(capsys, "export-bundle", "--day", day, "--out", stick, "--data", folder)[0] == 0
    assert (stick / f"hall-{DAY}.hallbundle").read_bytes() == first
    run(capsys, "county", "trust", stick / "hall.hallkey", "--url", county)
    for day in (DAY, "2024-03-06"):
        status, said = run(capsys, "import-bundle", stick / f"hall-{day}.hallbundle", "--url", county)
        assert (status, "已导入" in said) == (0, True)


def test_a_month_is_named_by_its_month(folder, tmp_path, capsys):
    assert run(capsys, "export-bundle", "--month", "2024-03", "--out", tmp_path / "u", "--data", folder)[0] == 0
    assert (tmp_path / "u" / "hall-2024-03.hallbundle").is_file()


@pytest.mark.parametrize(("what", "words"), [
    ("nothing.hallbundle", "nothing.hallbundle 读不出来"), ("hall.toml", "不是数据包")])
def test_a_file_that_is_none_is_refused_in_a_sentence(folder, county, capsys, what, words):
    status, said = run(capsys, "import-bundle", folder / what, "--url", county)
    assert status == 1
    assert words in said


@pytest.mark.parametrize(("what", "words"), [
    ("hall.toml", "不是服务厅的公钥文件"), ("nothing.hallkey", "读不出来，没有登记"), (".", "读不出来，没有登记")])
def test_a_key_file_that_is_none_is_refused(folder, county, capsys, what, words):
    status, said = run(capsys, "county", "trust", folder / what, "--url", county)
    assert (status, words in said) == (1, True)
