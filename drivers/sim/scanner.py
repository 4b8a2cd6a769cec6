"""A barcode scanner: says what it scans and hears nothing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar


class ScannerSimulator:
    """``suffix`` is what it sends after each text, CR as scanners leave the factory."""

    ACTIONS: ClassVar[Mapping[str, str]] = {"scan": "TEXT"}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = ()

    def __init__(self, suffix: bytes = b"\r") -> None:
        self.faults: set[Any] = set()
        self.suffix = suffix
        self._scans = 0
        self._said = b""

    def scan(self, text: str) -> None:
        self._scans += 1
        self._said += text.encode() + self.suffix

    def take(self, data: bytes) -> bytes:
        said, self._said = self._said, b""
        return said

    def seen(self) -> dict[str, str]:
        return {"scans": str(self._scans)}
