"""Print jobs as the printer's worker and the staff see them.

queued -> sending -> printed | failed | unknown. A ticket's job may begin as
``sending`` (services.kiosk.issue). A job found in ``sending`` when its worker
starts was cut off by a crash: its fate is unknown, a person decides.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hallapp.domain.appointment import Appointment
from hallapp.domain.errors import NotFound, WrongState
from hallapp.domain.events import By, Kind
from hallapp.domain.notice import Notice
from hallapp.domain.printing import JobState, PrintJob, SlipKind
from hallapp.domain.staff import Staff
from hallapp.domain.ticket import Ticket
from hallapp.services.hall import Hall, Known, Step, look, step
from hallapp.store import appointments, jobs, people, queue, visits
from hallapp.store.rows import added, changed


@dataclass(frozen=True, slots=True)
class TicketContent:
    """What a ticket slip is built from."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """What a notice slip is built from; ``staff`` gave it."""

    notice: Notice
    staff: Staff


@dataclass(frozen=True, slots=True)
class AppointmentContent:
    """What an appointment's slip is built from."""

    appointment: Appointment


Content = TicketContent | NoticeContent | AppointmentContent


def next_job(hall: Hall, printer: str) -> PrintJob | None:
    """The oldest job that may be sent now: queued, or failed with nothing on paper."""
    for job in open_jobs(hall, printer):
        if job.state in (JobState.QUEUED, JobState.FAILED):
            return job
    return None


def being_sent(hall: Hall, printer: str) -> bool:
    return any(job.state is JobState.SENDING for job in open_jobs(hall, printer))


def open_jobs(hall: Hall, printer: str | None = None) -> tuple[PrintJob, ...]:
    """Jobs not yet printed or given up, oldest first."""
    with look(hall) as db:
        return jobs.open_jobs(db, hall.id, printer)


def open_slips(hall: Hall) -> tuple[tuple[PrintJob, str], ...]:
    """Every open job with its ticket's, notice's or appointment's number, empty for a test page."""
    with look(hall) as db:
        return tuple((job, _number(db, hall, job)) for job in jobs.open_jobs(db, hall.id, None))


def _number(db: Connection, hall: Hall, job: PrintJob) -> str:
    found = _paper(db, hall, job)
    if found is None:
        return ""
    return found.code.number if isinstance(found, Appointment) else found.number


def content(hall: Hall, job: PrintJob) -> Content | None:
    """What to print for ``job``; ``None`` for a test page. Raises NotFound."""
    with look(hall) as db:
        return _content(db, hall, job)


def _paper(db: Connection, hall: Hall, job: PrintJob) -> Ticket | Appointment | Notice | None:
    """What a job's slip is about; a test page is about nothing."""
    if job.kind is SlipKind.TICKET:
        return queue.ticket(db, hall.id, job.ref_id)
    if job.kind is SlipKind.APPOINTMENT:
        return appointments.appointment(db, hall.id, job.ref_id)
    return visits.notice(db, hall.id, job.ref_id) if job.kind is SlipKind.NOTICE else None


def _content(db: Connection, hall: Hall, job: PrintJob) -> Content | None:
    if job.kind is SlipKind.TEST:
        return None
    found = _paper(db, hall, job)
    if isinstance(found, Ticket):
        return TicketContent(found)
    if isinstance(found, Appointment):
        return AppointmentContent(found)
    staff = found and people.staff(db, hall.id, found.staff)
    if found and staff:
        return NoticeContent(found, staff)
    raise NotFound(f"{job.kind} {job.ref_id}")


def start(hall: Hall, by: By, job_id: int) -> PrintJob:
    """The worker is about to send: from here on a crash leaves an unknown fate."""
    with step(hall) as doing:
        job = _job(doing, job_id, JobState.QUEUED, JobState.FAILED)
        return _moved(doing, by, Kind.PRINT_STARTED, job, JobState.SENDING)


def printed(hall: Hall, by: By, job_id: int) -> PrintJob:
    with step(hall) as doing:
        # another process that started meanwhile may have doubted the job
        job = _job(doing, job_id, JobState.SENDING, JobState.UNKNOWN)
        return _moved(doing, by, Kind.PRINTED, job, JobState.PRINTED)


