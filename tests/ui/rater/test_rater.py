"""The rater by touch: asked once, answered once, and nothing lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import event

from hallapp.documents.wording import LEVELS
from hallapp.domain.errors import StoreAway, StoreForbidden
from hallapp.domain.events import By, Kind
from hallapp.domain.rating import CODES, Channel, Level
from hallapp.services import counter, kiosk, ratings, visits
from hallapp.services.hall import look
from hallapp.store import log
from hallapp.ui.rating_words import reasons


def kinds(hall):
    with look(hall) as db:
        return [event.kind for event in log.events_after(db, hall.id, 0, 10_000)]


def test_at_rest_it_says_where_the_visitor_is_and_nothing_else(rater, hall):
    assert rater.page() == "QuietPage"
    assert (rater.says("hall"), rater.says("window")) == (hall.info.name, "1 号窗口")
    assert not rater.view.page.findChildren(QPushButton)


def test_it_is_quiet_while_a_visitor_is_served_and_asks_when_the_visit_ends(rater, hall, come, clerk):
    come()
    rater.settle()
    assert rater.page() == "QuietPage"
    visits.finish_visit(hall, clerk)
    rater.settle()
    assert rater.page() == "AskPage"
    assert rater.says("question") == "请您评价本次服务"
    assert "0312" in rater.text()
    assert "王芳" not in rater.text()


def test_the_visitor_is_nowhere_on_the_page(rater, serve):
    serve()
    rater.settle()
    assert "A001" not in rater.text()


@pytest.mark.parametrize("level", Level)
def test_every_level_is_given_by_two_touches(rater, serve, level):
    visit = serve()
    rater.settle()
    assert rater.button(f"level-{int(level)}").accessibleName() == LEVELS[level]
    rater.touch(f"level-{int(level)}")
    assert rater.page() == "ReasonsPage"
    assert LEVELS[level] in rater.says("chosen")
    rater.touch("submit")
    assert rater.page() == "ThanksPage"
    kept = rater.rating(visit)
    assert (kept.level, kept.reasons, kept.channel, kept.staff) == (level, (), Channel.SCREEN, "0312")


def test_reasons_are_the_levels_own_with_the_fixed_ones_first_and_can_be_ticked_and_unticked(rater, serve):
    visit = serve()
    rater.touch("level-2")
    shown = [each.property("code") for each in rater.view.page.findChildren(QPushButton) if each.isCheckable()]
    assert shown == list(CODES[Level.DISSATISFIED])
    assert all(reasons()[code] in rater.text() for code in shown)
    for code in ("214", "207", "210", "210"):
        rater.touch(f"reason-{code}")
    rater.touch("submit")
    assert rater.rating(visit).reasons == ("207", "214")


def test_a_wrong_level_can_be_chosen_again(rater, serve):
    visit = serve()
    rater.touch("level-1")
    rater.touch("reason-115")
    rater.touch("back")
    assert rater.page() == "AskPage"
    rater.touch("level-5")
    rater.touch("submit")
    assert (rater.rating(visit).level, rater.rating(visit).reasons) == (5, ())


def test_a_bad_rating_is_told_who_sees_it_and_a_good_one_is_not(rater, serve, hall):
    serve()
    rater.touch("level-1")
    rater.touch("submit")
    assert hall.info.complaint_phone in rater.says("remark")
    rater.pass_time(6)
    assert rater.page() == "QuietPage"
    serve()
    rater.touch("level-4")
    rater.touch("submit")
    assert hall.info.complaint_phone not in rater.says("remark")


def test_the_second_touch_of_a_double_tap_ticks_nothing(rater, serve):
    visit = serve()
    for name in ("level-5", "level-1", "level-3"):
        rater.touch(name, times=2)
        assert rater.page() == "ReasonsPage"
        assert rater.view.page.ticked() == ()
        rater.touch("back", times=2)
        assert rater.page() == "AskPage"
    rater.touch("level-5")
    rater.touch("submit", times=2)
    assert rater.page() == "ThanksPage"
    assert rater.rating(visit).level == 5


def test_an_eager_finger_all_over_the_glass_gives_one_rating(rater, serve, hall):
    serve()
    rater.button("level-3")
    for _ in range(4):
        for x in range(40, 1366, 90):
            for y in range(90, 768, 60):
                rater.touch_at(QPoint(x, y))
        rater.settle()
        rater.let_guard_go()
    assert kinds(hall).count(Kind.RATED) <= 1
    rater.pass_time(60)
    assert kinds(hall).count(Kind.RATED) + kinds(hall).count(Kind.NOT_RATED) == 1


def test_who_does_not_answer_in_time_is_not_rated(rater, serve, hall):
    visit = serve()
    rater.settle()
    rater.pass_time(59)
    assert rater.page() == "AskPage"
    assert rater.rating(visit) is None
    rater.pass_time(1)
    assert rater.page() == "QuietPage"
    assert rater.rating(visit).level is None
    rater.pass_time(60)
    assert kinds(hall)[-1] is Kind.NOT_RATED
    assert kinds(hall).count(Kind.NOT_RATED) == 1


def test_who_walks_away_from_the_reasons_has_rated(rater, serve):
    visit = serve()
    rater.touch("level-2")
    rater.pass_time(50)
    rater.touch("reason-214")
    rater.pass_time(59)  # every touch gives a whole minute
    assert rater.page() == "ReasonsPage"
    rater.pass_time(1)
    assert rater.page() == "QuietPage"
    assert (rater.rating(visit).level, rater.rating(visit).reasons) == (2, ("214",))


def test_the_next_visitor_does_not_rate_the_visit_before(rater, serve, come, hall, clerk):
    first = serve()
    rater.settle()
    come()
    rater.settle()
    assert rater.page() == "QuietPage"
    assert rater.rating(first).level is None
    second = visits.finish_visit(hall, clerk)
    rater.touch("level-5")
    rater.touch("submit")
    assert rater.rating(first).level is None
    assert rater.rating(second).level == 5


def test_a_level_chosen_when_the_next_visitor_comes_counts(rater, serve, come):
    first = serve()
    rater.touch("level-4")
    come()
    rater.settle()
    assert rater.page() == "QuietPage"
    assert rater.rating(first).level == 4


def test_calling_the_next_one_does_not_take_the_question_away(rater, serve, hall, clerk):
    visit = serve()
    rater.settle()
    kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"))
    counter.call_next(hall, clerk)
    rater.settle()
    assert rater.page() == "AskPage"
    rater.touch("level-5")
    rater.touch("submit")
    assert rater.rating(visit).level == 5


def test_an_undone_end_takes_the_question_away_and_leaves_no_answer(rater, serve, hall, clerk):
    visit = serve()
    rater.settle()
    counter.undo(hall, clerk)
    rater.settle()
    assert rater.page() == "QuietPage"
    assert rater.rating(visit) is None
    visits.finish_visit(hall, clerk)
    rater.settle()
    assert rater.page() == "AskPage"


def test_a_visit_that_ended_long_ago_is_not_asked_about(clerk, serve, make_rater, clock):
    serve()
    clock.advance(60)
    assert make_rater().page() == "QuietPage"


def test_a_rater_opened_in_time_asks_for_what_is_left_of_it(clerk, serve, make_rater, clock):
    visit = serve()
    clock.advance(40)
    rater = make_rater()
    assert rater.page() == "AskPage"
    rater.pass_time(20)
    assert rater.rating(visit).level is None


def test_another_window_asks_its_own_visitors_only(rater, make_rater, serve, signed_in):
    other = signed_in(2, "0313", name="李强")
    second = make_rater(2)
    visit = serve(other)
    for one in (rater, second):
        one.settle()
    assert (rater.page(), second.page()) == ("QuietPage", "AskPage")
    assert "0313" in second.text()
    second.touch("level-5")
    second.touch("submit")
    assert second.rating(visit).window == 2


def test_two_raters_at_one_window_take_one_rating_and_tell_the_slower_one(rater, make_rater, serve, hall):
    twin = make_rater()
    visit = serve()
    for one in (rater, twin):
        one.touch("level-5" if one is rater else "level-1")
    for button in [one.button("submit") for one in (rater, twin)]:
        button.click()
    for one in (rater, twin):
        one.settle()
    assert rater.rating(visit).level == 5
    assert "已经评价过" in twin.says("thanks")
    assert kinds(hall).count(Kind.RATED) == 1


def test_a_rating_from_elsewhere_ends_the_question(rater, serve, hall):
    visit = serve()
    rater.settle()
    ratings.rate(hall, By("rater-1"), visit.id, 4, (), Channel.KEYPAD)
    rater.settle()
    assert rater.page() == "QuietPage"
    assert rater.rating(visit).channel is Channel.KEYPAD
    assert kinds(hall)[-1] is Kind.RATED


def test_the_rater_follows_its_clerk_to_another_window(rater, serve, signed_in, hall, clerk):
    visit = serve()
    rater.touch("level-5")
    rater.touch("reason-517")
    rater.presenter.sit_at(2)
    rater.settle()
    assert (rater.rating(visit).level, rater.rating(visit).reasons) == (5, ("517",))
    assert rater.says("window") == "2 号窗口"
    other = signed_in(2, "0313", name="李强")
    second = serve(other)
    rater.touch("level-5")
    rater.touch("submit")
    assert rater.rating(second).level == 5


def test_a_clerk_who_moves_while_the_store_is_asked_leaves_nobody_of_the_old_window_asked(rater, serve):
    rater.settle()
    visit = serve()
    rater.presenter._read()
    rater.presenter.sit_at(2)
    rater.settle()
    assert (rater.page(), rater.rating(visit)) == ("QuietPage", None)


def test_another_screen_keeps_the_page_and_what_was_ticked(rater, serve):
    visit = serve()
    rater.touch("level-2")
    rater.touch("reason-214")
    rater.view.resize(1024, 600)
    rater.settle()
    assert rater.page() == "ReasonsPage"
    rater.touch("submit")
    assert rater.rating(visit).reasons == ("214",)


def test_keys_do_nothing(rater, serve):
    serve()
    rater.settle()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_1):
        QTest.keyClick(rater.view, key)
    assert rater.page() == "AskPage"
    assert rater.view.isVisible()


# -- the store away ----------------------------------------------------------------------------------------------------


@pytest.fixture
def away(hall, store_path):
    """``with away():`` somebody holds the store: no write gets through. (A write gives up at once, to be quick.)"""
    def impatient(raw, _record):
        raw.execute("PRAGMA busy_timeout = 50").close()

    event.listen(hall.store.engine, "connect", impatient)
    hall.store.engine.dispose()

    @contextmanager
    def held():
        with closing(sqlite3.connect(store_path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")

    return held


def test_a_choice_made_while_the_store_is_away_is_told_and_kept_when_it_is_back(rater, serve, away, hall):
    visit = serve()
    rater.touch("level-2")
    rater.touch("reason-207")
    with away():
        rater.touch("submit")
        assert "自动保存" in rater.says("remark")
        rater.pass_time(5)
        rater.pass_time(6)
        assert rater.page() == "QuietPage"
        assert rater.rating(visit) is None
    rater.pass_time(5)
    kept = rater.rating(visit)
    assert (kept.level, kept.reasons) == (2, ("207",))
    rater.pass_time(5)
    assert kinds(hall).count(Kind.RATED) == 1


def test_an_answer_outlasts_an_error_nobody_expected(rater, serve, bugs, monkeypatch):
    visit = serve()
    rater.touch("level-4")
    with monkeypatch.context() as broken:
        broken.setattr("hallapp.ui.rater.presenter.hand_in", lambda *_given: 1 / 0)
        rater.touch("submit")
        assert rater.rating(visit) is None
    rater.pass_time(5)
    assert rater.rating(visit).level == 4
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_thanks_go_away_while_the_answer_is_tried_again_and_again(rater, serve, away):
    serve()
    rater.touch("level-4")
    with away():
        rater.touch("submit")
        for _ in range(7):
            rater.pass_time(1)
        assert rater.page() == "QuietPage"


def test_while_the_store_is_away_nobody_is_invited_to_rate_and_then_again(rater, serve, feed):
    rater.settle()
    assert "请您在这里评价" in rater.says("hint")
    feed.store_lost.emit(StoreAway("hall.db"))
    assert "暂时不能评价" in rater.says("hint")
    assert rater.view.page.findChildren(QPushButton) == []
    rater.pass_time(5)  # it answers after all, whatever the feed says
    assert "请您在这里评价" in rater.says("hint")
    feed.store_lost.emit(StoreAway("hall.db"))
    feed.store_back.emit()
    rater.settle()
    assert "请您在这里评价" in rater.says("hint")
    serve()
    rater.settle()
    assert rater.page() == "AskPage"


def test_why_nobody_can_be_asked_is_written_down_once(rater, feed, caplog):
    """The rater of a PC that joined with the kiosk's code: nobody but the log hears that its role reads no ratings."""
    rater.settle()
    for _ in range(2):
        feed.store_lost.emit(StoreForbidden("server", "permission denied for table rating"))
    assert [record.getMessage() for record in caplog.records if "table rating" in record.getMessage()] == [
        "nobody can be asked to rate: server: permission denied for table rating"]


