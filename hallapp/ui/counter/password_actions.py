"""The clerk's wish for another password: the dialog stays until one is kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from hallapp.domain.errors import WrongPassword
from hallapp.domain.staff import Staff
from hallapp.services.staff import change_password
from hallapp.ui.counter.dialogs.change_password import PasswordChange
from hallapp.ui.tasks import Tasks
from hallapp.ui.words import sentence, tr

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter


class PasswordActions(QObject):
    """Neither password is kept here longer than the question."""

    def __init__(self, owner: CounterPresenter, tasks: Tasks) -> None:
        super().__init__(owner)
        self._owner, self._tasks = owner, tasks
        self._asked: PasswordChange | None = None
        owner.view.password_requested.connect(self._on_password_requested)

    def _on_password_requested(self) -> None:
        self._asked = PasswordChange(self._owner.view)
        self._asked.change_requested.connect(self._on_change_requested)
        self._asked.open()

    def _on_change_requested(self, old: str, new: str) -> None:
        work = partial(change_password, self._owner.hall, self._owner.clerk, old, new)
        self._tasks.run(self, work, self._on_changed, {WrongPassword: self._on_wrong, Exception: self._on_refused})

    def _on_changed(self, _member: Staff) -> None:
        if self._asked is not None and isValid(self._asked):
            self._asked.accept()
        self._owner.tell(tr("密码已修改，下次登录请用新密码。"))

    def _on_wrong(self, _error: WrongPassword) -> None:
        self._refuse(tr("原密码不对，请重新输入。忘记密码请管理员重设。"), old=True)

    def _on_refused(self, error: Exception) -> None:
        self._refuse(sentence(error))

    def _refuse(self, words: str, old: bool = False) -> None:
        """In the dialog; or in the bar, if it was left meanwhile."""
        if self._asked is not None and isValid(self._asked) and self._asked.isVisible():
            self._asked.show_problem(words, old=old)
        else:
            self._owner.tell(tr("密码没有修改：%1", words), state="warning")
