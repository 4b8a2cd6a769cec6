"""Turns of a printer against a simulated one on a real socket: every slip once, none lost, none repeated unasked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from drivers.escpos import PAPER_58, PAPER_80, PrinterProfile
from drivers.printer import EscposPrinter
from drivers.sim.line import LineFault
from drivers.sim.mechanism import Fault
from drivers.sim.printer import PrinterSimulator
from drivers.transport import NetworkTransport
from hallapp.devices.printers import HallPrinter, make_printer
from hallapp.devices.settings import PrinterSettings
from hallapp.documents.fonts import font_file
from hallapp.domain.events import By
from hallapp.domain.notice import NoticeLine, Situation
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, SlipKind, Trouble
from hallapp.services import kiosk, notices, printing, slips, visits
from hallapp.services.handover import Handover
from hallapp.services.kiosk import Wish
from hallapp.services.notices import NoticeDraft
from tests.documents.slip_reader import running_text
from tests.services.conftest import KIOSK

WORKER = By("printer-kiosk")
READY = DeviceStatus("kiosk", "printer", DeviceState.READY)


def down(trouble):
    return DeviceStatus("kiosk", "printer", DeviceState.DOWN, trouble)


@pytest.fixture
def simulator():
    with PrinterSimulator() as simulated:
        yield simulated


@pytest.fixture
def printer(simulator):
    made = make_printer(PrinterSettings("kiosk", "network", f"127.0.0.1:{simulator.port}", PAPER_80), font_file())
    yield made
    made.close()


@pytest.fixture
def seen():
    """What the turns reported of the printer."""
    return []


@pytest.fixture
def turn(hall, printer, seen):
    """``turn()``: one turn; seconds to the next."""
    return lambda: slips.take_turn(hall, WORKER, printer, seen.append)


@pytest.fixture
def job_id(hall):
    """A ticket's slip that waits for the printer."""
    return kiosk.issue(hall, KIOSK, Wish("enrol", "NT02"), "kiosk").job_id


@pytest.fixture
def job_of(hall):
    return lambda job_id: next((job for job in printing.open_jobs(hall) if job.id == job_id), None)


def result(job):
    return (job.state, job.problem)


@pytest.fixture
def fates(events):
    """``fates(job_id)``: the states a job was brought to, in order."""

    def read(job_id):
        return [event.data["state"] for event in events() if event.data.get("job") == job_id]

    return read


# -- all is well


def test_a_job_is_printed_exactly_once(hall, simulator, turn, job_id, fates):
    assert turn() == slips.AT_ONCE
    assert turn() == slips.RARELY
    [slip] = simulator.wait_for_slips(1)
    assert slip.startswith(b"\x1b@")
    assert "A001" in running_text(slip, PAPER_80)
    assert fates(job_id) == ["sending", "printed"]
    assert printing.open_jobs(hall) == ()


