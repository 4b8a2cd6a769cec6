"""A day of many plain visits, through the services."""

from __future__ import annotations

from hallapp.domain.events import By, Clerk
from hallapp.domain.handling import Outcome
from hallapp.domain.staff import Staff
from hallapp.services import counter, kiosk, visits
from hallapp.services import staff as staff_service
from hallapp.services.hall import Hall


def play_day(hall: Hall, number: int) -> None:
    by, clerk = By("kiosk"), Clerk("window-1", "0312", 1)
    staff_service.add_staff(hall, by, Staff("0312", "王芳"), "geheim12")
    staff_service.sign_in(hall, "window-1", "0312", "geheim12", 1)
    codes = [code for group in hall.catalogue.groups for code in group.items]
    for turn in range(number):
        kiosk.issue(hall, by, kiosk.Wish("enrol"))
        counter.call_next(hall, clerk)
        hall.clock.advance(seconds=15)
        counter.arrive(hall, clerk)
        item = visits.start_item(hall, clerk, codes[turn % len(codes)])
        hall.clock.advance(seconds=60)
        visits.finish_item(hall, clerk, item.id, Outcome.COMPLETED)
        visits.finish_visit(hall, clerk)
