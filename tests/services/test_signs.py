"""What the signs over the windows show of the hall."""

from functools import partial

from drivers.signs.onbon import OnbonSettings, OnbonSign
from drivers.signs.sign_text import SignText
from drivers.sim.sign import OnbonMachine
from hallapp.devices.signs import HallSign, SignLink
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.events import By, Clerk
from hallapp.domain.printing import Trouble
from hallapp.services import counter, kiosk, printing, staff, visits
from hallapp.services.hall import look
from hallapp.services.signs import concerns_signs, wanted_signs
from hallapp.store.log import events_after, last_seq
from tests.drivers.signs.wire import Wire

TEXTS = SignTexts()


def wanted(hall, window=1, texts=TEXTS):
    return next(one for one in wanted_signs(hall, texts) if one.text.window == window)


def test_a_window_s_sign_says_what_the_window_does(hall, signed_in, issue):
    assert wanted(hall).text == SignText("", 1, "")
    clerk = signed_in(1)
    assert wanted(hall).text == SignText("", 1, "热情为您服务")
    issue()
    counter.call_next(hall, clerk)
    assert wanted(hall).text == SignText("A001", 1, "请A001号到1号窗口")
    counter.arrive(hall, clerk)
    assert wanted(hall).text == SignText("A001", 1, "A001号办理中")
    visits.finish_visit(hall, clerk)
    staff.pause(hall, clerk, "lunch")
    assert wanted(hall).text == SignText("", 1, "暂停服务")
    assert [one.text.window for one in wanted_signs(hall, TEXTS)] == [1, 2, 3]


def test_who_came_without_a_number_is_served_without_one(hall, clerk):
    visits.walk_in(hall, clerk)
    assert wanted(hall).text == SignText("", 1, "办理中")


def test_a_recall_is_a_later_call_of_the_same_text(hall, clerk, issue, clock):
    assert wanted(hall).call == 0
    issue()
    counter.call_next(hall, clerk)
    first = wanted(hall)
    clock.advance(15)
    counter.recall(hall, clerk)
    again = wanted(hall)
    assert (again.text, again.call > first.call > 0) == (first.text, True)


def test_the_hall_has_its_own_words(hall, clerk, issue):
    issue()
    counter.call_next(hall, clerk)
    assert wanted(hall, texts=SignTexts(called="{window}窗 {number}")).text.text == "1窗 A001"
    assert wanted(hall, 2, SignTexts(closed="{window}号窗口未开放")).text.text == "2号窗口未开放"


def test_a_call_and_a_recall_reach_the_sign(hall, clerk, issue, clock):
    card = OnbonMachine()
    wire = Wire(card)
    link = SignLink("signs", [HallSign("sign-1", 1, OnbonSign(wire, OnbonSettings()))], wire,
                    lambda: wanted_signs(hall, TEXTS), lambda status: None, clock.monotonic)

    def pass_by(seconds):
        for _ in range(seconds * 4):
            link.turn()
            clock.advance(0.25)

    pass_by(1)
    issue()
    counter.call_next(hall, clerk)
    pass_by(15)
    counter.recall(hall, clerk)
    pass_by(5)
    counter.arrive(hall, clerk)
    pass_by(1)
    call = "请A001号到1号窗口"
    assert card.history == ["热情为您服务", call, *["", call] * 3, "A001号办理中"]


def test_numbers_and_slips_concern_no_sign_and_everything_at_a_window_does(hall, signed_in):
    def step(action):
        """Whether what came of an action concerns the signs, and whether they show something else after it."""
        with look(hall) as db:
            seq = last_seq(db, hall.id)
        before = wanted_signs(hall, TEXTS)
        action()
        with look(hall) as db:
            news = events_after(db, hall.id, seq)
        return concerns_signs(news), wanted_signs(hall, TEXTS) != before

    def slip():
        kiosk.issue(hall, By("kiosk"), kiosk.Wish("enrol"), "kiosk")
        job = printing.next_job(hall, "kiosk")
        printing.start(hall, By("printer-kiosk"), job.id)
        printing.failed(hall, By("printer-kiosk"), job.id, Trouble.PAPER_OUT, unknown=True)
        printing.decide(hall, By("supervisor"), job.id, on_paper=True)

    assert step(slip) == (False, False)
    clerk = Clerk("window-1", "0312", 1)
    assert step(lambda: signed_in(1)) == (True, True)
    for action in (counter.call_next, counter.arrive, visits.finish_visit):
        assert step(partial(action, hall, clerk)) == (True, True)
    assert step(partial(staff.pause, hall, clerk, "lunch")) == (True, True)
    assert step(partial(staff.sign_out, hall, clerk)) == (True, True)
    assert concerns_signs(())