def test_slips_come_out_in_the_order_they_were_asked_for_one_a_turn(hall, simulator, turn):
    numbers = [kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").ticket.number for _ in range(3)]
    assert [turn() for _ in range(4)] == [slips.AT_ONCE] * 3 + [slips.RARELY]
    for number, slip in zip(numbers, simulator.wait_for_slips(3), strict=True):
        assert number in running_text(slip, PAPER_80)


def test_another_printers_jobs_are_left_to_it(hall, simulator, turn):
    other = kiosk.issue(hall, KIOSK, Wish("enrol"), "counter").job_id
    assert turn() == slips.RARELY
    assert [job.id for job in printing.open_jobs(hall, "counter")] == [other]
    assert simulator.slips == []


def test_a_turn_without_work_reports_how_the_printer_is(turn, seen):
    assert turn() == slips.RARELY
    assert seen == [READY]


def test_a_ticket_names_its_business_its_item_and_the_materials(turn, simulator, job_id):
    turn()
    text = running_text(simulator.wait_for_slips(1)[0], PAPER_80)
    assert all(words in text for words in ("参保登记", "城乡居民参保登记", "有效身份证件"))
    assert "补打" not in text


def test_a_reprint_is_marked_as_a_copy(hall, turn, simulator, job_of, job_id):
    ticket_id = job_of(job_id).ref_id
    turn()
    printing.reprint(hall, KIOSK, SlipKind.TICKET, ticket_id, "kiosk")
    turn()
    first, again = [running_text(slip, PAPER_80) for slip in simulator.wait_for_slips(2)]
    assert again == first.replace("您的号码", "您的号码（补打）", 1) != first


def test_a_notice_is_printed_with_the_name_of_who_gave_it(hall, clerk, served, turn, simulator):
    served(clerk)
    item = visits.start_item(hall, clerk, "NT13")
    line = NoticeLine("医院收费票据", True, 0, "就诊医院")
    given = notices.give_notice(hall, clerk, NoticeDraft(item.id, Situation.INCOMPLETE, (line,)), "kiosk")
    turn()
    printing.reprint(hall, clerk, SlipKind.NOTICE, given.id, "kiosk")
    turn()
    first, again = [running_text(slip, PAPER_80) for slip in simulator.wait_for_slips(2)]
    assert all(words in first for words in (f"编号 {given.number}", "门诊费用报销", "就诊医院", "王芳（工号0312）"))
    assert f"编号 {given.number}（补打）" in again


def test_a_test_page_tells_the_time_in_the_hall(hall, turn, simulator):
    printing.reprint(hall, KIOSK, SlipKind.TEST, 0, "kiosk")
    turn()
    text = running_text(simulator.wait_for_slips(1)[0], PAPER_80)
    assert "2026-11-23 09:00" in text
    assert "补打" not in text


def test_the_slip_is_made_for_the_printers_paper(hall, job_of, job_id):
    job = job_of(job_id)
    assert slips.build(hall, job, PAPER_58) != slips.build(hall, job, PAPER_80)


def test_paper_near_its_end_is_a_warning_and_the_slip_comes_out(simulator, turn, seen, fates, job_id):
    simulator.set(Fault.NEAR_END)
    assert turn() == slips.AT_ONCE
    assert fates(job_id) == ["sending", "printed"]
    assert turn() == slips.RARELY
    assert seen == [DeviceStatus("kiosk", "printer", DeviceState.WARNING, Trouble.PAPER_LOW)] * 2


# -- a slip handed over with its number, past the queue


class Taken(Handover):
    """Shows what was given and what became of it."""

    def __init__(self):
        super().__init__(patience=0)
        self.given, self.told = [], []

    def give(self, job, ticket):
        self.given.append((job, ticket))
        super().give(job, ticket)

    def settle(self, valid):
        self.told.append(valid)
        super().settle(valid)


@pytest.fixture
def handed(hall):
    """``handed()``: a number issued where the printer is served; what was handed over."""

    def issue(request=None):
        taken = Taken()
        kiosk.issue(hall, KIOSK, Wish("enrol", request=request), "kiosk", lambda: taken)
        return taken

    return issue


@pytest.fixture
def print_handed(hall, printer, seen):
    return lambda handover: slips.print_issued(hall, WORKER, printer, seen.append, handover)


def test_a_slip_with_nothing_before_it_is_recorded_as_being_sent_with_its_number(hall, handed, job_of, events):
    [(job, ticket)] = handed().given
    assert job_of(job.id) == job
    assert (job.state, job.ref_id) == (JobState.SENDING, ticket.id)
    assert len(events()) == 1


def test_a_slip_handed_over_is_printed_exactly_once(simulator, handed, print_handed, turn, job_of, fates):
    taken = handed()
    [(job, ticket)] = taken.given
    print_handed(taken)
    assert turn() == slips.RARELY
    [slip] = simulator.wait_for_slips(1)
    assert ticket.number in running_text(slip, PAPER_80)
    assert fates(job.id) == ["printed"]
    assert job_of(job.id) is None


def test_a_slip_is_given_before_the_commit_and_may_go_out_after_it(hall, job_of):
    seen_by_others = []

    class Watched(Handover):
        def give(self, job, _ticket):
            seen_by_others.append(job_of(job.id))
            self.job = job

        def settle(self, valid):
            seen_by_others.append((valid, job_of(self.job.id).id))

    issued = kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk", lambda: Watched(0))
    assert seen_by_others[:2] == [None, (True, issued.job_id)]


def test_what_is_said_first_of_a_number_holds(handed):
    taken = handed()
    assert taken.told == [True, False]
    assert taken.valid_slip() == taken.given[0]


def test_a_slip_whose_number_was_not_committed_stays_in(hall, simulator, print_handed, fates):
    taken = Taken()
    with pytest.raises(TypeError):
        kiosk.issue(hall, By("kiosk", object()), Wish("enrol"), "kiosk", lambda: taken)
    assert (len(taken.given), taken.told) == (1, [False])
    print_handed(taken)
    simulator.set(Fault.PAPER_OUT)
    print_handed(taken)
    assert (simulator.slips, fates(taken.given[0][0].id)) == ([], [])


def test_a_wish_fulfilled_before_hands_nothing_over(handed, print_handed, simulator):
    handed("tap-1")
    again = handed("tap-1")
    assert (again.given, again.told) == ([], [False])
    print_handed(again)
    assert simulator.slips == []


def test_the_printer_is_asked_while_the_number_is_not_there_yet(hall, simulator, printer, seen):
    """A number that is slow to be had must find a printer that is ready."""
    handover, asked = Handover(0), Event()

    class Slow(Handover):
        def slip(self):
            asked.set()
            return handover.slip()

    watched = Slow(0)
    with ThreadPoolExecutor(1) as pool:
        printing_it = pool.submit(slips.print_issued, hall, WORKER, printer, seen.append, watched)
        assert asked.wait(10)  # nothing is given yet, and all was said that comes before a slip
        assert simulator.slips == []
        handover.settle(False)
        watched.settle(False)
        printing_it.result()
    assert [status.state for status in seen] == [DeviceState.READY]


def test_a_turn_leaves_a_slip_alone_that_is_being_handed_over_and_asks_nothing_meanwhile(
    simulator, handed, turn, seen, fates
):
    [(job, _ticket)] = handed().given
    assert turn() == slips.RARELY
    assert (seen, simulator.slips, fates(job.id)) == ([], [], [])


def test_a_slip_that_nobody_sent_to_its_end_is_asked_about_after_two_minutes(hall, clock, handed, turn, job_of):
    [(job, _ticket)] = handed().given
    clock.advance(seconds=slips.LONGEST - 1)
    turn()
    assert job_of(job.id).state is JobState.SENDING
    clock.advance(seconds=1)
    turn()
    assert result(job_of(job.id)) == (JobState.UNKNOWN, "interrupted")


@pytest.mark.parametrize("before", [JobState.QUEUED, JobState.SENDING, JobState.FAILED, JobState.UNKNOWN])
def test_a_slip_with_another_before_it_queues_up(hall, handed, job_id, job_of, before):
    if before is not JobState.QUEUED:
        printing.start(hall, WORKER, job_id)
    if before in (JobState.FAILED, JobState.UNKNOWN):
        printing.failed(hall, WORKER, job_id, Trouble.SILENT, unknown=before is JobState.UNKNOWN)
    assert handed().given == []
    assert [job.state for job in printing.open_jobs(hall, "kiosk")] == [before, JobState.QUEUED]


def test_another_printers_slip_is_not_before_it(hall, handed):
    kiosk.issue(hall, KIOSK, Wish("enrol"), "counter")
    assert len(handed().given) == 1


def test_a_double_tap_hands_one_slip_over(handed):
    assert [len(handed("tap-1").given) for _ in range(2)] == [1, 0]


def test_a_slip_that_a_crash_cut_off_after_its_number_is_asked_about_and_not_repeated(
    hall, simulator, handed, turn, job_of
):
    [(job, _ticket)] = handed().given
    printing.doubt_interrupted(hall, WORKER, "kiosk")
    turn()
    assert result(job_of(job.id)) == (JobState.UNKNOWN, "interrupted")
    assert simulator.slips == []


def test_a_handed_slip_waits_for_paper_and_then_comes_out_once(
    hall, simulator, handed, print_handed, turn, job_of, fates
):
    simulator.set(Fault.PAPER_OUT)
    taken = handed()
    [(job, _ticket)] = taken.given
    print_handed(taken)
    assert result(job_of(job.id)) == (JobState.FAILED, Trouble.PAPER_OUT)
    simulator.set(Fault.PAPER_OUT, on=False)
    turn()
    turn()
    assert len(simulator.wait_for_slips(1)) == 1
    assert fates(job.id) == ["failed", "sending", "printed"]


def test_a_handed_slip_that_cannot_be_built_is_not_in_doubt(hall, simulator, handed, print_handed, job_of):
    [(job, ticket)] = handed().given
    broken = Handover(0)
    broken.give(job, replace(ticket, number=None))
    broken.settle(True)
    with pytest.raises(TypeError):
        print_handed(broken)
    assert result(job_of(job.id)) == (JobState.FAILED, Trouble.PROGRAM)
    assert simulator.slips == []


def test_an_unexpected_error_in_a_turn_is_a_fault_until_a_turn_succeeds(turn, printer, seen):
    status = printer.status

    def fail():
        raise ZeroDivisionError

    printer.status = fail
    with pytest.raises(ZeroDivisionError):
        turn()
    assert seen == [down(Trouble.PROGRAM)]
    printer.status = status
    turn()
    assert seen[1:] == [READY]


# -- the printer cannot print


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault.PAPER_OUT, Trouble.PAPER_OUT), (Fault.COVER_OPEN, Trouble.COVER_OPEN), (Fault.CUTTER, Trouble.CUTTER),
        (Fault.OFFLINE, Trouble.OFFLINE),
    ],
)
def test_a_job_waits_for_a_printer_that_cannot_print_and_then_comes_out_once(
    simulator, turn, seen, fates, job_of, job_id, fault, trouble
):
    simulator.set(fault)
    assert turn() == slips.SOON
    assert result(job_of(job_id)) == (JobState.FAILED, trouble)
    assert seen[-1] == down(trouble)
    assert turn() == slips.SOON
    assert fates(job_id) == ["sending", "failed"], "looking again is no news"
    assert simulator.slips == []
    simulator.set(fault, on=False)
    assert turn() == slips.AT_ONCE
    assert turn() == slips.RARELY
    assert seen[-1] == READY
    assert len(simulator.wait_for_slips(1)) == 1
    assert fates(job_id) == ["sending", "failed", "sending", "printed"]


