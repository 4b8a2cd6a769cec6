"""Reading print jobs."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from hallapp.domain.printing import PrintJob
from hallapp.store import tables
from hallapp.store.rows import every, first

_job = tables.print_job
_OPEN = "state NOT IN ('printed', 'cancelled')"


def job(db: Connection, hall_id: str, job_id: int) -> PrintJob | None:
    return first(db, PrintJob, select(_job).where(_job.c.hall_id == hall_id, _job.c.id == job_id))


def open_jobs(db: Connection, hall_id: str, printer: str | None = None) -> tuple[PrintJob, ...]:
    """Jobs not yet printed or given up, oldest first."""
    query = select(_job).where(_job.c.hall_id == hall_id, text(_OPEN)).order_by(_job.c.id)
    if printer is not None:
        query = query.where(_job.c.printer == printer)
    return every(db, PrintJob, query)
