"""Another PC joins the hall's server."""

import codecs
import contextlib
import io
import stat
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.app.hall import open_hall
from hallapp.app.join import _fit, _write, run_join
from hallapp.config import read_config
from hallapp.domain.errors import BadInput, ServerFailed, StoreAway, StoreTooOld
from hallapp.domain.events import By
from hallapp.domain.upkeep import HallClosed, HallUnknown
from hallapp.server.cluster import free_port
from hallapp.server.join_code import JoinCode, parse
from hallapp.services import kiosk
from hallapp.services.hall import look
from hallapp.store import halls, queue
from hallapp.store.bounded import Bounded, by_environment, connection_settings
from hallapp.store.server_check import ServerCheck, check_server
from hallapp.ui.startup import startup_sentence
from tests.conftest import TestClock
from tests.roles import pc_at_work
from tests.test_app import OPENED

GOOD = ServerCheck("18.1", new_enough=True, clock_seconds=0.2, lacking=(), halls={})


@pytest.fixture
def code(cluster):
    return cluster.join_code("127.0.0.1")


def test_two_pcs_share_one_hall(cluster, code, password, tmp_path, capsys):
    halls = []
    for name in ("first", "Zhang San+100% 张三"):  # as the names of Windows' users stand in their data folders
        folder = tmp_path / name
        assert run_join(folder, code.text(), None, password) == 0
        halls.append(open_hall(folder)[0])
    numbers = [kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket.number for hall in (*halls, *halls)]
    assert numbers == ["A001", "A002", "A003", "A004"]
    for hall in halls:
        hall.store.close()
    assert password not in capsys.readouterr().out