def test_a_new_roll_brings_out_what_the_empty_one_could_not(simulator, turn, fates, job_of, job_id):
    simulator.load(0)
    turn()
    assert result(job_of(job_id)) == (JobState.FAILED, Trouble.PAPER_OUT)
    simulator.load(100)
    turn()
    assert len(simulator.wait_for_slips(1)) == 1
    assert job_of(job_id) is None


def test_another_trouble_takes_the_place_of_the_first(simulator, turn, seen, job_of, job_id):
    simulator.set(Fault.PAPER_OUT)
    turn()
    simulator.set(Fault.COVER_OPEN)
    simulator.set(Fault.PAPER_OUT, on=False)
    assert turn() == slips.SOON
    assert result(job_of(job_id)) == (JobState.FAILED, Trouble.COVER_OPEN)
    assert seen[-1] == down(Trouble.COVER_OPEN)


def test_a_job_given_up_while_the_printer_is_asked_is_left_alone(hall, simulator, printer, turn, job_of, job_id):
    simulator.set(Fault.PAPER_OUT)
    turn()
    simulator.set(Fault.PAPER_OUT, on=False)
    simulator.set(Fault.COVER_OPEN)

    def given_up(status):
        printing.cancel(hall, KIOSK, job_id)

    assert slips.take_turn(hall, WORKER, printer, given_up) == slips.AT_ONCE
    assert job_of(job_id) is None
    assert simulator.slips == []


