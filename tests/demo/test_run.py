"""While time passes in the demo, everything else goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import sleep
from types import SimpleNamespace

import pytest

from hallapp.__main__ import main
from hallapp.demo.clock import DemoClock
from hallapp.demo.run import _pass_time

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TURNS = 100


@pytest.mark.parametrize("name", ["hall.toml", "hall.db", "Pictures/family.jpg"])
def test_a_folder_with_anything_of_somebody_elses_is_left_alone(qapp, tmp_path, capsys, name):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("# 本厅\n[hall]\nid = \"sg01\"\n", encoding="utf-8")
    assert main(["demo", "--out", str(tmp_path), "--visits", "1"]) == 1
    assert f"{tmp_path} 里有别的文件" in capsys.readouterr().err
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [file]


def test_the_threads_of_printer_and_feed_run_while_time_passes(qapp):
    stage, stopped = SimpleNamespace(clock=DemoClock(START)), Event()

    def work():
        for _ in range(TURNS):
            sleep(0.001)  # gives the interpreter up, as a thread that waits for a device does
        stopped.set()

    thread = Thread(target=work)
    thread.start()
    _pass_time(stage, START + timedelta(hours=1), 1.0, stopped)
    thread.join()
    beats = (stage.clock.now() - START) / timedelta(seconds=0.05)
    assert beats < TURNS / 2  # a wait that keeps the interpreter would let the thread take one turn a beat


def test_time_passes_no_further_than_it_should(qapp):
    stage = SimpleNamespace(clock=DemoClock(START))
    _pass_time(stage, START + timedelta(minutes=2), 1000.0, Event())
    assert stage.clock.now() == START + timedelta(minutes=2)
