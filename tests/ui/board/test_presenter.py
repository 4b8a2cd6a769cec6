"""The board as the hall sees it: real widgets on a real store."""

from __future__ import annotations

import sqlite3
from threading import Event

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel
from sqlalchemy import event

from hallapp.devices.settings import VoiceSettings
from hallapp.devices.voice import Voice
from hallapp.devices.voice_recorder import WavRecorder
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.services import counter, staff
from hallapp.services.board import board
from hallapp.services.desk import desk
from hallapp.services.hall import look
from hallapp.store import log
from tests.ui.board.conftest import on_show, recent, words


def test_a_call_fills_the_panel_while_it_is_spoken_and_is_calm_afterwards(
    qtbot, hall, make_board, speaker, signed_in, issue
):
    view, clerk, number = make_board(speaker), signed_in(3), issue().number
    assert on_show(view) is None
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) == (number, "3"))
    assert view.findChild(object, "now-panel").words() == f"请 {number} 号到 3 号窗口办理"
    assert speaker.said == [(number, 3)]
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None and words(view, "now-number") == number)


def test_five_calls_in_one_wake_up_are_all_announced_in_order(
    qtbot, hall, make_board, speaker, signed_in, issue, feed
):
    clerk, numbers = signed_in(1), [issue().number for _ in range(5)]
    view = make_board(speaker, follow=False)
    seq = board(hall).seq
    for _ in numbers:
        counter.call_next(hall, clerk)
        counter.abandon(hall, clerk, called(hall, clerk))
    with look(hall) as db:
        feed.happened.emit(log.events_after(db, hall.id, seq))
    for number in numbers:
        qtbot.waitUntil(lambda number=number: on_show(view) == (number, "1"))
        speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)
    assert speaker.said == [(number, 1) for number in numbers]
    assert words(view, "now-number") == numbers[-1]
    assert recent(view) == numbers[-2::-1]


def test_of_the_calls_of_an_hour_without_the_server_those_are_announced_that_nobody_answered_yet(
    qtbot, hall, clock, make_board, speaker, signed_in, issue, feed
):
    clerk, other, numbers = signed_in(1), signed_in(2, "0313"), [issue().number for _ in range(5)]
    view = make_board(speaker, follow=False)
    seq = board(hall).seq
    for _ in range(2):  # long served when the board hears of them
        counter.call_next(hall, clerk)
        counter.abandon(hall, clerk, called(hall, clerk))
    counter.call_next(hall, clerk)
    clock.advance(seconds=20)
    counter.recall(hall, clerk)
    clock.advance(minutes=2)
    counter.call_next(hall, other)
    with look(hall) as db:
        feed.happened.emit(log.events_after(db, hall.id, seq))
    for number, window in ((numbers[3], "2"), (numbers[2], "1")):  # the one of just now need not wait
        qtbot.waitUntil(lambda number=number, window=window: on_show(view) == (number, window))
        speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)
    assert speaker.said == [(numbers[3], 2), (numbers[2], 1)]
    assert recent(view) == [numbers[2], numbers[1], numbers[0]]


def called(hall, clerk):
    """The id of the ticket called to the clerk's window."""
    return desk(hall, clerk.window).ticket.id


def test_without_a_voice_each_call_has_its_least_time(qtbot, hall, make_board, signed_in, issue):
    view = make_board(None, show_seconds=60)
    first, second = issue().number, issue().number
    clerks = signed_in(1), signed_in(2, "0313")
    for clerk in clerks:
        counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: words(view, "window-2-number") == second)
    assert on_show(view) == (first, "1")
    least = next(timer for timer in view.findChildren(QTimer) if timer.interval() == 60_000)
    assert least.isActive()
    least.timeout.emit()
    qtbot.waitUntil(lambda: on_show(view) == (second, "2"))
    assert least.isActive()
    least.timeout.emit()
    qtbot.waitUntil(lambda: on_show(view) is None)