def test_who_is_being_asked_when_the_store_goes_away_may_still_answer(rater, serve, away, feed):
    visit = serve()
    rater.settle()
    with away():
        feed.store_lost.emit(StoreAway("hall.db"))
        assert rater.page() == "AskPage"
        rater.touch("level-4")
        rater.touch("submit")
        assert "自动保存" in rater.says("remark")
    feed.store_back.emit()
    rater.settle()
    assert rater.rating(visit).level == 4


def test_a_time_out_while_the_store_is_away_is_noted_when_it_is_back(rater, serve, away, feed):
    visit = serve()
    rater.settle()
    with away():
        rater.pass_time(60)
        assert rater.page() == "QuietPage"
        assert rater.rating(visit) is None
    feed.store_back.emit()
    rater.settle()
    assert rater.rating(visit).level is None


def test_who_has_answered_is_not_asked_again_while_the_answer_waits(rater, serve, away, hall, signed_in):
    elsewhere = serve(signed_in(2, "0313", name="李强"))
    visit = serve()
    rater.touch("level-5")
    with away():
        rater.touch("submit")
    rater.pass_time(2)
    ratings.rate(hall, By("rater-2"), elsewhere.id, 5)
    rater.settle()
    assert rater.page() == "ThanksPage"
    assert rater.rating(visit) is None
    rater.pass_time(5)
    assert rater.rating(visit).level == 5


