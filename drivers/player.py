"""Plays sound on the default device, without any system library of its own."""

from __future__ import annotations

import contextlib
import ctypes
import io
import threading
import wave
from collections.abc import Generator, Sequence
from functools import cache
from typing import Any

import miniaudio

from drivers.errors import BadClip, NoSound

TAIL = 0.3  # seconds of silence after the sound: what is still in the device's buffer must be heard
PATIENCE = 3.0  # seconds beyond the sound's length before the device counts as gone
RATE = 22050  # samples a second; any device takes any rate
SOUND_SYSTEMS = [system for system in miniaudio.Backend if system is not miniaudio.Backend.NULL]


class Player:
    """Plays one sound at a time, 16-bit mono, in the calling thread. ``stop`` may come from any thread."""

    def __init__(self, systems: Sequence[miniaudio.Backend] = SOUND_SYSTEMS) -> None:
        self._systems = list(systems)
        self._over = threading.Event()

    def play(self, pcm: bytes, rate: int) -> None:
        """Returns when the sound has ended or was stopped. Raises NoSound."""
        self._over.clear()
        sound = self._feed(pcm, bytes(round(TAIL * rate) * 2))
        next(sound)
        device = self._device(rate)
        try:
            device.start(sound)
            if not self._over.wait(len(pcm) / 2 / rate + TAIL + PATIENCE):
                raise NoSound("it stopped playing")
        except miniaudio.MiniaudioError as error:
            raise NoSound(str(error)) from error
        finally:
            device.close()

    def play_wav(self, wav: bytes) -> None:
        """Plays a 16-bit mono WAV file. Raises NoSound, BadClip."""
        try:
            with wave.open(io.BytesIO(wav)) as file:
                if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                    raise BadClip("not 16-bit mono")
                pcm, rate = file.readframes(file.getnframes()), file.getframerate()
        except (EOFError, wave.Error) as error:
            raise BadClip(str(error)) from error
        self.play(pcm, rate)

    def check(self) -> None:
        """Look whether there is a device to play on; nothing is heard. Raises NoSound."""
        self._device(RATE).close()

    def stop(self) -> None:
        """Ends the sound that is playing, if any."""
        self._over.set()

    def _device(self, rate: int) -> Any:
        _quiet_alsa()
        try:
            return miniaudio.PlaybackDevice(
                miniaudio.SampleFormat.SIGNED16, nchannels=1, sample_rate=rate, backends=self._systems
            )
        except miniaudio.MiniaudioError as error:
            raise NoSound(str(error)) from error

    def _feed(self, pcm: bytes, tail: bytes) -> Generator[bytes, int, None]:
        """Hands the device as many frames as it asks for, then says that it is over."""
        sound = pcm + tail
        at = 0
        frames = yield b""
        while at < len(sound):
            part = sound[at : at + frames * 2]
            at += len(part)
            frames = yield part
        self._over.set()


@cache
def _quiet_alsa() -> Any:
    """Without a sound card ALSA writes twenty lines to stderr at each attempt. The handler is kept by the cache: ALSA
    calls it for as long as the program lives."""
    handler = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(
        lambda *details: None
    )
    with contextlib.suppress(OSError, AttributeError):  # no ALSA on this machine
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    return handler
