"""A player that keeps what it is given to play, for the demo and for tests: silent, and as fast as it is called."""

from __future__ import annotations


class WavRecorder:
    """Stands in for drivers.player.Player; ``wavs`` are all sounds played, in order."""

    def __init__(self) -> None:
        self.wavs: list[bytes] = []

    def check(self) -> None:
        """It is always there."""

    def play_wav(self, wav: bytes) -> None:
        self.wavs.append(wav)

    def stop(self) -> None:
        """Nothing lasts, so nothing is left to stop."""
