"""The words of the signs as a hall may set them."""

import pytest

from drivers.errors import BadSetting
from hallapp.documents.sign_texts import SignTexts


@pytest.mark.parametrize(("given", "key"), [
    ({"called": "请{nummer}号"}, "called"), ({"called": "请{number号"}, "called"), ({"called": "请{}号"}, "called"),
    ({"free": "{number}"}, "free"), ({"paused": "{window!r}"}, "paused"), ({"closed": "{window:>9}"}, "closed"),
])
def test_a_text_with_a_wrong_placeholder_is_told_by_its_key(given, key):
    with pytest.raises(BadSetting) as told:
        SignTexts(**given)
    assert told.value.key == key
    assert "{window}" in told.value.expected


def test_every_text_may_be_left_empty():
    assert SignTexts("", "", "", "", "", "").called == ""
