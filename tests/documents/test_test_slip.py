from datetime import datetime

import pytest

from drivers.escpos import PAPER_58, PAPER_80, PrinterProfile
from hallapp.documents import test_slip as page
from hallapp.domain.rules import HallInfo
from tests.documents.slip_reader import lines, pictures, scanned

HALL = HallInfo("h1", "上冈镇为民服务中心")
AT = datetime(2026, 11, 23, 9, 42)


@pytest.mark.parametrize("profile", [PAPER_58, PrinterProfile(dots=512, columns=42), PAPER_80])
def test_the_page_tries_the_width_the_sizes_a_drawn_line_and_both_codes(profile):
    slip = page.test_slip(HALL, profile, AT)
    printed = lines(slip, profile)
    ruler = next(line.text for line in printed if line.text.startswith("123"))
    assert len(ruler) == profile.columns
    assert f"{profile.columns}个数字" in "".join(line.text for line in printed)
    assert {line.high for line in printed} == {1, 2, 6}
    assert "2026-11-23 09:42" in [line.text for line in printed]
    assert [high for _, high, _ in pictures(slip) if high > 2] == [30]
    assert list(scanned(slip, profile).values()) == ["TEST202611230942"] * 2
    assert all(line.columns <= profile.columns for line in printed)
