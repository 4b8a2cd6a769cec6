"""Checksums of serial protocols. The 16-bit ones are numbers; each protocol has its own order of the two bytes."""

from __future__ import annotations

import binascii
from functools import reduce

_REFLECTED = 0xA001  # polynomial 8005 with its bits turned round


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (_REFLECTED if byte & 1 else 0)
    return byte


_TABLE = tuple(map(_remainder, range(256)))


def sum8(data: bytes) -> int:
    return sum(data) & 0xFF


def xor8(data: bytes) -> int:
    return reduce(lambda total, byte: total ^ byte, data, 0)


def sum16(data: bytes) -> int:
    return sum(data) & 0xFFFF


def crc16_arc(data: bytes, crc: int = 0) -> int:
    """Check value BB3D (of the ASCII digits 1 to 9, as for all below)."""
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc


def crc16_modbus(data: bytes) -> int:
    """Check value 4B37."""
    return crc16_arc(data, 0xFFFF)


def crc16_xmodem(data: bytes) -> int:
    """Polynomial 1021, start 0; check value 31C3."""
    return binascii.crc_hqx(data, 0)


def crc16_ccitt(data: bytes) -> int:
    """Polynomial 1021, start FFFF; check value 29B1."""
    return binascii.crc_hqx(data, 0xFFFF)
