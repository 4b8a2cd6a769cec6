"""``hallapp password``: the way back in for a supervisor who forgot the only password that could set it."""

from dataclasses import replace

import pytest

from hallapp.app.hall import open_hall
from hallapp.app.marks import claimed_alone
from hallapp.app.staff import run_password
from hallapp.domain.events import By
from hallapp.domain.staff import Role, Staff
from hallapp.domain.upkeep import InUse
from hallapp.services import staff

FORGETFUL = Staff("0300", "周敏", Role.SUPERVISOR)


@pytest.fixture
def folder(tmp_path):
    """The data folder of a hall with one supervisor and one clerk."""
    hall, _config = open_hall(tmp_path)
    staff.add_staff(hall, By("setup"), FORGETFUL, "vergessen-1")
    staff.add_staff(hall, By("setup"), Staff("0312", "王芳"), "geheim-1")
    hall.store.close()
    return tmp_path


def typed(*words):
    """Answers the questions of the terminal in their order."""
    left = list(words)
    return lambda _asking: left.pop(0)


def opens(folder, number, password):
    hall, _config = open_hall(folder)
    try:
        return staff.check_password(hall, number, password)
    finally:
        hall.store.close()


def test_a_forgotten_password_is_set_anew(folder, capsys):
    assert run_password(folder, "0300", typed("gemerkt-1", "gemerkt-1")) == 0
    assert "0300 周敏" in capsys.readouterr().out
    assert opens(folder, "0300", "gemerkt-1") == FORGETFUL


def test_an_account_that_was_switched_off_is_in_use_again(folder):
    hall, _config = open_hall(folder)
    staff.change_staff(hall, By("setup"), replace(staff.everyone(hall)[1], active=False))
    hall.store.close()
    assert run_password(folder, "0312", typed("gemerkt-1", "gemerkt-1")) == 0
    assert opens(folder, "0312", "gemerkt-1").active


@pytest.mark.parametrize(("number", "words", "told"), [
    ("0399", (), "没有工号 0399，没有改动。本厅的工号有：0300、0312"),
    ("0300", ("gemerkt-1", "gemerkt-2"), "两次输入的密码不一样"),
    ("0300", ("kurz", "kurz"), "至少 6 位"),
])
def test_a_mistake_changes_nothing_and_is_told(folder, capsys, number, words, told):
    assert run_password(folder, number, typed(*words)) == 1
    assert told in capsys.readouterr().err
    assert opens(folder, "0300", "vergessen-1") == FORGETFUL


def test_no_backup_is_brought_back_while_it_asks(folder):
    def asked(_asking):
        with pytest.raises(InUse) as refused:
            claimed_alone(folder)
        assert refused.value.programs == ("password",)
        return "gemerkt-1"

    assert run_password(folder, "0300", asked) == 0
