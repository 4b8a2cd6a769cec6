"""Makes the voice clips of resources/sounds with espeak-ng 1.52.

Needs espeakng-loader, which is no dependency of the program (espeak-ng is under GPL-3 and only makes the audio here):

    python3 -m venv /tmp/voice && /tmp/voice/bin/pip install espeakng-loader==0.2.4
    /tmp/voice/bin/python .tools/make_sounds.py
"""

import ctypes
import math
import string
import sys
import wave
from array import array
from pathlib import Path

import espeakng_loader

FOLDER = Path(__file__).parent.parent / "resources" / "sounds"
RATE = 22050
PEAK = 10 ** (-0.5 / 20) * 32767  # -0.5 dB at most
LEVEL = 10 ** (-16.5 / 20) * 32767  # -16.5 dB: all clips are equally loud
BLOCK = RATE // 100  # the level is that of the blocks in which something is heard
HEARD = 0.03 * 32767
SILENT = 0.015  # of the peak
FADE = RATE * 4 // 1000

WORDS = {
    "qing": "请", "dao": "到", "hao": "号", "hao-chuangkou": "号窗口", "banli": "办理",
    "yao": "幺", "shi": "十", **dict(zip(string.digits, "零一二三四五六七八九", strict=True)),
}

_SYNCHRONOUS, _UTF8 = 2, 1
_SPEED, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4  # espeak_PARAMETER
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Voice:
    """espeak-ng in this process; ``say`` gives mono 16-bit samples at RATE."""

    def __init__(self) -> None:
        self._heard = bytearray()
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        if self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, 0) != RATE:
            sys.exit("espeak-ng did not start at 22050 Hz")
        self._callback = _Callback(self._on_samples)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, language: str, speed: int) -> array:
        self._heard.clear()
        if self._library.espeak_SetVoiceByName(language.encode()):
            sys.exit(f"espeak-ng has no voice {language}")
        self._library.espeak_SetParameter(_SPEED, speed, 0)
        self._library.espeak_SetParameter(_VOLUME, 50, 0)  # at 100 it clips by itself
        self._library.espeak_SetParameter(_PITCH, 60, 0)  # the tones further apart than by default
        self._library.espeak_SetParameter(_RANGE, 90, 0)
        spoken = text.encode() + b"\0"
        self._library.espeak_Synth(spoken, len(spoken), 0, 1, 0, _UTF8, None, None)
        return array("h", bytes(self._heard))

    def _on_samples(self, samples: int | None, count: int, _events: int) -> int:
        if samples and count > 0:
            self._heard += ctypes.string_at(samples, count * 2)
        return 0


def finished(samples: array) -> array:
    """Silence trimmed, ends faded against clicks, at the one level."""
    peak = max(map(abs, samples))
    loud = [at for at, sample in enumerate(samples) if abs(sample) > peak * SILENT]
    cut = samples[max(0, loud[0] - FADE) : loud[-1] + FADE]
    gain = min(LEVEL / level(cut), PEAK / peak)
    return array("h", (
        round(sample * gain * min(1, at / FADE, (len(cut) - 1 - at) / FADE)) for at, sample in enumerate(cut)
    ))


def level(samples: array) -> float:
    """Root mean square of what is heard."""
    squares = [sum(sample * sample for sample in samples[at : at + BLOCK]) / BLOCK
               for at in range(0, len(samples) - BLOCK, BLOCK)]
    heard = [square for square in squares if square > HEARD**2]
    return math.sqrt(sum(heard) / len(heard))


def chime() -> array:
    """Two soft falling tones, a third apart."""
    def tone(at: float, start: float, pitch: float) -> float:
        age = at - start
        if age < 0:
            return 0.0
        partials = math.sin(2 * math.pi * pitch * age) + 0.25 * math.sin(4 * math.pi * pitch * age)
        return partials * min(1, age / 0.005) * math.exp(-5 * age)

    moments = (at / RATE for at in range(int(RATE * 1.1)))
    return array("h", (round(12000 * (tone(at, 0, 659.26) + tone(at, 0.35, 523.25))) for at in moments))


def save(name: str, samples: array) -> None:
    with wave.open(str(FOLDER / f"{name}.wav"), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(RATE)
        clip.writeframes(samples.tobytes())


def main() -> None:
    voice = Voice()
    for name, text in WORDS.items():
        save(name, finished(voice.say(text, "cmn+f1", 130)))
    for letter in string.ascii_uppercase:  # as Chinese listeners know them; "en-us" for Z
        save(letter, finished(voice.say(letter, "en-us+f1", 130)))
    save("ding", finished(chime()))


if __name__ == "__main__":
    main()