def test_the_slips_behind_one_that_waits_follow_it_in_order(hall, simulator, turn):
    numbers = [kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").ticket.number for _ in range(2)]
    simulator.set(Fault.COVER_OPEN)
    turn()
    simulator.set(Fault.COVER_OPEN, on=False)
    turn()
    turn()
    printed = [running_text(slip, PAPER_80) for slip in simulator.wait_for_slips(2)]
    assert [number in text for number, text in zip(numbers, printed, strict=True)] == [True, True]


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.CUTTER, Fault.OFFLINE])
def test_trouble_is_reported_before_anybody_wants_a_slip(simulator, turn, seen, fault):
    simulator.set(fault)
    assert turn() == slips.SOON
    assert seen == [down(Trouble(fault.value))]


def test_a_printer_that_answers_nothing_gets_nothing(hall, simulator, seen, job_of, job_id):
    simulator.set(LineFault.SILENT)
    impatient = NetworkTransport("127.0.0.1", simulator.port, timeout=0.1)
    printer = HallPrinter("kiosk", EscposPrinter(impatient, PAPER_80), PAPER_80)
    assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.SOON
    assert result(job_of(job_id)) == (JobState.FAILED, Trouble.SILENT)
    assert seen == [down(Trouble.SILENT)]
    assert (simulator.slips, simulator.unfinished) == ([], b"")


def test_a_printer_that_is_not_there_is_silent_and_serves_once_it_is(hall, seen, fates, job_of, job_id):
    with PrinterSimulator() as gone:
        port = gone.port
    printer = make_printer(PrinterSettings("kiosk", "network", f"127.0.0.1:{port}", PAPER_80), font_file())
    assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.SOON
    assert result(job_of(job_id)) == (JobState.FAILED, Trouble.SILENT)
    with PrinterSimulator(port) as back:
        assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.AT_ONCE
        assert len(back.wait_for_slips(1)) == 1
        printer.close()
    assert fates(job_id) == ["sending", "failed", "sending", "printed"]


