"""What stands on a card, at the offsets of facts/devices 6."""

import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from drivers.readers.card import LONG_TERM, NATIONS, BadCard, Card, CardKind, Sex, check_digit, read_card
from drivers.sim.reader import made_up, text_block

SIGNS = some.characters(min_codepoint=0x21, max_codepoint=0xD7FF, exclude_characters="\u3000")
DAYS = some.dates(min_value=date(1, 1, 1))


def block(fields, pad=" "):
    """256 bytes with each text at its offset, and ``pad`` in between."""
    made = bytearray(pad.encode("utf-16-le") * 128)
    for offset, text in fields.items():
        data = text.encode("utf-16-le")
        made[offset : offset + len(data)] = data
    return bytes(made)


RESIDENT = {0: "某甲", 30: "2", 32: "01", 36: "19500102", 52: "某某省某某市某某路 1 号", 122: "999999195001020021",
            158: "某某市公安局", 188: "20100304", 204: "长期"}


@pytest.mark.parametrize("pad", [" ", "\0", "\u3000"])
def test_a_residents_card_is_read_whatever_fills_it_up(pad):
    assert read_card(block(RESIDENT, pad)) == Card(
        CardKind.RESIDENT, "某甲", Sex.FEMALE, date(1950, 1, 2), "999999195001020021", "01",
        "某某省某某市某某路 1 号", "某某市公安局", date(2010, 3, 4), LONG_TERM)


def test_a_permit_of_hong_kong_macao_or_taiwan_has_a_pass_number_too():
    card = read_card(block({**RESIDENT, 32: "  ", 220: "H12345678", 238: "02", 248: "J"}))
    assert (card.kind, card.nation, card.pass_number, card.issue) == (CardKind.PERMIT, "", "H12345678", "02")
    assert (card.name, card.born) == ("某甲", date(1950, 1, 2))


def test_a_foreigners_card_of_2017_has_its_fields_elsewhere():
    card = read_card(block({
        0: "NOBODY, ANY", 120: "1", 122: "XXA999999500102", 152: "XXA", 158: "某乙", 188: "20180203", 204: "20280203",
        220: "19580203", 236: "01", 240: "9999", 248: "I"}))
    assert card == Card(
        CardKind.FOREIGNER_2017, "某乙", Sex.MALE, date(1958, 2, 3), "XXA999999500102", "XXA", "", "9999",
        date(2018, 2, 3), date(2028, 2, 3), "NOBODY, ANY", issue="01")


def test_a_foreigners_card_of_2023_has_a_long_name_in_two_places():
    card = read_card(block({
        0: "某丙", 30: "2", 32: "03", 36: "19610708", 52: "A" * 30 + ", BBB", 122: "999999196107080027",
        188: "20240101", 204: "20340101", 220: "CC D", 242: "XXA", 248: "Y"}))
    assert card == Card(
        CardKind.FOREIGNER_2023, "某丙", Sex.FEMALE, date(1961, 7, 8), "999999196107080027", "XXA", "", "",
        date(2024, 1, 1), date(2034, 1, 1), "A" * 30 + ", BBBCC D", issue="03")


@pytest.mark.parametrize(("word", "sex"), [
    ("0", Sex.UNKNOWN), ("1", Sex.MALE), ("2", Sex.FEMALE), ("9", Sex.UNSTATED), (" ", Sex.UNKNOWN)])
def test_the_sex_is_a_code(word, sex):
    assert read_card(block({**RESIDENT, 30: word})).sex is sex


@pytest.mark.parametrize(("fields", "named"), [
    ({36: "19500230"}, "birth"), ({36: "        "}, "birth"), ({36: "１９５００１０２"}, "birth"),
    ({36: "长期"}, "birth"), ({188: "20101301"}, "validity"), ({204: "长短"}, "validity"),
    ({30: "3"}, "sex"), ({248: "K"}, "kind"),
])
def test_a_field_that_cannot_be_is_named_and_not_repeated(fields, named):
    with pytest.raises(BadCard, match=named) as caught:
        read_card(block({**RESIDENT, **fields}))
    assert not any(text.strip() in str(caught.value) for text in fields.values() if text.strip())
    assert caught.value.__context__ is None


def test_a_day_that_is_not_on_the_card_is_none():
    card = read_card(block({**RESIDENT, 188: " " * 8, 204: " " * 8}))
    assert (card.valid_from, card.valid_to) == (None, None)