def test_answers_that_wait_are_kept_in_their_order(rater, serve, away, hall, clerk):
    first = serve()
    rater.touch("level-5")
    with away():
        rater.touch("submit")
    second = serve()
    rater.touch("level-1")
    rater.touch("submit")
    rater.pass_time(5)
    assert (rater.rating(first).level, rater.rating(second).level) == (5, 1)


def test_an_answer_that_waits_counts_for_the_day_on_which_it_was_given(rater, serve, away, clock):
    visit = serve()
    rater.touch("level-5")
    with away():
        rater.touch("submit")
    given = clock.now()
    clock.advance(minutes=24 * 60)
    rater.settle()
    rater.pass_time(5)
    assert (rater.rating(visit).day, rater.rating(visit).at) == (visit.day, given)


def test_an_answer_outlasts_the_program_and_is_given_once(rater, serve, away, make_rater, answers, hall):
    visit = serve()
    rater.touch("level-2")
    rater.touch("reason-207")
    with away():
        rater.touch("submit")
        rater.stop()
        assert rater.rating(visit) is None
        again = make_rater()
        assert again.page() == "QuietPage"
        again.stop()
    assert [one.visit_id for one in answers.waiting()] == [visit.id]
    rater = make_rater()
    rater.settle()
    kept = rater.rating(visit)
    assert (kept.level, kept.reasons, kept.channel) == (2, ("207",), Channel.SCREEN)
    assert answers.waiting() == ()
    make_rater().settle()
    assert kinds(hall).count(Kind.RATED) == 1


