"""A new password from the terminal: for the supervisor who forgot the only one that could set it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hallapp.app.address import ask_password
from hallapp.app.hall import hall_for
from hallapp.domain.errors import WeakPassword
from hallapp.domain.events import By
from hallapp.services.staff import change_staff, everyone
from hallapp.ui.commands import TEXTS


def run_password(folder: Path, number: str, ask: Callable[[str], str] = ask_password) -> int:
    """``hallapp password``: asks twice; the account is in use again. Whoever may write the data folder may do it, and
    the event log keeps that it was done."""
    try:
        with hall_for("password", folder) as hall:
            staff = {member.number: member for member in everyone(hall)}
            if number not in staff:
                return _refused("password_unknown", number=number, known="、".join(staff) or "—")
            password = ask("password_new")
            if ask("password_again") != password:
                return _refused("password_differs")
            change_staff(hall, By("setup"), replace(staff[number], active=True), password)
    except WeakPassword as error:
        return _refused("password_short", minimum=error.minimum)
    print(TEXTS["password_done"].format(number=number, name=staff[number].name))
    return 0


def _refused(text: str, **values: object) -> int:
    print(TEXTS[text].format(**values), file=sys.stderr)
    return 1