def blocked(hall: Hall, by: By, job_id: int, problem: str) -> PrintJob:
    """The printer cannot take the job now: nothing was sent, it waits and its problem is told."""
    with step(hall) as doing:
        job = _job(doing, job_id, JobState.QUEUED, JobState.FAILED)
        return _moved(doing, by, Kind.PRINT_FAILED, job, JobState.FAILED, problem)


def failed(hall: Hall, by: By, job_id: int, problem: str, *, unknown: bool) -> PrintJob:
    """Nothing reached the paper, or (``unknown``) part of it may have."""
    with step(hall) as doing:
        job = _job(doing, job_id, JobState.SENDING, JobState.UNKNOWN)
        return _moved(doing, by, Kind.PRINT_FAILED, job, JobState.UNKNOWN if unknown else JobState.FAILED, problem)


def doubt_interrupted(hall: Hall, by: By, printer: str, seconds: float = 0.0) -> tuple[PrintJob, ...]:
    """Jobs that have been ``sending`` for ``seconds`` or longer become unknown: at a worker's start all are what a
    crash left behind, later those that took longer than any printer does."""
    now = hall.clock.now()
    cut_off = [job for job in open_jobs(hall, printer) if job.state is JobState.SENDING
               and (now - (job.changed_at or job.created_at)).total_seconds() >= seconds]
    doubted = []
    for job in cut_off:
        with suppress(WrongState), step(hall) as doing:  # its own process may have written its fate meanwhile
            still = _job(doing, job.id, JobState.SENDING)
            doubted.append(_moved(doing, by, Kind.PRINT_FAILED, still, JobState.UNKNOWN, "interrupted"))
    return tuple(doubted)


def decide(hall: Hall, by: By, job_id: int, *, on_paper: bool) -> PrintJob:
    """A person looked at the printer: the doubtful slip is there, or is to be printed again."""
    with step(hall) as doing:
        job = _job(doing, job_id, JobState.UNKNOWN)
        return _moved(doing, by, Kind.PRINT_DECIDED, job, JobState.PRINTED if on_paper else JobState.QUEUED)


def cancel(hall: Hall, by: By, job_id: int) -> PrintJob:
    """Give up a job that waits; its number or notice stays valid."""
    with step(hall) as doing:
        job = _job(doing, job_id, JobState.QUEUED, JobState.FAILED, JobState.UNKNOWN)
        return _moved(doing, by, Kind.PRINT_DECIDED, job, JobState.CANCELLED)


def reprint(
    hall: Hall, by: By, kind: SlipKind, ref_id: int, printer: str, request: str | None = None
) -> PrintJob:
    """A further copy of a slip, marked as one, or a test page (``ref_id`` 0). Raises NotFound.

    ``request`` is the supervisor's id of this wish: twice the same is one copy.
    """
    try:
        with step(hall) as doing:
            doing.require_new(request)
            job = PrintJob(doing.id, doing.day, printer, kind, ref_id, doing.now, copy=kind is not SlipKind.TEST)
            _content(doing.db, hall, job)
            doing.record(Kind.REPRINTED, by, [added(job)], data={"slip": kind.value, "ref": ref_id}, request=request)
            return job
    except Known as known:
        with look(hall) as db:
            before = jobs.job(db, hall.id, known.event.seq)
        assert before  # never taken back
        return before


def _job(doing: Step, job_id: int, *states: JobState) -> PrintJob:
    job = jobs.job(doing.db, doing.hall.id, job_id)
    if job is None:
        raise NotFound(f"job {job_id}")
    if job.state not in states:
        raise WrongState(f"job {job_id}", job.state)
    return job


def _moved(doing: Step, by: By, kind: Kind, job: PrintJob, state: JobState, problem: str = "") -> PrintJob:
    new = replace(job, state=state, problem=problem, changed_at=doing.now)
    doing.record(kind, by, [changed(job, new)], data={"job": job.id, "slip": job.kind.value, "state": state.value,
                                                       **({"problem": problem} if problem else {})})
    return new
