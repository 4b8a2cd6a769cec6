"""The voice: what is played, in which order, and what happens without sound."""

from __future__ import annotations

import io
import shutil
import threading
import wave
from array import array
from dataclasses import replace
from time import monotonic

import miniaudio
import pytest

from drivers.errors import NoSound
from drivers.player import Player
from hallapp import paths
from hallapp.devices.settings import VoiceSettings
from hallapp.devices.voice import Voice
from hallapp.devices.voice_recorder import WavRecorder
from hallapp.devices.voice_sound import PAUSE
from hallapp.domain.announcement import clips
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rules import Rules

SOUNDS = paths.resources() / "sounds"
RULES = Rules(voice_repeat=1)
GAP = 0.06  # drivers.speech.join
READY = DeviceStatus("voice", "voice", DeviceState.READY)
SILENT = DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_SOUND)


class Hall:
    """What the voice tells the hall: states and beginnings and ends; ``wait`` for the end of so many calls."""

    def __init__(self):
        self.states, self.turns = [], []
        self._ended = threading.Semaphore(0)

    def told(self, started):
        self.turns.append(started)
        if not started:
            self._ended.release()

    def wait(self, calls=1):
        for _ in range(calls):
            assert self._ended.acquire(timeout=5)


@pytest.fixture
def hall():
    return Hall()


@pytest.fixture
def speak(hall):
    """``speak(player, rules, settings)``: a started voice."""
    voices = []

    def start(player, rules=RULES, settings=None):
        voice = Voice(rules, settings or VoiceSettings(volume=1.0), hall.states.append, player)
        voice.speaking(hall.told)
        voice.start()
        voices.append(voice)
        return voice

    yield start
    for voice in voices:
        voice.close()


def samples(wav):
    """Rate and samples of a WAV file's bytes or path."""
    with wave.open(io.BytesIO(wav) if isinstance(wav, bytes) else str(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), array("h", file.readframes(file.getnframes()))


def spoken_after_the_chime(number, window, yao=True):
    """The samples of a call as the clips of the sounds folder say them."""
    rate, sound = samples(SOUNDS / "ding.wav")
    for name in clips(number, window, yao):
        sound.extend([0] * round(GAP * rate))
        sound.extend(samples(SOUNDS / f"{name}.wav")[1])
    return sound


def test_a_call_is_played_as_chime_and_sentence_clip_by_clip(speak, hall):
    recorder = WavRecorder()
    speak(recorder).say("A012", 3)
    hall.wait()
    rate, sound = samples(recorder.wavs[0])
    assert sound == spoken_after_the_chime("A012", 3)
    at = 0
    for name in ("ding", *clips("A012", 3, True)):
        length = len(samples(SOUNDS / f"{name}.wav")[1])
        part = sound[at:at + length]
        loudness = (sum(sample * sample for sample in part) / length) ** 0.5
        assert loudness > 500, f"{name} cannot be heard"
        at += length + round(GAP * rate)


def test_it_is_repeated_as_the_rules_say_with_a_pause_and_one_chime(speak, hall):
    recorder = WavRecorder()
    speak(recorder, Rules(voice_repeat=3)).say("A012", 3)
    hall.wait()
    rate, sound = samples(recorder.wavs[0])
    once = spoken_after_the_chime("A012", 3)
    sentence = once[len(samples(SOUNDS / "ding.wav")[1]) + round(GAP * rate):]
    pause = array("h", [0] * round(PAUSE * rate))
    assert sound == once + pause + sentence + pause + sentence


def test_one_is_said_as_the_rules_say(speak, hall):
    recorder = WavRecorder()
    speak(recorder, replace(RULES, voice_yao=False)).say("A111", 1)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("A111", 1, yao=False)


def test_volume_makes_it_softer(speak, hall):
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=0.25)).say("A012", 3)
    hall.wait()
    soft, full = samples(recorder.wavs[0])[1], spoken_after_the_chime("A012", 3)
    assert len(soft) == len(full)
    assert max(soft) == pytest.approx(max(full) / 4, abs=1)


