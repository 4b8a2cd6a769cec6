"""The report of a day with 300 visits against reportlab writing the same pages from figures that are given."""

from __future__ import annotations

from datetime import date
from statistics import median
from time import perf_counter

import pytest

from hallapp.documents.daily_report import daily_report
from hallapp.services import reports
from tests.benchmarks.busy_day import play_day

pytestmark = pytest.mark.benchmark


def test_a_day_of_300_visits_takes_at_most_four_times_its_pages(hall):
    play_day(hall, 300)
    day = date(2026, 11, 23)
    constant = reports.figures(hall, day)
    reports.report_pdf(hall, day)  # fonts are read once
    ours, pages = [], []
    for _ in range(5):
        begun = perf_counter()
        reports.report_pdf(hall, day)
        ours.append(perf_counter() - begun)
        begun = perf_counter()
        daily_report(constant, hall.info, hall.catalogue, {}, hall.rules, hall.clock.now())
        pages.append(perf_counter() - begun)
    print(f"\nreport {median(ours):.2f} s, its pages {median(pages):.2f} s, ratio {median(ours) / median(pages):.2f}")
    assert median(ours) <= 4 * median(pages)
