import contextlib
import io
import threading
import wave
from time import monotonic

import miniaudio
import pytest

from drivers.errors import BadClip, DeviceError, NoSound
from drivers.player import Player

RATE = 8000


@pytest.fixture
def player():
    """Plays in real time into nothing."""
    return Player([miniaudio.Backend.NULL])


def test_a_sound_is_played_to_its_end(player):
    start = monotonic()
    player.play(bytes(RATE // 5), RATE)
    assert monotonic() - start >= 0.1


def test_a_sound_can_be_stopped_from_another_thread(player):
    start = monotonic()
    stopper = threading.Timer(0.05, player.stop)
    stopper.start()
    player.play(bytes(60 * 2 * RATE), RATE)
    stopper.join()
    assert monotonic() - start < 5


def test_a_wav_file_is_played_at_its_rate(player):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(800))
    player.play_wav(file.getvalue())
    player.play_wav(file.getvalue())


@pytest.mark.parametrize("data", [b"", b"RIFF....", b"nothing"])
def test_a_file_that_is_no_wav_is_refused(player, data):
    with pytest.raises(BadClip):
        player.play_wav(data)


def test_stopping_when_nothing_plays_does_nothing(player):
    player.stop()
    player.play(bytes(16), RATE)


def test_whether_there_is_a_device_can_be_asked_without_a_sound(player):
    player.check()
    player.check()
    with pytest.raises(NoSound):
        Player([miniaudio.Backend.COREAUDIO]).check()


def test_a_machine_without_sound_says_so():
    with pytest.raises(NoSound):
        Player([miniaudio.Backend.JACK]).play(bytes(16), RATE)
    assert issubclass(NoSound, DeviceError)


def test_a_missing_sound_card_does_not_fill_the_terminal(capfd):
    with contextlib.suppress(NoSound):  # a machine that builds the program may have a card or not
        Player([miniaudio.Backend.ALSA]).play(bytes(16), RATE)
    assert capfd.readouterr() == ("", "")
