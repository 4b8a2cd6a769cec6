"""What a scanned text is, and that nothing else is kept of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallapp.domain.codes import (
    AppointmentCode,
    CredentialShown,
    NoticeCode,
    NotKnown,
    TicketCode,
    typed_appointment,
    understand,
)

IDENTITY = "32092219540302047X"
DAYS = st.dates(date(2000, 1, 1), date(2999, 12, 31))
NUMBERS = st.builds(lambda letter, serial: f"{letter}{serial:03d}",
                    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.integers(1, 99999))


@given(DAYS, NUMBERS)
def test_a_slips_code_is_its_day_and_number(day, number):
    assert understand(f"T{day:%Y%m%d}{number}") == TicketCode(day, number)


@given(DAYS, st.integers(1, 99999))
def test_a_notices_barcode_is_its_number(day, serial):
    number = f"{day:%Y%m%d}{serial:03d}"
    assert understand(f"N{number}") == NoticeCode(number)


APPOINTMENTS = st.builds(AppointmentCode, DAYS, st.integers(1, 9999))


@given(st.builds(TicketCode, DAYS, NUMBERS) | APPOINTMENTS
       | st.builds(NoticeCode, st.from_regex(r"[0-9]{11,13}", fullmatch=True)))
def test_a_code_reads_as_what_it_was_printed_from(code):
    assert understand(str(code)) == code


@given(st.builds(TicketCode, DAYS, NUMBERS) | APPOINTMENTS, st.sampled_from(["]Q1", "]C0", "]q1", ""]),
       st.booleans(), st.booleans())
def test_caps_lock_full_width_signs_and_aim_identifiers_do_not_matter(code, identifier, small, wide):
    text = identifier + (str(code).lower() if small else str(code))
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    assert understand(f" {text} ") == code


@given(st.from_regex(r"[0-9]{28}", fullmatch=True))
def test_an_e_credential_is_recognised_and_forgotten(text):
    assert understand(text) == CredentialShown()
    assert repr(understand(text)) == "CredentialShown()"


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_an_identity_number_is_not_known_and_forgotten(text):
    assert understand(text) == NotKnown()
    assert repr(understand(text)) == "NotKnown()"


@pytest.mark.parametrize("text", [
    "", "T", "N", "A012", "20261123001", "T20261323A012", "T20260230A012", "T20261123A01", "T20261123012",
    "T20261123A012;T20261123A013", "N2026112300", "N20261123001X", "4" * 27, "4" * 29, "6901234567892", IDENTITY,
    "https://example.com/T20261123A012", "Y20261123001", "Y20261125030", "Y202611250037",
    "Y20261332032", "1125032", "预约20261123001", "T20261123A012\nN20261123001",
    "N٢٠٢٦١١٢٣٠٠١", "٤" * 28, "T20261123Ａ0\ufffd12",
])
def test_anything_else_is_not_known(text):
    assert understand(text) == NotKnown()


@given(st.text())
def test_any_text_at_all_is_answered(text):
    assert isinstance(understand(text), TicketCode | NoticeCode | AppointmentCode | CredentialShown | NotKnown)
    assert isinstance(typed_appointment(text, date(2026, 11, 25)), AppointmentCode | None)


@given(APPOINTMENTS, st.integers(-180, 180), st.booleans())
def test_an_appointments_number_typed_half_a_year_around_its_day_is_that_appointment(code, days, spaced):
    text = f"{code.number[:4]} {code.number[4:]}" if spaced else code.number
    assert typed_appointment(text, code.day + timedelta(days=days)) == code


@given(APPOINTMENTS, st.data())
def test_a_number_with_one_wrong_digit_is_nobody_elses_appointment(code, data):
    place = data.draw(st.integers(0, len(code.number) - 1))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code.number[place]]))
    typed = code.number[:place] + wrong + code.number[place + 1:]
    assert understand(f"Y{code.day:%Y}{typed}") == NotKnown()


def test_a_number_is_short_and_says_its_day():
    assert AppointmentCode(date(2026, 11, 25), 3).number == "1125032"
    assert str(AppointmentCode(date(2026, 11, 25), 3)) == "Y20261125032"


@pytest.mark.parametrize("text", ["", "1125030", "112503", "1332032", "0230032", "1125006", "A125036",
                                  "1125032 1125032", "１１２５０３0", "٠١٢٣٤٥٦"])
def test_a_typed_number_that_is_none_is_refused(text):
    assert typed_appointment(text, date(2026, 11, 25)) is None


def test_a_number_typed_over_the_turn_of_the_year_is_the_near_one():
    code = AppointmentCode(date(2027, 1, 4), 1)
    assert typed_appointment(code.number, date(2026, 12, 29)) == code
    assert typed_appointment(AppointmentCode(date(2026, 12, 29), 1).number, date(2027, 1, 2)).day.year == 2026