def test_files_with_chinese_in_their_path_are_named_in_the_environment(code, password, tmp_path, monkeypatch):
    """As on Windows, whose libpq does not find them by an address."""
    folder = tmp_path / "张三"
    run_join(folder, code.text(), None, password)
    settings = connection_settings(read_config(folder / "hall.toml", folder).store_url, 60.0)
    told = by_environment(settings)
    assert told == {"PGSSLROOTCERT": str(folder / "server.crt"), "PGPASSFILE": str(folder / "pgpass")}
    assert not settings.keys() & {"sslrootcert", "passfile"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    with Bounded.connect(**settings) as db:
        assert db.execute("SELECT 1").fetchone() == (1,)


def test_plain_paths_stay_in_the_address():
    settings = connection_settings("postgresql://hall@h/hall?sslrootcert=C%3A%5Chall%201%5Cserver.crt", 60.0)
    assert by_environment(settings) == {}
    assert settings["sslrootcert"] == "C:\\hall 1\\server.crt"


def test_what_must_differ_between_pcs_and_what_must_not_is_said(code, password, tmp_path, capsys):
    run_join(tmp_path, code.text(), None, password)
    told = capsys.readouterr().out
    assert f"本机叫 {read_config(tmp_path / 'hall.toml', tmp_path).pc}（各台要不同" in told
    assert "窗口、事项、规则和预约各台要写得一样" in told


def test_a_pc_of_another_ones_name_is_told_so_as_it_joins(code, password, tmp_path, capsys):
    run_join(tmp_path, code.text(), None, password)
    config = read_config(tmp_path / "hall.toml", tmp_path)
    assert "也叫" not in capsys.readouterr().out
    with pc_at_work(config.store_url, config.info.id, config.pc):
        assert run_join(tmp_path, code.text(), None, password) == 0
    assert f"另一台电脑也叫“{config.pc}”" in capsys.readouterr().out


def test_a_pc_that_joins_with_the_first_ones_settings_keeps_them(code, password, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    run_join(first, code.text(), None, password)
    text = (first / "hall.toml").read_text(encoding="utf-8").replace("number = 3", "number = 7")
    second.mkdir()
    (second / "hall.toml").write_text(text, encoding="utf-8")
    run_join(second, code.text(), None, password)
    joined = read_config(second / "hall.toml", second)
    assert joined.windows[-1].number == 7
    assert "second" in joined.store_url
    assert "first" not in joined.store_url


def test_the_password_is_in_a_file_of_its_own_that_nobody_else_reads(code, password, tmp_path):
    run_join(tmp_path, code.text(), None, password)
    assert password not in (tmp_path / "hall.toml").read_text()
    assert stat.S_IMODE((tmp_path / "pgpass").stat().st_mode) == 0o600
    assert "sslmode=verify-ca" in read_config(tmp_path / "hall.toml", tmp_path).store_url


def test_hall_tomls_other_lines_and_comments_stay(code, password, tmp_path):
    run_join(tmp_path, code.text(), None, password)
    before = (tmp_path / "hall.toml").read_text()
    run_join(tmp_path, code.text(), None, password)
    assert (tmp_path / "hall.toml").read_text() == before
    assert before.startswith("# 本厅配置")
    assert before.count("\n[store]\n") == 1


@pytest.mark.parametrize("own", [
    "", '[store]\n', '[store]   # 数据库\n# 口令另存\nurl = "postgresql://a@old/hall"   # 旧的\n', "[store]\nurl = 'postgresql://a@old/hall'"])
@pytest.mark.parametrize("behind", [
    "", '\n# 备份盘\n# [backup]\n# folder = "E:"\n', "\n[voice]\nenabled = false  # 不要\n"])
def test_only_the_address_in_the_stores_section_is_changed(tmp_path, own, behind):
    file = tmp_path / "hall.toml"
    before = f'[hall]\nid = "old"\nname = "大厅"\n{own}\n{behind}'
    file.write_text(before, encoding="utf-8")
    _write(file, "postgresql://new@[::1]:5432/hall", "new", "")
    after = file.read_text(encoding="utf-8")
    assert tomllib.loads(after) == {
        **tomllib.loads(before), "hall": {"id": "new", "name": "大厅"}, "store": {"url": "postgresql://new@[::1]:5432/hall"}}
    assert [line.partition("#")[1:] for line in after.splitlines() if "#" in line] == [
        line.partition("#")[1:] for line in before.splitlines() if "#" in line], "comments stay comments"


def test_line_ends_and_the_mark_in_front_stay_as_notepad_wrote_them(tmp_path):
    file = tmp_path / "hall.toml"
    file.write_bytes(codecs.BOM_UTF8 + "[hall]\r\nid = \"here\"\r\nname = \"上冈镇\"\r\n".encode())
    _write(file, "postgresql://desk@10.0.0.1:5432/hall", "there", "")
    after = file.read_bytes()
    assert after.startswith(codecs.BOM_UTF8 + b'[hall]\r\nid = "there"\r\n')
    assert b"postgresql://desk@10.0.0.1:5432/hall" in after
    assert after.count(b"\n") == after.count(b"\r\n")


@pytest.mark.parametrize(("change", "what"), [({"fingerprint": "0" * 64}, "other"), ({"port": 1}, "reach")])
def test_another_server_or_none_is_told_before_anything_is_sent_to_it(code, tmp_path, change, what):
    other = JoinCode(**{name: getattr(code, name) for name in JoinCode.__dataclass_fields__} | change)
    with pytest.raises(ServerFailed) as refused:
        run_join(tmp_path, other.text(), None, "secret")
    assert refused.value.what == what
    assert not (tmp_path / "pgpass").exists()
    assert "[store]\nurl" not in (tmp_path / "hall.toml").read_text()


def test_a_wrong_password_leaves_a_pc_as_it_was_and_is_told(code, tmp_path):
    with pytest.raises(ServerFailed) as refused:
        run_join(tmp_path, code.text(), None, "wrong")
    assert (refused.value.what, "password authentication failed" in refused.value.why) == ("login", True)
    assert "请核对口令" in startup_sentence(refused.value)
    assert "\n" not in startup_sentence(refused.value)
    assert [one.name for one in tmp_path.iterdir()] == ["hall.toml"]
    assert read_config(tmp_path / "hall.toml", tmp_path).store_url == ""


def test_a_pc_that_works_goes_on_working_when_joining_anew_goes_wrong(code, halls_roles, password, tmp_path):
    run_join(tmp_path, code.text(), "hall", password)
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    desk, secret = halls_roles["desk"]
    with pytest.raises(ServerFailed):
        run_join(tmp_path, desk.text(), None, "mistyped")
    with pytest.raises(HallUnknown):
        run_join(tmp_path, desk.text(), "elsewhere", secret)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_where_nobody_can_type_a_password_it_is_said(code, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(BadInput) as refused:
        run_join(tmp_path, code.text(), None)
    assert "没有输入口令" in startup_sentence(refused.value)


def test_a_script_may_hand_the_password_over(code, password, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert run_join(tmp_path, code.text(), None) == 0
    said = capsys.readouterr()
    assert password not in said.out + said.err


def test_the_clocks_are_compared(cluster, password):
    url = cluster.url("127.0.0.1").replace("hall@", f"hall:{password}@")
    assert abs(check_server(url, datetime.now(UTC)).clock_seconds) < 5
    late = check_server(url, datetime.now(UTC) - timedelta(minutes=10))
    assert -605 < late.clock_seconds < -595


@pytest.mark.parametrize(("found", "kind", "what"), [
    ({"new_enough": False}, StoreTooOld, None), ({"clock_seconds": -31.0}, ServerFailed, "clock"),
    ({"lacking": ("ticket INSERT",)}, ServerFailed, "rights"),
    ({"halls": {"a": None, "b": None, "hall": date(2026, 11, 23)}}, ServerFailed, "which"),
    ({"halls": {}, "owner": False}, HallUnknown, None), ({"halls": {"hall": date(2026, 11, 23)}}, HallClosed, None),
])
def test_a_server_that_will_not_do_is_refused_with_its_reason(found, kind, what):
    values = {name: getattr(GOOD, name) for name in ServerCheck.__dataclass_fields__} | found
    with pytest.raises(kind) as refused:
        _fit(ServerCheck(**values), None, "hall", JoinCode("hall", "h", 1, "hall"))
    assert getattr(refused.value, "what", None) == what


@pytest.mark.parametrize(("halls", "asked", "chosen"), [
    ((), None, "hall"), (("shanggang",), None, "shanggang"), (("a", "hall"), None, "hall"), (("a", "b"), "b", "b"),
])
def test_the_hall_is_the_servers_only_one_or_ones_own_or_the_one_asked_for(halls, asked, chosen):
    found = replace(GOOD, halls=dict.fromkeys(halls))
    assert _fit(found, asked, "hall", JoinCode("hall", "h", 1, "hall")) == chosen


@pytest.mark.parametrize("text", ["", "hall", "mysql://hall@h/hall", "postgresql://h/hall", "postgresql://u@/hall",
                                  "postgresql://u:secret@h/hall", "postgresql://u@h/", "postgresql://u@h:x/hall",
                                  "postgresql://u@h/hall?sha256=12", "postgresql://u@h:99999/hall"])
def test_a_code_that_cannot_be_is_refused(text):
    with pytest.raises(BadInput):
        parse(text)


@pytest.fixture
def halls_roles(cluster):
    """The codes of a hall's two roles and their passwords, by kind."""
    hall_id = f"h_{uuid4().hex[:12]}-1"
    made = {role.kind: role for role in halls.add_hall(cluster.owner_url(), hall_id, "上冈镇为民服务中心")}
    yield {kind: (replace(cluster.join_code("127.0.0.1"), role=role.role, hall=hall_id), role.password)
           for kind, role in made.items()}
    halls.close_hall(cluster.owner_url(), hall_id, date(2026, 11, 23))


def test_kiosk_and_counter_of_a_hall_join_each_with_its_own_role(halls_roles, tmp_path):
    numbers = []
    for kind, (code, secret) in halls_roles.items():
        assert run_join(tmp_path / kind, code.text(), None, secret) == 0
        config = read_config(tmp_path / kind / "hall.toml", tmp_path / kind)
        assert (config.info.id, config.info.name) == (code.hall, "上冈镇为民服务中心")
        assert f"{code.hall}_{kind}@" in config.store_url
        hall, _ = open_hall(tmp_path / kind)
        numbers.append(kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket.number)
        hall.store.close()
    assert numbers == ["A001", "A002"]


def test_a_password_file_serves_both_addresses_of_a_server_and_its_standby(code, password, tmp_path):
    """As the README tells it for a standby; nobody is at the first address."""
    run_join(tmp_path, code.text(), "hall", password)
    toml, kept, off = tmp_path / "hall.toml", tmp_path / "pgpass", free_port()
    both = f"@127.0.0.1:{off},127.0.0.1:{code.port}/"
    toml.write_text(toml.read_text(encoding="utf-8").replace(f"@127.0.0.1:{code.port}/", both), encoding="utf-8")
    line = kept.read_text()
    kept.write_text(line.replace(f":{code.port}:", f":{off}:"))
    with pytest.raises(StoreAway, match="password"):
        open_hall(tmp_path)
    kept.write_text(line.replace(f":{code.port}:", f":{off}:") + line)
    hall, _ = open_hall(tmp_path)
    assert f"{off},127.0.0.1:{code.port}" in hall.store.where
    assert password not in hall.store.where
    hall.store.close()


def test_each_stations_program_starts_under_its_role_and_the_counters_closes_old_days(halls_roles, tmp_path):
    code, secret = halls_roles["desk"]
    run_join(tmp_path / "desk", code.text(), None, secret)
    run_join(tmp_path / "kiosk", halls_roles["kiosk"][0].text(), None, halls_roles["kiosk"][1])
    hall, _ = open_hall(tmp_path / "desk", TestClock(datetime(2020, 1, 1, tzinfo=UTC)))
    ticket = kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol")).ticket
    states = []
    for kind, command in (("kiosk", "kiosk"), ("kiosk", "board"), ("desk", "counter")):
        ran = subprocess.run([sys.executable, "-c", OPENED, str(tmp_path / kind), command], capture_output=True,
                             text=True, timeout=60, check=False)
        assert "Window" in ran.stdout or "Shell" in ran.stdout, ran.stderr
        with look(hall) as db:
            states.append(queue.ticket(db, hall.id, ticket.id).state)
    assert states == ["waiting", "waiting", "abandoned"]
    hall.store.close()


def test_a_role_is_told_if_it_joins_another_hall_or_a_closed_one(halls_roles, cluster, tmp_path):
    code, secret = halls_roles["kiosk"]
    with pytest.raises(HallUnknown) as unknown:
        run_join(tmp_path, code.text(), "elsewhere", secret)
    assert unknown.value.why == "elsewhere"
    halls.close_hall(cluster.owner_url(), code.hall, date(2026, 11, 23))
    with pytest.raises(HallClosed):
        run_join(tmp_path, code.text(), None, secret)
    assert read_config(tmp_path / "hall.toml", tmp_path).store_url == ""


def test_missing_rights_are_told_by_name(halls_roles, cluster, tmp_path):
    code, _ = halls_roles["kiosk"]
    county = halls.add_county(cluster.owner_url())
    with pytest.raises(ServerFailed) as refused:
        run_join(tmp_path, replace(code, role=county.role).text(), None, county.password)
    assert refused.value.why == f"{county.role}：event INSERT、ticket INSERT、print_job INSERT、hall UPDATE"
    assert "缺少权限（" in startup_sentence(refused.value)


@given(st.builds(JoinCode, st.just("hall"), st.sampled_from(["192.168.1.10", "hall-server"]), st.integers(1, 65535),
                 st.just("hall"), st.sampled_from(["", "a1" * 32]), st.sampled_from(["", "shanggang-2"])))
def test_a_code_is_read_as_it_was_written(code):
    assert parse(code.text()) == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_refused(text):
    with contextlib.suppress(BadInput):
        assert parse(text).host
