"""The counter says that the visitor before is being asked or has rated, and never how."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from hallapp.documents.wording import LEVELS
from hallapp.domain.events import By
from hallapp.domain.rating import Level
from hallapp.services import ratings

RATER = By("rater-1")


@pytest.fixture
def served(counter, hall):
    """``served()``: the visitor has just left; the visit."""

    def serve():
        counter.view.asks = True
        counter.press("F2 F2 2 Enter 1 F12")
        return ratings.to_rate(hall, 1)

    return serve


def texts(counter):
    return " ".join(label.text() for label in counter.view.findChildren(QLabel) if label.isVisible())


def refreshed(counter):
    counter.presenter.read()
    counter.settle()
    return counter.view.visit.hint.text()


def test_it_says_who_is_being_asked_until_the_time_is_over(counter, served):
    served()
    assert counter.view.visit.hint.text() == "按 F2 呼叫下一位。\n上一位 A001：正在请群众评价"
    counter.pass_time(59)
    assert "正在请群众评价" in counter.view.visit.hint.text()
    counter.pass_time(1)
    assert counter.view.visit.hint.text() == "按 F2 呼叫下一位。"


@pytest.mark.parametrize("level", Level)
def test_it_says_that_there_is_a_rating_and_not_which(counter, served, hall, level):
    ratings.rate(hall, RATER, served().id, level)
    assert refreshed(counter) == "按 F2 呼叫下一位。\n上一位 A001：已评价"
    assert not any(word in texts(counter) for word in LEVELS.values())


def test_it_says_that_there_is_none(counter, served, hall):
    ratings.not_rated(hall, RATER, served().id)
    assert refreshed(counter) == "按 F2 呼叫下一位。\n上一位 A001：未评价"


def test_it_stays_while_the_next_one_is_called_and_goes_when_they_sit_down(counter, served, hall):
    ratings.rate(hall, RATER, served().id, 5)
    counter.press("F2")
    assert counter.view.visit.hint.text() == "群众到窗口后按 F2。\n没有来：再呼 1 次（F3）可过号。\n上一位 A001：已评价"
    counter.press("F2")
    assert "上一位" not in counter.view.visit.hint.text()


def test_a_walk_in_has_no_number(counter, hall):
    counter.view.asks = True
    counter.press("F10 2 Enter 1 F12")
    assert "上一位 无号接待：正在请群众评价" in counter.view.visit.hint.text()


def test_where_nobody_is_asked_nothing_is_said(counter):
    counter.press("F2 F2 2 Enter 1 F12")
    assert counter.view.visit.hint.text() == "按 F2 呼叫下一位。"
