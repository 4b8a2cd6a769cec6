"""The daily report: a day's records, its figures, its PDF."""

from __future__ import annotations

from datetime import date

from hallapp.domain.figures import DayFigures, DayRecords, day_figures
from hallapp.services.hall import Hall, look
from hallapp.store import appointments, log, people, queue, ratings, visits


def records(hall: Hall, day: date) -> DayRecords:
    """All rows of a business day, seen at one moment."""
    with look(hall) as db:
        return DayRecords(
            tickets=queue.tickets_of_day(db, hall.id, day), calls=queue.calls_of_day(db, hall.id, day),
            visits=visits.visits_of_day(db, hall.id, day), items=visits.items_of_day(db, hall.id, day),
            intervals=visits.intervals_of_day(db, hall.id, day), notices=visits.notices_of_day(db, hall.id, day),
            others=visits.carried_into(db, hall.id, day), ratings=ratings.ratings_of_day(db, hall.id, day),
            appointments=appointments.of_day(db, hall.id, day),
        )


def figures(hall: Hall, day: date) -> DayFigures:
    return day_figures(day, records(hall, day), hall.rules)


def report_pdf(hall: Hall, day: date) -> bytes:
    """The daily report as PDF; a proper empty one for a day without data."""
    from hallapp.documents.daily_report import daily_report  # reportlab is slow to import

    with look(hall) as db:
        staff = {member.number: member for member in people.all_staff(db, hall.id)}
    return daily_report(figures(hall, day), hall.info, hall.catalogue, staff, hall.rules, hall.clock.now())


def days(hall: Hall) -> tuple[date, ...]:
    """The days on which anything happened, newest first."""
    with look(hall) as db:
        return log.days(db, hall.id)
