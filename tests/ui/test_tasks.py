"""Work off the UI thread."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from hallapp.domain.errors import NotFound, StoreError
from hallapp.ui.tasks import Tasks


@pytest.fixture
def running(qapp):
    made = Tasks()
    yield made
    made.close()


def test_answers_come_in_the_order_asked(running, qtbot):
    owner, answers = QObject(), []
    for number in range(5):
        running.run(owner, lambda number=number: number, answers.append)
    qtbot.waitUntil(lambda: not running.busy)
    assert answers == [0, 1, 2, 3, 4]


def test_an_expected_error_goes_to_whoever_expects_it(running, qtbot):
    def work():
        raise NotFound("A001")

    owner, answers, refusals, bugs = QObject(), [], [], []
    running.failed.connect(bugs.append)
    running.run(owner, work, answers.append, {NotFound: refusals.append})
    running.run(owner, work, answers.append, {StoreError: refusals.append})
    qtbot.waitUntil(lambda: not running.busy)
    assert answers == []
    assert [type(each) for each in refusals] == [NotFound]
    assert [type(each) for each in bugs] == [NotFound]


def test_nobody_is_told_who_has_gone(running, qtbot):
    owner, answers = QObject(), []
    running.run(owner, lambda: 1, answers.append)
    delete(owner)
    qtbot.waitUntil(lambda: not running.busy)
    assert answers == []


def test_after_the_close_nothing_runs(running, qtbot):
    ran = []
    running.close()
    running.run(QObject(), lambda: ran.append(1), ran.append)
    assert not running.busy
    assert ran == []


def test_whoever_waits_hears_of_a_bug_too_and_it_is_still_told_as_one(running, qtbot):
    def broken(error):
        raise error

    owner, heard, bugs = QObject(), [], []
    running.failed.connect(bugs.append)
    for error in (NotFound("A001"), ZeroDivisionError()):
        running.run(owner, lambda error=error: broken(error), heard.append, {Exception: heard.append})
    qtbot.waitUntil(lambda: not running.busy)
    assert [type(each) for each in heard] == [NotFound, ZeroDivisionError]
    assert [type(each) for each in bugs] == [ZeroDivisionError]