@pytest.mark.parametrize("size", [0, 255, 257, 1295])
def test_a_text_of_another_size_is_no_card(size):
    with pytest.raises(BadCard):
        read_card(bytes(size))


def test_the_nations_are_those_of_the_standard():
    assert len(NATIONS) == 58
    assert list(NATIONS) == [f"{code:02}" for code in range(1, 57)] + ["97", "98"]
    assert (NATIONS["01"], NATIONS["03"], NATIONS["56"], NATIONS["98"]) == ("汉", "回", "基诺", "外国血统中国籍")


@pytest.mark.parametrize(("day", "age"), [
    (date(2026, 11, 22), 59), (date(2026, 11, 23), 60), (date(2026, 11, 24), 60), (date(2027, 11, 22), 60)])
def test_a_year_is_full_on_the_birthday(day, age):
    assert made_up(born=date(1966, 11, 23)).age_on(day) == age


def test_who_is_born_in_a_leap_year_has_a_birthday_every_year():
    card = made_up(born=date(1964, 2, 29))
    assert [card.age_on(date(2026, 2, 28)), card.age_on(date(2026, 3, 1))] == [61, 62]


def test_the_check_digit_is_that_of_the_standards_example():
    """GB 11643-1999, annex A."""
    assert check_digit("11010519491231002") == "X"
    assert check_digit("1101051949123100") == check_digit("１１０１０５１９４９１２３１００２") == ""


def test_a_number_with_a_wrong_sign_is_not_plausible_but_read():
    number = RESIDENT[122]
    assert read_card(block(RESIDENT)).plausible
    for place in range(18):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not read_card(block({**RESIDENT, 122: wrong})).plausible
    assert not read_card(block({**RESIDENT, 122: " " * 18})).plausible


def test_the_foreigners_number_of_2017_has_no_check_digit():
    assert made_up(CardKind.FOREIGNER_2017).plausible


@pytest.mark.parametrize("kind", CardKind)
def test_whoever_prints_a_card_shows_nobody(kind):
    card = made_up(kind)
    shown = f"{card!r} {card} {[card]}"
    for value in (card.name, card.number, card.address, card.english_name, card.pass_number, str(card.born),
                  str(card.born.year), card.authority):
        assert not value or value not in shown


def text(most):
    return some.text(SIGNS, max_size=most)


@given(kind=some.sampled_from(CardKind), data=some.data())
def test_any_card_is_read_back_equal(kind, data):
    foreign, permit = kind in (CardKind.FOREIGNER_2017, CardKind.FOREIGNER_2023), kind is CardKind.PERMIT
    old, draw = kind is CardKind.FOREIGNER_2017, data.draw
    card = Card(
        kind, draw(text(15)), draw(some.sampled_from(Sex)), draw(DAYS), draw(text(15 if old else 18)),
        draw(text(3 if foreign else 2)), draw(text(35)) if not foreign else "",
        draw(text(4 if old else 15)) if kind is not CardKind.FOREIGNER_2023 else "",
        draw(some.none() | DAYS), draw(some.none() | DAYS | some.just(LONG_TERM)),
        draw(text(60 if old else 46)) if foreign else "", draw(text(9)) if permit else "",
        draw(text(2)) if kind is not CardKind.RESIDENT else "")
    assert read_card(text_block(card)) == card


def test_a_hundred_thousand_blocks_of_anything_give_a_card_or_its_own_error():
    rng, whole = random.Random(6), [bytearray(text_block(made_up(kind, seed=seed))) for kind in CardKind
                                    for seed in range(8)]
    read = 0
    for turn in range(100_000):
        if turn % 2:
            data = bytearray(rng.choice(whole))
            for _ in range(rng.randint(1, 4)):
                data[rng.randrange(256)] = rng.randrange(256)
        else:
            data = rng.randbytes(256)
        try:
            read_card(bytes(data))
            read += 1
        except BadCard:
            pass
    assert 10_000 < read < 50_000  # most of what was little changed, nothing of what is random


def test_the_people_of_the_simulator_do_not_exist():
    people = [made_up(kind, seed=seed) for kind in CardKind for seed in range(20)]
    assert all(card.plausible and "999999" in card.number for card in people)
    assert all(one != other for one, other in pairwise(people))