def test_a_call_that_is_spoken_quickly_still_has_its_least_time(qtbot, hall, make_board, speaker, signed_in, issue):
    view, clerk, number = make_board(speaker, show_seconds=60), signed_in(1), issue().number
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: bool(speaker.said))
    speaker.end()
    assert on_show(view) == (number, "1")


def test_a_recall_is_announced_again(qtbot, hall, clock, make_board, speaker, signed_in, issue):
    view, clerk, number = make_board(speaker), signed_in(1), issue().number
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) is not None)
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)
    clock.advance(seconds=20)
    counter.recall(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) == (number, "1"))
    assert speaker.said == [(number, 1)] * 2
    assert recent(view) == []


def test_an_undone_call_leaves_panel_and_list(qtbot, hall, make_board, speaker, signed_in, issue):
    view, clerk, other = make_board(speaker), signed_in(1), signed_in(2, "0313")
    first, second = issue().number, issue().number
    counter.call_next(hall, clerk)
    counter.call_next(hall, other)
    qtbot.waitUntil(lambda: words(view, "window-2-number") == second)
    counter.undo(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) == (second, "2"))
    qtbot.waitUntil(lambda: words(view, "window-1-number") == "")
    speaker.end()
    assert on_show(view) == (second, "2")  # what ended is the undone one
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)
    assert words(view, "now-number") == second
    assert first not in recent(view)


def test_a_trial_of_the_voice_takes_no_call_off_the_panel(qtbot, hall, make_board, speaker, signed_in, issue):
    view, clerk, number = make_board(speaker), signed_in(1), issue().number
    speaker.say("A001", 1)  # the supervisor's
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: speaker.said[1:] == [(number, 1)])
    speaker.end()
    assert on_show(view) == (number, "1")
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)


def test_an_undone_call_that_waits_its_turn_is_not_announced(qtbot, hall, make_board, speaker, signed_in, issue):
    view, clerk, other = make_board(speaker), signed_in(1), signed_in(2, "0313")
    first = issue().number
    issue()
    counter.call_next(hall, clerk)
    counter.call_next(hall, other)
    counter.undo(hall, other)
    qtbot.waitUntil(lambda: on_show(view) == (first, "1"))
    qtbot.waitUntil(lambda: words(view, "window-1-number") == first and not words(view, "window-2-number"))
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) is None)
    assert speaker.said == [(first, 1)]


def test_calls_made_before_the_board_started_are_listed_and_not_announced(
    qtbot, hall, make_board, speaker, signed_in, issue
):
    number, clerk = issue().number, signed_in(2)
    counter.call_next(hall, clerk)
    view = make_board(speaker)
    assert on_show(view) is None
    assert words(view, "now-number") == number
    assert speaker.said == []


def test_a_call_made_while_the_board_starts_is_announced(
    qtbot, hall, make_board, speaker, signed_in, issue, feed, tasks
):
    clerk, number, read = signed_in(1), issue().number, Event()
    view = make_board(speaker, follow=False, wait=False)
    tasks.run(view, read.set, print)  # done once the board was read, before it is shown
    assert read.wait(5)
    seq = board(hall).seq
    counter.call_next(hall, clerk)
    with look(hall) as db:
        feed.happened.emit(log.events_after(db, hall.id, seq))
    assert speaker.said == []
    qtbot.waitUntil(lambda: on_show(view) == (number, "1"))
    assert speaker.said == [(number, 1)]


def test_much_news_at_once_is_read_once_more_and_not_each_time(qtbot, hall, make_board, feed, tasks):
    make_board(follow=False)
    reads = []
    event.listen(hall.store.engine, "begin", reads.append)
    for _ in range(10):
        feed.happened.emit(())
    qtbot.waitUntil(lambda: not tasks.busy)
    assert len(reads) == 2


