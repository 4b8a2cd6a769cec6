"""The voice: what is played, in which order, and what happens without sound."""

from __future__ import annotations

import io
import shutil
import sys
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
from hallapp.devices.voice_sound import BREATH, GAP, PAUSE, ClipBox
from hallapp.domain.announcement import clips
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rules import Rules

SOUNDS = paths.resources() / "sounds"
RULES = Rules(voice_repeat=1)
READY = DeviceStatus("voice", "voice", DeviceState.READY)
SILENT = DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_SOUND)


class Hall:
    """What the voice tells the hall: states and beginnings and ends; ``wait`` for the end of so many calls."""

    def __init__(self):
        self.states, self.turns = [], []
        self._ended = threading.Semaphore(0)
        self._changed = threading.Condition()

    def told(self, started):
        self.turns.append(started)
        if not started:
            self._ended.release()

    def tell(self, status):
        with self._changed:
            self.states.append(status)
            self._changed.notify()

    def wait_for(self, *states):
        """Until it was told of exactly these states."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.states) >= len(states), timeout=5)
            assert self.states == list(states)

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

    def start(player, rules=RULES, settings=None, look=60.0):
        voice = Voice(rules, settings or VoiceSettings(volume=1.0), hall.tell, player, look)
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


def silence_before(name):
    """Seconds: longer after the chime, and between the number and where it is to go."""
    return BREATH if name in ("qing", "dao") else GAP


def spoken_after_the_chime(number, window, yao=True):
    """The samples of a call as the clips of the sounds folder say them."""
    rate, sound = samples(SOUNDS / "ding.wav")
    for name in clips(number, window, yao):
        sound.extend([0] * round(silence_before(name) * rate))
        sound.extend(samples(SOUNDS / f"{name}.wav")[1])
    return sound


def test_a_call_is_played_as_chime_and_sentence_clip_by_clip(speak, hall):
    recorder = WavRecorder()
    speak(recorder).say("A012", 3)
    hall.wait()
    rate, sound = samples(recorder.wavs[0])
    assert sound == spoken_after_the_chime("A012", 3)
    at = -round(GAP * rate)  # none before the chime
    for name in ("ding", *clips("A012", 3, True)):
        at += round(silence_before(name) * rate)
        length = len(samples(SOUNDS / f"{name}.wav")[1])
        part = sound[at:at + length]
        loudness = (sum(sample * sample for sample in part) / length) ** 0.5
        assert loudness > 500, f"{name} cannot be heard"
        at += length


def test_it_is_repeated_as_the_rules_say_with_a_pause_and_one_chime(speak, hall):
    recorder = WavRecorder()
    speak(recorder, Rules(voice_repeat=3)).say("A012", 3)
    hall.wait()
    rate, sound = samples(recorder.wavs[0])
    once = spoken_after_the_chime("A012", 3)
    sentence = once[len(samples(SOUNDS / "ding.wav")[1]) + round(BREATH * rate):]
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
        self.started, self.over, self.checks = (threading.Semaphore(0) for _ in range(3))
        self.wavs, self.playing = [], 0

    def check(self):
        self.checks.release()
        assert self.playing == 0

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


class Loudspeaker(WavRecorder):
    """One that can be unplugged."""

    missing = False

    def check(self):
        if self.missing:
            raise NoSound

    def play_wav(self, wav):
        self.check()
        super().play_wav(wav)


def test_whether_there_is_sound_is_known_before_the_first_call(speak, hall):
    speak(WavRecorder())
    hall.wait_for(READY)


def test_a_loudspeaker_that_comes_and_goes_is_noticed_without_a_call(speak, hall):
    player = Loudspeaker()
    player.missing = True
    voice = speak(player, look=0.01)
    hall.wait_for(SILENT)
    player.missing = False
    hall.wait_for(SILENT, READY)
    player.missing = True
    hall.wait_for(SILENT, READY, SILENT)
    voice.say("A012", 3)
    hall.wait()
    player.missing = False
    hall.wait_for(SILENT, READY, SILENT, READY)
    voice.say("A013", 3)
    hall.wait()
    assert [samples(wav)[1] for wav in player.wavs] == [spoken_after_the_chime("A013", 3)]


def test_a_loudspeaker_plugged_in_just_before_a_call_speaks_it(speak, hall):
    player = Loudspeaker()
    player.missing = True
    voice = speak(player)
    hall.wait_for(SILENT)
    player.missing = False
    voice.say("A012", 3)
    voice.say("A013", 3)
    hall.wait(2)
    assert hall.states == [SILENT, READY]
    assert len(player.wavs) == 2


def test_while_the_loudspeaker_is_looked_after_no_call_is_lost_doubled_or_spoken_into_another(speak, hall):
    player = SlowPlayer()
    voice = speak(player, look=0.0001)
    numbers = [f"A{place:03}" for place in range(1, 21)]
    for number in numbers:
        for _ in range(3):
            assert player.checks.acquire(timeout=5)
        player.over.release()
        voice.say(number, 3)
        hall.wait()
    assert [samples(wav)[1] for wav in player.wavs] == [spoken_after_the_chime(number, 3) for number in numbers]
    assert hall.states == [READY]


def test_without_sound_none_is_made(speak, hall, tmp_path, caplog):
    (tmp_path / "3.wav").write_bytes(b"whoever makes a sound comes upon this")
    player = Loudspeaker()
    player.missing = True
    voice = speak(player, settings=VoiceSettings(folder=tmp_path))
    hall.wait_for(SILENT)
    voice.say("A012", 3)
    hall.wait()
    assert caplog.text == ""
    player.missing = False
    voice.say("A012", 3)
    hall.wait()
    assert "3.wav" in caplog.text


def test_the_halls_own_recording_replaces_a_single_clip(speak, hall, tmp_path):
    shutil.copyfile(SOUNDS / "9.wav", tmp_path / "3.wav")
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=1.0, folder=tmp_path)).say("A002", 3)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("A002", 9)


def test_a_broken_own_recording_is_named_and_left_out_and_the_others_are_heard(speak, hall, tmp_path, caplog):
    (tmp_path / "3.wav").write_bytes(b"not a sound")
    shutil.copyfile(SOUNDS / "B.wav", tmp_path / "A.wav")
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=1.0, folder=tmp_path)).say("A002", 3)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("B002", 3)
    assert hall.states == [READY, DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.BAD_CLIP, "3.wav")]
    assert str(tmp_path / "3.wav") in caplog.text


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
    assert [status.trouble for status in hall.states] == [Trouble.NONE, Trouble.PROGRAM, Trouble.NONE]


def test_a_listener_that_fails_costs_no_call_and_is_logged_and_shown(speak, hall, caplog):
    told = []

    def broken_once(started):
        told.append(started)
        if len(told) == 1:
            raise ValueError("a bug")
        hall.told(started)

    voice = speak(player := WavRecorder())
    hall.wait_for(READY)
    voice.speaking(broken_once)
    voice.say("A012", 3)
    voice.say("A013", 3)
    hall.wait(2)
    assert len(player.wavs) == 2
    assert [status.trouble for status in hall.states] == [Trouble.NONE, Trouble.PROGRAM, Trouble.NONE]
    assert "a bug" in caplog.text


def test_own_recordings_of_another_rate_are_named_and_left_out(speak, hall, tmp_path):
    for name in ("ding", "qing"):
        with wave.open(str(tmp_path / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(44100)
            file.writeframes(bytes(4410))
    recorder = WavRecorder()
    speak(recorder, settings=VoiceSettings(volume=1.0, folder=tmp_path)).say("A002", 3)
    hall.wait()
    assert samples(recorder.wavs[0])[1] == spoken_after_the_chime("A002", 3)
    assert hall.states[-1].detail == "ding.wav qing.wav"


# -- what is heard, recognised from the sound alone

STEP = 6  # of six samples one is compared
CLIPS = {path.stem: samples(path)[1] for path in SOUNDS.glob("*.wav")}
SILENCE = 40  # loudness, of 32767, below which nothing is heard


def likeness(part, clip):
    """Normalised correlation of a piece of sound with a clip, 1 for the same at whatever volume."""
    if len(part) < len(clip):
        return 0.0
    a, b = part[: len(clip) : STEP], clip[::STEP]
    power = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return sum(x * y for x, y in zip(a, b, strict=True)) / power if power else 0.0


def heard(wav):
    """The clips in a sound in order, None for a pause between repetitions, and the loudness of each clip."""
    rate, sound = samples(wav)
    gap, breath, pause = (round(seconds * rate) for seconds in (GAP, BREATH, PAUSE))
    names, loudness, at = [], [], 0
    while at < len(sound):
        if not any(sound[at : at + pause]):
            names.append(None)
            at += pause
            continue
        name = max(CLIPS, key=lambda name: likeness(sound[at : at + len(CLIPS[name])], CLIPS[name]))
        part = sound[at : at + len(CLIPS[name])]
        assert likeness(part, CLIPS[name]) > 0.99, f"unknown sound after {names}"
        names.append(name)
        loudness.append((sum(sample * sample for sample in part) / len(part)) ** 0.5)
        at += len(part)
        if any(sound[at : at + pause]):
            at += next((length for length in (breath, gap) if not any(sound[at : at + length])), 0)
    return names, loudness


@pytest.mark.parametrize(("volume", "repeat"), [(1.0, 1), (0.9, 2), (0.25, 3)])
def test_a_call_is_recognised_from_its_sound_clip_by_clip_as_often_and_as_loud_as_set(speak, hall, volume, repeat):
    recorder = WavRecorder()
    speak(recorder, Rules(voice_repeat=repeat), VoiceSettings(volume=volume)).say("A012", 12)
    hall.wait()
    names, loudness = heard(recorder.wavs[0])
    sentence = ["qing", "A", "0", "yao", "2", "hao", "dao", "shi", "2", "hao-chuangkou", "banli"]
    assert names == ["ding", *sentence, *[None, *sentence] * (repeat - 1)]
    for name, loud in zip([name for name in names if name], loudness, strict=True):
        full = (sum(sample * sample for sample in CLIPS[name]) / len(CLIPS[name])) ** 0.5
        assert loud == pytest.approx(full * volume, rel=0.01), name
        assert loud > SILENCE
    rate, sound = samples(recorder.wavs[0])
    words = sum(len(CLIPS[name]) for name in names if name)
    gaps = (len(sentence) - 2) * repeat * round(GAP * rate) + (1 + repeat) * round(BREATH * rate)
    assert len(sound) == words + gaps + (repeat - 1) * round(PAUSE * rate)


def test_every_letter_digit_and_window_to_twenty_is_heard_in_order(speak, hall):
    numbers = [f"{letter}{place * 37 % 1000:03}" for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    recorder = WavRecorder()
    voice = speak(recorder)
    for place, number in enumerate(numbers):
        voice.say(number, place % 20 + 1)
    hall.wait(len(numbers))
    tens = {10: ["shi"], 20: ["2", "shi"]}
    for place, number in enumerate(numbers):
        window = place % 20 + 1
        counted = tens.get(window) or ([str(window)] if window < 10 else ["shi", str(window - 10)])
        spelled = [{"1": "yao"}.get(sign, sign) for sign in number]
        names, _ = heard(recorder.wavs[place])
        assert names == ["ding", "qing", *spelled, "hao", "dao", *counted, "hao-chuangkou", "banli"]


# -- the Chinese voice of Windows

POWERSHELL = '''#!{python}
import base64, os, sys, wave
from pathlib import Path
words = sys.argv[1:]
assert words[:-1] == ["-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand"]
script = base64.b64decode(words[-1]).decode("utf-16-le")
assert "System.Speech" in script and "zh-CN" in script
with open({log!r}, "a", encoding="utf-8") as log:
    print(os.environ["HALL_TEXT"], os.environ["HALL_VOLUME"], file=log)
if {status} == 1:
    print("#< CLIXML <Objs>", file=sys.stderr)  # as PowerShell tells an error of an encoded command
    Path(os.environ["HALL_WRONG"]).write_text("拒绝访问。", encoding="utf-8")
if {status}:
    sys.exit({status})
with wave.open(os.environ["HALL_FILE"], "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate({rate} or int(os.environ["HALL_RATE"]))
    file.writeframes(b"\\x10\\x20" * 5000)
'''
WINDOWS = VoiceSettings(volume=0.5, engine="windows")
NO_VOICE = DeviceStatus("voice", "voice", DeviceState.WARNING, Trouble.NO_VOICE)


@pytest.fixture
def powershell(tmp_path, monkeypatch):
    """``powershell(status, rate)``: a program of that name on the PATH that stands in for Windows' own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def install(status=0, rate=0):
        program = folder / "powershell"
        program.write_text(POWERSHELL.format(python=sys.executable, log=str(tmp_path / "said"), status=status,
                                             rate=rate), encoding="utf-8")
        program.chmod(0o755)
        return tmp_path / "said"

    return install


