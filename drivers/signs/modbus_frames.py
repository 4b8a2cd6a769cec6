"""The little of Modbus RTU that number displays need: writing registers, reading one, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from struct import pack

from drivers.checksums import crc16_modbus

READ, WRITE_ONE, WRITE_SEVERAL = 0x03, 0x06, 0x10
REFUSAL = 0x80  # added to the function's number
LONGEST = 256

REASONS = {1: "unknown function", 2: "no such register", 3: "value out of range", 4: "device failure", 6: "busy"}


def sealed(body: bytes) -> bytes:
    """With its checksum, low byte first."""
    return body + pack("<H", crc16_modbus(body))


def is_sound(frame: bytes) -> bool:
    return len(frame) >= 4 and sealed(frame[:-2]) == frame


def write_one(address: int, register: int, value: int) -> bytes:
    return sealed(pack(">BBHH", address, WRITE_ONE, register, value))


def write_several(address: int, register: int, values: Sequence[int]) -> bytes:
    head = pack(">BBHHB", address, WRITE_SEVERAL, register, len(values), 2 * len(values))
    return sealed(head + pack(f">{len(values)}H", *values))


def read_one(address: int, register: int) -> bytes:
    return sealed(pack(">BBHH", address, READ, register, 1))


class ReplyReader:
    """Waits for one device's reply to one function in a noisy stream; gives its bytes without the checksum."""

    def __init__(self, address: int, function: int) -> None:
        self._starts = {bytes((address, function)): 7 if function == READ else 8,
                        bytes((address, function | REFUSAL)): 5}
        self._heard = b""

    def feed(self, data: bytes) -> bytes | None:
        self._heard = (self._heard + data)[-LONGEST:]
        for at in range(len(self._heard)):
            length = self._starts.get(self._heard[at : at + 2])
            if length is not None and is_sound(reply := self._heard[at : at + length]) and len(reply) == length:
                return reply[:-2]
        return None