def test_every_state_of_a_window_is_a_sign_and_a_word(qtbot, hall, make_board, signed_in, issue):
    view, clerk = make_board(), signed_in(1)

    def state(said):
        qtbot.waitUntil(lambda: words(view, "window-1-state") == said)

    assert words(view, "window-3-state") == "— 未开放"
    state("○ 空闲")
    number = issue().number
    counter.call_next(hall, clerk)
    state("▶ 请到窗口")
    assert words(view, "window-1-number") == number
    counter.arrive(hall, clerk)
    state("● 办理中")
    assert words(view, "window-1-number") == number
    other = signed_in(2, "0313")
    staff.pause(hall, other, "午间休息")
    qtbot.waitUntil(lambda: words(view, "window-2-state") == "■ 暂停服务  午间休息")


def test_who_waits_is_counted_by_business_with_the_longest_wait(qtbot, hall, clock, make_board, issue):
    view = make_board()
    assert words(view, "waiting-total") == "等候 0 人"
    assert words(view, "waiting-longest") == ""
    issue("enrol")
    clock.advance(minutes=9)
    issue("claim")
    issue("claim")
    qtbot.waitUntil(lambda: words(view, "waiting-total") == "等候 3 人")
    assert [words(view, f"group-{code}-count") for code in ("enrol", "claim", "other")] == ["1", "2", "0"]
    assert words(view, "waiting-longest") == "最长 9 分钟"
    clock.advance(minutes=5)
    qtbot.waitUntil(lambda: words(view, "waiting-longest") == "最长 14 分钟")


def test_the_clock_runs_in_the_halls_time_and_a_new_day_starts_empty(qtbot, hall, clock, make_board, issue):
    view = make_board()
    issue()
    qtbot.waitUntil(lambda: words(view, "waiting-total") == "等候 1 人")
    assert (words(view, "date"), words(view, "clock")) == ("11月23日 星期一", "09:00")
    clock.advance(minutes=15 * 60)
    qtbot.waitUntil(lambda: words(view, "date") == "11月24日 星期二")
    qtbot.waitUntil(lambda: words(view, "waiting-total") == "等候 0 人")


def rename(hall, old, new):
    with hall.store.engine.connect() as db, db.begin():
        db.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


def test_while_the_store_is_away_the_board_keeps_its_state_and_shows_its_age(
    qtbot, hall, clock, make_board, speaker, signed_in, issue
):
    view, clerk, number = make_board(speaker), signed_in(1), issue().number
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: words(view, "window-1-number") == number)
    assert words(view, "remark") == ""
    rename(hall, "event", "elsewhere")
    hall.store.poke()
    qtbot.waitUntil(lambda: words(view, "remark") == "▲ 数据更新于 0 秒前")
    clock.advance(seconds=12)
    qtbot.waitUntil(lambda: words(view, "remark") == "▲ 数据更新于 12 秒前")
    assert words(view, "window-1-number") == number
    clock.advance(minutes=3)
    qtbot.waitUntil(lambda: words(view, "remark") == "▲ 数据更新于 3 分钟前")
    rename(hall, "elsewhere", "event")
    qtbot.waitUntil(lambda: words(view, "remark") == "")
    speaker.end()
    counter.abandon(hall, clerk, called(hall, clerk))
    second = issue().number
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) == (second, "1"))


def test_a_board_that_starts_without_its_store_says_so_and_fills_once_it_is_there(
    qtbot, hall, store_path, make_board, issue, feed
):
    number = issue()
    raw = sqlite3.connect(store_path)
    raw.execute("ALTER TABLE ticket RENAME TO elsewhere")
    view = make_board()
    assert words(view, "remark") == "▲ 暂时读不到数据"
    raw.execute("ALTER TABLE elsewhere RENAME TO ticket")
    raw.close()
    qtbot.waitUntil(lambda: words(view, "remark") == "")
    assert words(view, "waiting-total") == "等候 1 人"
    assert number.number not in recent(view)


def test_after_an_error_nobody_expected_the_board_is_read_again(
    qtbot, hall, make_board, signed_in, issue, bugs, monkeypatch
):
    view, clerk, number = make_board(), signed_in(1), issue().number
    with monkeypatch.context() as broken:
        broken.setattr("hallapp.ui.board.presenter.read_board", lambda _hall: 1 / 0)
        counter.call_next(hall, clerk)
        qtbot.waitUntil(lambda: words(view, "remark") == "▲ 数据更新于 0 秒前")
    qtbot.waitUntil(lambda: words(view, "window-1-number") == number)
    assert words(view, "remark") == ""
    assert {type(bug) for bug in bugs} == {ZeroDivisionError}