def test_the_voice_of_windows_speaks_the_sentence_after_the_chime_as_often_as_set(speak, hall, powershell):
    said = powershell()
    recorder = WavRecorder()
    speak(recorder, Rules(voice_repeat=2), WINDOWS).say("A012", 12)
    hall.wait()
    assert said.read_text(encoding="utf-8") == "请A零幺二号，到十二号窗口办理 50\n"
    rate, sound = samples(recorder.wavs[0])
    spoken = array("h", b"\x10\x20" * 5000)
    chime = array("h", (round(sample * 0.5) for sample in CLIPS["ding"]))
    assert sound == (chime + array("h", [0] * round(BREATH * rate)) + spoken + array("h", [0] * round(PAUSE * rate))
                     + spoken)
    assert hall.states == [READY]


@pytest.mark.parametrize(("status", "rate", "reason"), [
    (3, 0, "no zh-CN voice"), (1, 0, "no voice: 拒绝访问。"), (2, 0, "status 2"),
    (0, 8000, "several kinds"), (None, 0, "no PowerShell"),
])
def test_without_a_voice_of_windows_the_clips_are_heard_it_is_told_and_not_tried_again(
    speak, hall, powershell, status, rate, reason, caplog, tmp_path
):
    if status is not None:
        powershell(status, rate)
    recorder = WavRecorder()
    voice = speak(recorder, settings=WINDOWS)
    voice.say("A012", 3)
    voice.say("A013", 3)
    hall.wait(2)
    assert [heard(wav)[0] for wav in recorder.wavs] == [
        ["ding", "qing", "A", "0", "yao", last, "hao", "dao", "3", "hao-chuangkou", "banli"] for last in "23"]
    assert hall.states == [READY, NO_VOICE]
    assert reason in caplog.text
    assert status is None or len((tmp_path / "said").read_text(encoding="utf-8").splitlines()) == 1


def test_every_clip_has_words_for_a_voice_that_reads_text():
    box = ClipBox(SOUNDS)
    for name in CLIPS:
        if name != "ding":
            said = box.words([name])
            assert (said == name) == (len(name) == 1 and name.isalpha()), name
