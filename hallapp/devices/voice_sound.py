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
BREATH = 0.25  # after the chime, and between whom it is about and where to: time to look up
GAP = 0.09  # between clips; digits closer together are hard to follow
WHERE_TO = ("dao", "qing-dao")


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
                chime, sentence = self._joined((CHIME,), volume), self._sentence(names, volume)
            except BadClip as error:
                if error.file is None or error.file.parent != self._own:
                    raise
                self.broken.append(error.file.name)
            else:
                return _called(chime, sentence, repeat)

    def spoken(self, wav: bytes, repeat: int, volume: float) -> bytes:
        """A WAV: the chime, then a spoken sentence ``repeat`` times. Raises BadClip for a sentence that is no sound
        of the clips' kind."""
        return _called(self._joined((CHIME,), volume), wav, repeat)

    def words(self, names: Sequence[str]) -> str:
        """What the clips say, as text (``words.toml`` beside them)."""
        with (self._shipped / "words.toml").open("rb") as file:
            words = tomllib.load(file)
        return "".join(words.get(name, name) for name in names)

    def _sentence(self, names: Sequence[str], volume: float) -> bytes:
        starts = [0, *(at for at, name in enumerate(names) if at and name in WHERE_TO)]
        parts = [names[start:end] for start, end in zip(starts, [*starts[1:], len(names)], strict=True)]
        return _after_one_another([self._joined(part, volume) for part in parts], BREATH)

    def _joined(self, names: Sequence[str], volume: float) -> bytes:
        return join(self._shipped, [self._clip(name) for name in names], gap=GAP, volume=volume, rate=self.rate)

    def _clip(self, name: str) -> str:
        """The clip's name, or the path of the hall's own, which stands for itself in any folder."""
        file = f"{name}.wav"
        if self._own is not None and file not in self.broken and (self._own / file).exists():
            return str(self._own / name)
        return name


def _called(chime: bytes, sentence: bytes, repeat: int) -> bytes:
    """The chime, then the sentence ``repeat`` times, at least once."""
    return _after_one_another(
        [_after_one_another([chime, sentence], BREATH), *[sentence] * (repeat - 1)], PAUSE)


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