def test_a_hall_without_sound_is_asked_to_watch_the_board(qtbot, make_board, speaker, lights):
    view = make_board(speaker)
    lights.report(DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_SOUND))
    qtbot.waitUntil(lambda: words(view, "remark") == "▲ 语音暂停，请看屏幕")
    lights.report(DeviceStatus("voice", "voice", DeviceState.READY))
    qtbot.waitUntil(lambda: words(view, "remark") == "")
    lights.report(DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.BAD_CLIP, "3.wav"))
    lights.report(DeviceStatus("kiosk", "printer", DeviceState.DOWN, Trouble.PAPER_OUT))
    lights.report(DeviceStatus("voice@西侧", "voice", DeviceState.WARNING, Trouble.NO_SOUND))  # another board's
    qtbot.waitUntil(lambda: len(lights.current()) == 3)
    assert words(view, "remark") == ""


def test_the_board_names_nobody(qtbot, hall, make_board, signed_in, issue):
    view, clerk = make_board(), signed_in(1, name="王芳")
    number = issue().number
    counter.call_next(hall, clerk)
    counter.arrive(hall, clerk)
    qtbot.waitUntil(lambda: words(view, "window-1-state") == "● 办理中")
    shown = " ".join(part.text() for part in view.findChildren(QLabel))
    assert number in shown
    assert "王芳" not in shown
    assert clerk.staff not in shown


def test_the_real_voice_speaks_what_the_board_shows(qtbot, hall, make_board, signed_in, issue, lights):
    recorder = WavRecorder()
    voice = Voice(hall.rules, VoiceSettings(), lights.report, recorder)
    voice.start()
    try:
        view = make_board(voice, show_seconds=0.1)
        issue()
        second = issue().number
        for clerk in (signed_in(1), signed_in(2, "0313")):
            counter.call_next(hall, clerk)
        qtbot.waitUntil(lambda: len(recorder.wavs) == 2)
        qtbot.waitUntil(lambda: on_show(view) is None)
        assert words(view, "now-number") == second
        assert [status.state for status in lights.current()] == [DeviceState.READY]
    finally:
        voice.close()


def test_the_notice_is_the_halls_and_ends_with_its_telephones(make_board, hall):
    text = make_board().findChild(object, "notice").text()
    assert text.startswith("办理医保事项不收取任何费用。")
    assert "咨询电话 12393" in text
    assert "投诉电话 12345" in text


def test_a_transferred_number_called_elsewhere_is_announced_for_its_new_window(
    qtbot, hall, make_board, speaker, signed_in, issue
):
    view, clerk, other = make_board(speaker), signed_in(1), signed_in(2, "0313")
    number = issue().number
    counter.call_next(hall, clerk)
    counter.transfer(hall, clerk, window=2)
    counter.call_next(hall, other)
    qtbot.waitUntil(lambda: on_show(view) == (number, "1"))
    speaker.end()
    qtbot.waitUntil(lambda: on_show(view) == (number, "2"))


def test_before_the_first_clerk_and_after_the_last_it_is_said_that_nobody_is_there(
    qtbot, hall, make_board, speaker, signed_in, issue
):
    view = make_board(speaker)
    panel = view.findChild(object, "now-panel")
    assert panel.words() == "现在没有窗口开放"
    clerk, number = signed_in(1), issue().number
    qtbot.waitUntil(lambda: panel.words() == "请留意叫号")
    counter.call_next(hall, clerk)
    qtbot.waitUntil(lambda: on_show(view) == (number, "1"))
    counter.abandon(hall, clerk, called(hall, clerk))
    staff.sign_out(hall, clerk)
    speaker.end()
    qtbot.waitUntil(lambda: panel.words() == "现在没有窗口开放")
    assert recent(view) == [number]