def test_an_answer_for_a_visit_that_goes_on_is_given_up_and_its_visitor_asked_again(
        rater, serve, away, hall, clerk, answers, caplog):
    visit = serve()
    rater.touch("level-5")
    with away():
        rater.touch("submit")
    counter.undo(hall, clerk)
    rater.pass_time(5)
    assert "a rating was refused" in caplog.text
    assert (rater.rating(visit), answers.waiting()) == (None, ())
    visits.finish_visit(hall, clerk)
    rater.touch("level-4")
    rater.touch("submit")
    assert rater.rating(visit).level == 4


def test_a_file_that_holds_no_answer_is_told_once(answers, tmp_path, hall, caplog):
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / f"7.{hall.id}.screen.json").write_bytes(b"")  # as a power cut leaves one
    assert [answers.waiting() for _ in range(3)] == [()] * 3
    assert caplog.text.count("holds no answer") == 1


def test_an_answer_waits_in_memory_where_no_file_can_be_kept(rater, serve, away, tmp_path, caplog):
    (tmp_path / "answers").touch()
    visit = serve()
    rater.touch("level-3")
    with away():
        rater.touch("submit")
        assert "自动保存" in rater.says("remark")
    rater.pass_time(5)
    assert rater.rating(visit).level == 3
    assert "waits in memory only" in caplog.text


def test_the_question_counts_down_and_a_touch_beside_the_faces_starts_it_again(rater, serve):
    serve()
    rater.pass_time(0)
    assert "60 秒后" in rater.says("hint")
    rater.pass_time(50)
    assert "10 秒后" in rater.says("hint")
    QTest.mouseClick(rater.view, Qt.MouseButton.LeftButton, pos=QPoint(683, 75))
    rater.pass_time(50)
    assert rater.page() == "AskPage"
    assert "10 秒后" in rater.says("hint")


def test_the_reasons_say_at_last_that_they_will_be_sent(rater, serve):
    visit = serve()
    rater.touch("level-2")
    rater.pass_time(40)
    assert rater.says("hint") == "原因可选一项或多项，也可不选"
    rater.pass_time(8)
    assert rater.says("hint") == "12 秒后自动提交，点一下屏幕可以继续选"
    rater.pass_time(12)
    assert rater.rating(visit).level == 2
