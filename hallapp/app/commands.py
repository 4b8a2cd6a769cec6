"""Commands that open no window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from hallapp.app.hall import hall_for
from hallapp.domain.errors import HallError
from hallapp.ui.commands import TEXTS
from hallapp.ui.startup import startup_sentence


def guarded(work: Callable[[], int]) -> int:
    """Run ``work``; an expected failure becomes one sentence on stderr and exit status 1."""
    try:
        return work()
    except HallError as error:
        print(startup_sentence(error), file=sys.stderr)
        return 1
    except PermissionError as error:  # of a folder that may not even be looked into
        print(TEXTS["no_rights"].format(where=error.filename or ""), file=sys.stderr)
        return 1


def write_report(folder: Path, day: date | None, out: Path | None) -> int:
    """``hallapp report``: the day's PDF, never a half-written one."""
    from hallapp.services.files import save_file
    from hallapp.services.reports import report_pdf

    with hall_for("report", folder) as hall:
        day = day or hall.today()
        path = save_file(report_pdf(hall, day), out or Path(f"report-{day}.pdf"))
    print(TEXTS["report_done"].format(path=path))
    return 0
