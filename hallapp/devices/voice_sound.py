"""A whole announcement as one sound, from shipped clips and the hall's own."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path

from drivers.speech import join
from hallapp.domain.announcement import CHIME

PAUSE = 0.8  # seconds between two repetitions


class ClipBox:
    """The clips of ``shipped``, each replaced by the one of the same name in ``own``, the hall's own recordings."""

    def __init__(self, shipped: Path, own: Path | None = None) -> None:
        self._shipped = shipped.resolve()
        self._own = own.resolve() if own else None

    def announcement(self, names: Sequence[str], repeat: int, volume: float) -> bytes:
        """A WAV: the chime, then the clips ``repeat`` times (at least once). Raises drivers.errors.BadClip."""
        first = join(self._shipped, [self._clip(name) for name in (CHIME, *names)], volume=volume)
        again = join(self._shipped, [self._clip(name) for name in names], volume=volume)
        return _after_one_another([first, *[again] * (repeat - 1)])

    def _clip(self, name: str) -> str:
        """The clip's name, or the path of the hall's own, which stands for itself in any folder."""
        if self._own is not None and (self._own / f"{name}.wav").is_file():
            return str(self._own / name)
        return name


def _after_one_another(wavs: Sequence[bytes]) -> bytes:
    """WAVs of one rate, 16-bit mono, ``PAUSE`` apart."""
    parts = []
    for wav in wavs:
        with wave.open(io.BytesIO(wav)) as file:
            rate = file.getframerate()
            parts.append(file.readframes(file.getnframes()))
    joined = io.BytesIO()
    with wave.open(joined, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(round(PAUSE * rate) * 2).join(parts))
    return joined.getvalue()