class SlowPlayer:
    """Plays until told that the sound is over, and notices if two sounds overlap."""

    def __init__(self):
        self.started, self.over = threading.Semaphore(0), threading.Semaphore(0)
        self.wavs, self.playing = [], 0

    def play_wav(self, wav):
        self.playing += 1
        assert self.playing == 1
        self.wavs.append(wav)
        self.started.release()
        assert self.over.acquire(timeout=5)
        self.playing -= 1

    def stop(self):
        self.over.release()


def test_two_calls_close_together_are_both_spoken_whole_in_order_never_at_once(speak, hall):
    player = SlowPlayer()
    voice = speak(player)
    voice.say("A012", 3)
    voice.say("B007", 1)
    assert player.started.acquire(timeout=5)
    assert len(player.wavs) == 1
    assert hall.turns == [True]
    player.over.release()
    assert player.started.acquire(timeout=5)
    player.over.release()
    hall.wait(2)
    assert [samples(wav)[1] for wav in player.wavs] == [
        spoken_after_the_chime("A012", 3), spoken_after_the_chime("B007", 1)]
    assert hall.turns == [True, False, True, False]


def test_closing_stops_in_the_middle_and_speaks_nothing_more(speak, hall):
    player = SlowPlayer()
    voice = speak(player)
    voice.say("A012", 3)
    voice.say("B007", 1)
    assert player.started.acquire(timeout=5)
    start = monotonic()
    voice.close()
    assert monotonic() - start < 3
    assert len(player.wavs) == 1
    assert "voice" not in [thread.name for thread in threading.enumerate()]


def test_a_hall_without_sound_is_told_once_and_the_queue_drains(speak, hall):
    voice = speak(Player([miniaudio.Backend.COREAUDIO, miniaudio.Backend.SNDIO]))
    for number in ("A012", "A013", "A014"):
        voice.say(number, 3)
    hall.wait(3)
    assert hall.states == [SILENT]
    assert hall.turns == [True, False] * 3


class PluggedInLater(WavRecorder):
    """A loudspeaker that is missing at first."""

    missing = True

    def play_wav(self, wav):
        if self.missing:
            raise NoSound
        super().play_wav(wav)


def test_a_loudspeaker_plugged_in_later_is_used_and_told(speak, hall):
    player = PluggedInLater()
    voice = speak(player)
    voice.say("A012", 3)
    hall.wait()
    player.missing = False
    voice.say("A013", 3)
    voice.say("A014", 3)
    hall.wait(2)
    assert hall.states == [SILENT, READY]
    assert len(player.wavs) == 2


def test_the_halls_own_recording_replaces_a_single_clip(speak, hall, tmp_path):
    shutil.copyfile(SOUNDS / "9.wav", tmp_path / "3.wav")
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=1.0, folder=tmp_path)).say("A002", 3)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("A002", 9)


def test_a_broken_own_recording_is_left_out_and_the_call_spoken_all_the_same(speak, hall, tmp_path):
    (tmp_path / "3.wav").write_bytes(b"not a sound")
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=1.0, folder=tmp_path)).say("A002", 3)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("A002", 3)
    assert hall.states == [READY]


class BrokenOnce(WavRecorder):
    """A sound system with a bug of its own."""

    def play_wav(self, wav):
        if not self.wavs:
            self.wavs.append(b"")
            raise OSError("driver crashed")
        super().play_wav(wav)


def test_an_unexpected_error_costs_one_call_only(speak, hall):
    player = BrokenOnce()
    voice = speak(player)
    voice.say("A012", 3)
    voice.say("A013", 3)
    hall.wait(2)
    assert samples(player.wavs[1])[1] == spoken_after_the_chime("A013", 3)
    assert [status.trouble for status in hall.states] == [Trouble.FAULT, Trouble.NONE]
