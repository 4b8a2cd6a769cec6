"""Reading print jobs."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, text

from hallapp.domain.printing import PrintJob
from hallapp.store import tables
from hallapp.store.prepared import Prepared
from hallapp.store.rows import every, first

_job = tables.print_job
_OPEN = select(_job).where(
    _job.c.hall_id == bindparam("hall"), text("state NOT IN ('printed', 'cancelled')")).order_by(_job.c.id)
_JOB = Prepared(select(_job).where(_job.c.hall_id == bindparam("hall"), _job.c.id == bindparam("job")))
_ALL_OPEN, _OPEN_AT = Prepared(_OPEN), Prepared(_OPEN.where(_job.c.printer == bindparam("at")))


def job(db: Connection, hall_id: str, job_id: int) -> PrintJob | None:
    return first(db, PrintJob, _JOB, {"hall": hall_id, "job": job_id})


def open_jobs(db: Connection, hall_id: str, printer: str | None = None) -> tuple[PrintJob, ...]:
    """Jobs not yet printed or given up, oldest first."""
    if printer is None:
        return every(db, PrintJob, _ALL_OPEN, {"hall": hall_id})
    return every(db, PrintJob, _OPEN_AT, {"hall": hall_id, "at": printer})
