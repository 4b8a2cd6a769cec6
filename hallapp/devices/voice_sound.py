"""A whole announcement as one sound: from the hall's own clips and the shipped ones, or spoken by the system."""

from __future__ import annotations

import io
import tomllib
import wave
from collections.abc import Sequence
from pathlib import Path

from drivers.errors import BadClip
from drivers.speech import join, read_clip
from hallapp.domain.announcement import CHIME

PAUSE = 0.8  # seconds between two repetitions
BREATH = 0.2  # between the chime and a spoken sentence


class ClipBox:
    """The clips of ``shipped``, each replaced by the one of the same name in ``own``, the hall's own recordings.

    ``broken``: names of own files that cannot be used; the shipped ones are heard in their place."""

    def __init__(self, shipped: Path, own: Path | None = None) -> None:
        self._shipped = shipped.resolve()
        self._own = own.resolve() if own else None
        self.broken: list[str] = []
        self.rate = read_clip(self._shipped / f"{CHIME}.wav")[0]

    def announcement(self, names: Sequence[str], repeat: int, volume: float) -> bytes:
        """A WAV: the chime, then the clips ``repeat`` times (at least once). Raises drivers.errors.BadClip for a
        shipped clip that is broken."""
        while True:
            try:
                first, again = self._joined((CHIME, *names), volume), self._joined(names, volume)
            except BadClip as error:
                if error.file is None or error.file.parent != self._own:
                    raise
                self.broken.append(error.file.name)
            else:
                return _after_one_another([first, *[again] * (repeat - 1)], PAUSE)

    def spoken(self, wav: bytes, repeat: int, volume: float) -> bytes:
        """A WAV: the chime, then a spoken sentence ``repeat`` times. Raises BadClip for a sentence that is no sound
        of the clips' kind."""
        first = _after_one_another([self._joined((CHIME,), volume), wav], BREATH)
        return _after_one_another([first, *[wav] * (repeat - 1)], PAUSE)

    def words(self, names: Sequence[str]) -> str:
        """What the clips say, as text (``words.toml`` beside them)."""
        with (self._shipped / "words.toml").open("rb") as file:
            words = tomllib.load(file)
        return "".join(words.get(name, name) for name in names)

    def _joined(self, names: Sequence[str], volume: float) -> bytes:
        return join(self._shipped, [self._clip(name) for name in names], volume=volume, rate=self.rate)

    def _clip(self, name: str) -> str:
        """The clip's name, or the path of the hall's own, which stands for itself in any folder."""
        file = f"{name}.wav"
        if self._own is not None and file not in self.broken and (self._own / file).exists():
            return str(self._own / name)
        return name


def _after_one_another(wavs: Sequence[bytes], pause: float) -> bytes:
    """WAVs of one rate, 16-bit mono, ``pause`` seconds apart. Raises BadClip."""
    parts, kinds = [], set()
    for wav in wavs:
        try:
            with wave.open(io.BytesIO(wav)) as file:
                kinds.add((file.getframerate(), file.getnchannels(), file.getsampwidth()))
                parts.append(file.readframes(file.getnframes()))
        except (EOFError, wave.Error) as error:
            raise BadClip(str(error)) from error
    if len(kinds) > 1:
        raise BadClip(f"sounds of several kinds: {sorted(kinds)}")
    ((rate, channels, size),) = kinds
    joined = io.BytesIO()
    with wave.open(joined, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(size)
        file.setframerate(rate)
        file.writeframes(bytes(round(pause * rate) * size).join(parts))
    return joined.getvalue()