def test_a_printer_that_cannot_answer_prints_and_its_state_is_told_as_unknown_not_as_ready(
    hall, simulator, seen, fates, job_id
):
    mute = PrinterProfile(can_answer=False)
    printer = make_printer(PrinterSettings("kiosk", "network", f"127.0.0.1:{simulator.port}", mute), font_file())
    assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.AT_ONCE
    assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.RARELY
    assert seen == [DeviceStatus("kiosk", "printer", DeviceState.WARNING, Trouble.UNWATCHED)] * 2
    assert fates(job_id) == ["sending", "printed"]
    assert len(simulator.wait_for_slips(1)) == 1
    printer.close()


# -- nobody knows what is on paper


@pytest.fixture
def cut_off(simulator, turn, job_id):
    """The paper ran out in the middle of the job's slip."""
    simulator.fail_after(300, Fault.PAPER_OUT)
    assert turn() == slips.SOON
    simulator.set(Fault.PAPER_OUT, on=False)


def test_a_slip_cut_off_in_the_middle_is_doubtful_and_never_sent_again_by_itself(
    simulator, turn, seen, fates, job_of, job_id, cut_off
):
    assert result(job_of(job_id)) == (JobState.UNKNOWN, Trouble.PAPER_OUT)
    assert seen == [down(Trouble.PAPER_OUT)]
    assert [turn(), turn()] == [slips.RARELY] * 2
    assert fates(job_id) == ["sending", "unknown"]
    assert len(simulator.slips) <= 1


def test_a_doubtful_slip_does_not_hold_up_the_next(hall, turn, fates, job_of, job_id, cut_off):
    following = kiosk.issue(hall, KIOSK, Wish("enrol"), "kiosk").job_id
    assert turn() == slips.AT_ONCE
    assert fates(following) == ["sending", "printed"]
    assert job_of(job_id).state is JobState.UNKNOWN


def test_a_doubtful_slip_that_is_not_on_paper_is_printed_again_by_a_persons_word(
    hall, simulator, turn, fates, job_of, job_id, cut_off
):
    before = len(simulator.slips)
    printing.decide(hall, KIOSK, job_id, on_paper=False)
    assert turn() == slips.AT_ONCE
    assert "A001" in running_text(simulator.wait_for_slips(before + 1)[-1].rpartition(b"\x1b@")[2], PAPER_80)
    assert fates(job_id) == ["sending", "unknown", "queued", "sending", "printed"]


def test_a_doubtful_slip_that_is_on_paper_is_done(hall, turn, fates, job_id, cut_off):
    printing.decide(hall, KIOSK, job_id, on_paper=True)
    assert turn() == slips.RARELY
    assert fates(job_id) == ["sending", "unknown", "printed"]


def test_a_connection_that_breaks_in_the_middle_leaves_doubt(simulator, turn, seen, fates, job_of, job_id):
    simulator.fail_after(300, LineFault.DROP)
    assert turn() == slips.SOON
    assert result(job_of(job_id)) == (JobState.UNKNOWN, Trouble.CUT_OFF)
    assert seen == [down(Trouble.CUT_OFF)]
    assert turn() == slips.RARELY
    assert seen[-1] == READY
    assert fates(job_id) == ["sending", "unknown"]


def test_a_slip_that_was_being_sent_when_the_program_died_is_doubtful_at_the_next_start(
    hall, turn, simulator, fates, job_of, job_id
):
    printing.start(hall, WORKER, job_id)
    assert turn() == slips.RARELY, "what is being sent is nobody else's to send"
    printing.doubt_interrupted(hall, WORKER, "kiosk")
    assert result(job_of(job_id)) == (JobState.UNKNOWN, "interrupted")
    assert turn() == slips.RARELY
    assert simulator.slips == []
    printing.decide(hall, KIOSK, job_id, on_paper=False)
    assert turn() == slips.AT_ONCE
    assert len(simulator.wait_for_slips(1)) == 1


def test_a_job_that_another_process_takes_first_is_left_to_it(
    hall, printer, simulator, seen, fates, job_id, monkeypatch
):
    """The other process takes it while this one reads the same slip's words."""
    simulator.set(Fault.PAPER_OUT)
    slips.take_turn(hall, WORKER, printer, seen.append)
    simulator.set(Fault.PAPER_OUT, on=False)

    ask = printer.status

    def taken_meanwhile():
        printing.start(hall, By("printer-other"), job_id)
        return ask()

    monkeypatch.setattr(printer, "status", taken_meanwhile)
    assert slips.take_turn(hall, WORKER, printer, seen.append) == slips.AT_ONCE
    assert fates(job_id) == ["sending", "failed", "sending"]
    assert simulator.slips == []
