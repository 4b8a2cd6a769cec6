"""Announcements put together from recorded clips."""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path

from drivers.errors import BadClip


def join(folder: Path, names: Sequence[str], *, gap: float = 0.06, volume: float = 1.0, rate: int = 0) -> bytes:
    """A WAV file with the clips ``<name>.wav`` of ``folder`` in order, ``gap`` seconds of silence between them,
    loudness times ``volume`` (0..1). The clips are 16-bit mono of one ``rate``, by default the first one's.
    Raises BadClip."""
    if not names:
        raise ValueError("an announcement needs at least one clip")
    sound = array("h")
    for name in names:
        path = folder / f"{name}.wav"
        clip_rate, samples = read_clip(path)
        rate = rate or clip_rate
        if clip_rate != rate:
            raise BadClip(f"has {clip_rate} Hz instead of {rate} Hz", path)
        if sound:
            sound.extend([0] * round(gap * rate))
        sound.extend(samples)
    volume = min(1.0, max(0.0, volume))
    if volume < 1:
        sound = array("h", (round(sample * volume) for sample in sound))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(sound.tobytes())
    return file.getvalue()


def read_clip(path: Path) -> tuple[int, array[int]]:
    """Rate and samples of a clip. Raises BadClip."""
    try:
        with wave.open(str(path), "rb") as clip:
            if (clip.getnchannels(), clip.getsampwidth()) != (1, 2):
                raise BadClip("is not 16-bit mono", path)
            frames = clip.readframes(clip.getnframes())
            if len(frames) < 2:  # a recording that failed: its word would be left out without anybody noticing
                raise BadClip("is empty", path)
            return clip.getframerate(), array("h", frames[: len(frames) // 2 * 2])
    except FileNotFoundError as error:
        raise BadClip("is missing", path) from error
    except (OSError, EOFError, RuntimeError, wave.Error) as error:  # RuntimeError: chunks that do not fit the file
        raise BadClip(f"cannot be read: {error}", path) from error
