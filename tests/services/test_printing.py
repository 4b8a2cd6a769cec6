"""Print jobs: printed once if all is well, never silently lost, never repeated by themselves."""

import pytest

from hallapp.domain.errors import NotFound, WrongState
from hallapp.domain.events import By
from hallapp.domain.printing import JobState, SlipKind
from hallapp.services import kiosk, printing
from hallapp.services.desk import desk
from hallapp.services.kiosk import Wish
from tests.services.conftest import KIOSK


@pytest.fixture
def job_id(hall):
    return kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").job_id


def state(hall):
    return [(job.state, job.problem) for job in printing.open_jobs(hall)]


STEPS = {
    "start": lambda hall, job: printing.start(hall, KIOSK, job),
    "printed": lambda hall, job: printing.printed(hall, KIOSK, job),
    "blocked": lambda hall, job: printing.blocked(hall, KIOSK, job, "paper_out"),
    "failed": lambda hall, job: printing.failed(hall, KIOSK, job, "silent", unknown=False),
    "lost": lambda hall, job: printing.failed(hall, KIOSK, job, "silent", unknown=True),
    "on_paper": lambda hall, job: printing.decide(hall, KIOSK, job, on_paper=True),
    "not_on_paper": lambda hall, job: printing.decide(hall, KIOSK, job, on_paper=False),
    "cancel": lambda hall, job: printing.cancel(hall, KIOSK, job),
}
WAY_TO = {
    JobState.QUEUED: [], JobState.SENDING: ["start"], JobState.PRINTED: ["start", "printed"],
    JobState.FAILED: ["start", "failed"], JobState.UNKNOWN: ["start", "lost"], JobState.CANCELLED: ["cancel"],
}
ALLOWED = {
    "start": {JobState.QUEUED: JobState.SENDING, JobState.FAILED: JobState.SENDING},
    "printed": {JobState.SENDING: JobState.PRINTED, JobState.UNKNOWN: JobState.PRINTED},
    "blocked": {JobState.QUEUED: JobState.FAILED, JobState.FAILED: JobState.FAILED},
    "failed": {JobState.SENDING: JobState.FAILED, JobState.UNKNOWN: JobState.FAILED},
    "lost": {JobState.SENDING: JobState.UNKNOWN, JobState.UNKNOWN: JobState.UNKNOWN},
    "on_paper": {JobState.UNKNOWN: JobState.PRINTED},
    "not_on_paper": {JobState.UNKNOWN: JobState.QUEUED},
    "cancel": dict.fromkeys((JobState.QUEUED, JobState.FAILED, JobState.UNKNOWN), JobState.CANCELLED),
}


@pytest.mark.parametrize("start", list(JobState))
@pytest.mark.parametrize("step", STEPS)
def test_a_job_takes_only_the_steps_of_its_state(hall, job_id, start, step):
    for name in WAY_TO[start]:
        STEPS[name](hall, job_id)
    if start in ALLOWED[step]:
        assert STEPS[step](hall, job_id).state is ALLOWED[step][start]
    else:
        with pytest.raises(WrongState):
            STEPS[step](hall, job_id)


def test_the_oldest_job_is_next_and_a_doubtful_one_never_by_itself(hall, job_id):
    second = kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").job_id
    assert printing.next_job(hall, "kiosk").id == job_id
    assert printing.next_job(hall, "counter") is None
    STEPS["start"](hall, job_id)
    STEPS["lost"](hall, job_id)
    assert printing.next_job(hall, "kiosk").id == second


def test_a_job_that_failed_with_nothing_on_paper_is_next_again(hall, job_id):
    STEPS["start"](hall, job_id)
    STEPS["failed"](hall, job_id)
    assert printing.next_job(hall, "kiosk").id == job_id
    assert state(hall) == [(JobState.FAILED, "silent")]
    assert [job.id for job in desk(hall, 1).troubled] == [job_id]


def test_a_problem_is_forgotten_once_the_slip_is_out(hall, job_id):
    STEPS["blocked"](hall, job_id)
    STEPS["start"](hall, job_id)
    assert STEPS["printed"](hall, job_id).problem == ""
    assert printing.open_jobs(hall) == ()


def test_a_job_cut_off_by_a_crash_is_doubtful(hall, job_id):
    STEPS["start"](hall, job_id)
    [doubted] = printing.doubt_interrupted(hall, KIOSK, "kiosk")
    assert (doubted.id, doubted.state, doubted.problem) == (job_id, JobState.UNKNOWN, "interrupted")
    assert printing.doubt_interrupted(hall, KIOSK, "kiosk") == ()


def test_only_this_printers_jobs_are_doubted(hall, job_id):
    STEPS["start"](hall, job_id)
    assert printing.doubt_interrupted(hall, KIOSK, "counter") == ()


def test_a_copy_is_marked_as_one(hall, job_id, events):
    ticket_id = printing.open_jobs(hall)[0].ref_id
    copy = printing.reprint(hall, By("window-1"), SlipKind.TICKET, ticket_id, "counter")
    assert (copy.copy, copy.ref_id, copy.printer) == (True, ticket_id, "counter")
    assert printing.content(hall, copy).ticket.id == ticket_id
    assert events()[-1].data == {"slip": "ticket", "ref": ticket_id}


def test_a_test_page_is_no_copy_and_needs_no_content(hall):
    page = printing.reprint(hall, KIOSK, SlipKind.TEST, 0, "kiosk")
    assert page.copy is False
    assert printing.content(hall, page) is None


@pytest.mark.parametrize("kind", [SlipKind.TICKET, SlipKind.NOTICE])
def test_what_does_not_exist_is_not_printed(hall, kind, events):
    with pytest.raises(NotFound):
        printing.reprint(hall, KIOSK, kind, 9999, "kiosk")
    assert events() == ()


def test_an_unknown_job_is_not_found(hall):
    with pytest.raises(NotFound):
        printing.start(hall, KIOSK, 9999)
