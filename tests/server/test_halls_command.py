"""``hallapp halls`` as people type it, and the codes it shows."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest
import zxingcpp
from PIL import Image

from hallapp.app.halls import run_halls, show_code
from hallapp.app.server import run_server
from hallapp.domain.county import CountyRefused
from hallapp.domain.errors import BadInput, ServerFailed, StoreReadOnly
from hallapp.server.cluster import Cluster, free_port
from hallapp.server.join_code import JoinCode, code_of, parse
from hallapp.server.service import halt, launch
from hallapp.store.halls import close_hall, halls
from hallapp.ui.startup import startup_sentence


@pytest.fixture(scope="module")
def cluster(server_folder):
    """A server of these tests' own: their halls are no other tests' business."""
    made = Cluster(server_folder / "halls")
    made.init(datetime.now(UTC), port=free_port())
    launch(made)
    yield made
    halt(made)


CODE = JoinCode("shanggang_kiosk", "192.168.1.10", 5432, "hall", "a1" * 32, "shanggang")


def test_a_hall_is_added_listed_and_closed(cluster, tmp_path, capsys):
    assert run_halls("add", "", cluster.folder, "shanggang", "上冈镇为民服务中心", tmp_path) == 0
    added = capsys.readouterr().out
    lines = [line for line in added.splitlines() if line.startswith("hallapp join")]
    codes = [parse(line.split('"')[1]) for line in lines]
    assert codes == [replace(cluster.join_code("127.0.0.1"), role=f"shanggang_{kind}", hall="shanggang")
                     for kind in ("desk", "kiosk")]
    for code in codes:
        [read] = zxingcpp.read_barcodes(Image.open(tmp_path / f"{code.role}.png"))
        assert parse(read.text) == code
    run_halls("list", "", cluster.folder, "", "", None)
    listed = capsys.readouterr().out
    assert "shanggang　上冈镇为民服务中心　事件 0 条　数据库用户：shanggang_desk、shanggang_kiosk" in listed
    run_halls("close", "", cluster.folder, "shanggang", "", None)
    run_halls("list", "", cluster.folder, "", "", None)
    assert "停用　数据库用户" in capsys.readouterr().out


def test_the_county_gets_a_role_of_its_own_by_an_address_too(cluster, capsys):
    for url in ("", cluster.owner_url()):
        run_halls("county", url, cluster.folder, "", "", None)
        shown = capsys.readouterr().out
        [line] = [line for line in shown.splitlines() if line.startswith("hallapp county report --url")]
        assert cluster.password_file.read_text() not in shown
        [secret] = [one.removeprefix("口令：").split("　")[0] for one in shown.splitlines() if one.startswith("口令：")]
        address = line.split('"')[1]
        if not url:  # past the front there is no certificate
            assert "server.crt 复制" in shown
            address = address.replace("sslrootcert=server.crt", f"sslrootcert={cluster.folder}/server.crt")
        with psycopg.connect(address.replace("@", f":{secret}@")) as db:
            assert db.execute("SELECT current_user").fetchone() == ("hall_county",)


def test_passwords_are_told_once_and_are_in_no_code(cluster, capsys):
    run_halls("add", "", cluster.folder, "once", "", None)
    told = [line.removeprefix("口令：").split("　")[0] for line in capsys.readouterr().out.splitlines()
            if line.startswith("口令：")]
    assert len(set(told)) == 2
    assert all(len(one) >= 16 for one in told)


def test_new_passwords_are_said_to_shut_out_the_pcs_that_have_the_old_ones(cluster, capsys):
    for times in (0, 2):
        run_halls("add", "", cluster.folder, "again", "", None)
        assert capsys.readouterr().out.count("原来的口令已失效") == times


@pytest.mark.parametrize("action", ["add", "close"])
def test_an_id_is_asked_for(cluster, action):
    with pytest.raises(BadInput):
        run_halls(action, "", cluster.folder, "", "", None)


def test_the_day_of_a_closing_stays_when_the_hall_is_closed_again(cluster):
    run_halls("add", "", cluster.folder, "twice", "", None)
    for day in (date(2026, 10, 1), date(2026, 11, 1)):
        close_hall(cluster.owner_url(), "twice", day)
    assert [one.closed_on for one in halls(cluster.owner_url()) if one.hall_id == "twice"] == [date(2026, 10, 1)]


def test_a_hall_that_is_none_is_not_closed_and_that_is_said(cluster):
    with pytest.raises(CountyRefused) as refused:
        run_halls("close", "", cluster.folder, "nowhere", "", None)
    assert startup_sentence(refused.value) == "数据库里没有这些服务厅：nowhere。请核对代码。"


def test_a_name_that_is_too_long_is_said_to_be(cluster):
    with pytest.raises(BadInput) as refused:
        run_halls("add", "", cluster.folder, "longwinded", 65 * "镇", None)
    assert startup_sentence(refused.value) == "厅的名称太长，最多 64 个字。"


def test_a_backup_makes_the_months_that_come_next(cluster, tmp_path):
    """On a server that only stations use nobody else would."""
    run_halls("list", "", cluster.folder, "", "", None)

    def months(change=""):
        with psycopg.connect(cluster.owner_url()) as db:
            if change:
                db.execute(change)
            return {row[0] for row in db.execute("SELECT inhrelid::regclass::text FROM pg_inherits "
                                                 "WHERE inhparent = 'event'::regclass")}

    made = months()
    last = max(made - {"event_default"})
    assert months(f"DROP TABLE {last}") == made - {last}
    assert run_server("backup", cluster.folder, (), None, cluster.folder / "kept.backup") == 0
    assert months() == made


def test_where_there_is_no_server_it_is_said(tmp_path):
    with pytest.raises(ServerFailed) as refused:
        run_halls("list", "", tmp_path, "", "", None)
    assert refused.value.what == "none"


class Terminal(io.StringIO):
    def __init__(self, encoding):
        super().__init__()
        self.code_page = encoding

    @property
    def encoding(self):
        return self.code_page

    def isatty(self):
        return True


def pixels(drawn, halves):
    """The modules of a code drawn on a terminal, dark as True."""
    rows = []
    for line in drawn.splitlines():
        if halves:
            body = line.replace("\x1b[0m", "").replace("\x1b[7m", "").replace("\x1b[49m", "")
            rows.append([one in " ▄" for one in body])
            rows.append([one in " ▀" for one in body])
        else:
            row = []
            for part in line.split("\x1b[")[1:]:
                code, _, blanks = part.partition("m")
                row += [code != "7"] * (len(blanks) // 2)
            rows.append(row)
    return rows


@pytest.mark.parametrize(("encoding", "halves"), [("utf-8", True), ("gbk", False)])
def test_a_terminal_shows_a_code_that_a_camera_reads(encoding, halves):
    terminal = Terminal(encoding)
    show_code(CODE, None, terminal)
    first, _, drawn = terminal.getvalue().partition("\n")
    assert first == f'hallapp join "{CODE.text()}"'
    assert max(map(len, drawn.splitlines())) < 130 or not halves
    drawn.encode(encoding)
    rows = [row for row in pixels(drawn, halves) if row]
    picture = Image.new("L", (max(map(len, rows)), len(rows)), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x, y), 0 if dark else 255)
    [read] = zxingcpp.read_barcodes(picture.resize((picture.width * 6, picture.height * 6), Image.NEAREST))
    assert read.text == CODE.text()


def test_a_pipe_gets_the_words_only():
    pipe = io.StringIO()
    show_code(CODE, None, pipe)
    assert pipe.getvalue() == f'hallapp join "{CODE.text()}"\n'


def test_no_password_is_made_where_no_picture_can_be_kept(cluster, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        run_halls("add", "", cluster.folder, "h-pictures", "", tmp_path / "file")
    run_halls("list", "", cluster.folder, "", "", None)
    assert "h-pictures" not in capsys.readouterr().out


def test_a_place_where_no_picture_can_be_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly):
        show_code(CODE, tmp_path / "file" / "code.png", io.StringIO())


def test_an_address_with_a_certificate_gives_a_code_with_its_fingerprint(cluster):
    ours = cluster.join_code("10.0.0.7")
    url = f"postgresql://hall:secret@10.0.0.7:{ours.port}/hall?sslmode=verify-ca&sslrootcert={cluster.folder}/server.crt"
    assert code_of(url) == ours
    assert code_of("postgresql://hall@db.county.cn/hall") == JoinCode("hall", "db.county.cn", 5432, "hall")
    with pytest.raises(BadInput):
        code_of(f"postgresql://hall@h/hall?sslrootcert={cluster.folder}/nothing.crt")
    for none in ("postgresql://hall@h/hall&sslmode=require", "postgresql://[h/hall"):
        with pytest.raises(BadInput) as refused:
            code_of(none)
        assert refused.value.field == "url"
