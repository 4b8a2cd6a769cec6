"""Simulated window signs: each decodes what it is sent into ``shown``, what somebody in front of it reads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from struct import unpack
from typing import Any, ClassVar, Protocol

from drivers.signs.modbus import ModbusSettings
from drivers.signs.modbus_frames import READ, REFUSAL, WRITE_ONE, WRITE_SEVERAL, is_sound, sealed
from drivers.signs.onbon_frames import COMPUTER, UPDATE, FrameReader, framed, opened


class SignFault(StrEnum):
    """What can be wrong with a sign itself; drivers.sim.line.LineFault has the rest."""

    OFF = "off"  # without power: it hears nothing, and comes back empty
    NAK = "nak"  # it refuses every command
    BAD_CRC = "bad_crc"  # its answers carry a wrong checksum


class Sign(Protocol):
    faults: set[Any]
    address: int

    @property
    def shown(self) -> str: ...

    def take(self, data: bytes) -> bytes: ...


class SimulatedSign:
    """What all signs have in common. ``history``: everything that was ever shown, in order."""

    ACTIONS: ClassVar[Mapping[str, str]] = {}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = (SignFault.OFF,)
    address = 0  # of one that has none

    def __init__(self) -> None:
        self.faults: set[Any] = set()
        self.history: list[str] = []

    @property
    def shown(self) -> str:
        return self.history[-1] if self.history else ""

    def seen(self) -> dict[str, str]:
        return {"shown": self.shown}

    def take(self, data: bytes) -> bytes:
        if SignFault.OFF in self.faults:
            if self.shown:
                self.history.append("")
            return b""
        answer = self.hear(data)
        if SignFault.BAD_CRC in self.faults and len(answer) > 2:
            answer = answer[:-3] + bytes((answer[-3] ^ 0x11,)) + answer[-2:]  # within what the checksum protects
        return answer

    def hear(self, data: bytes) -> bytes:
        """What it does with bytes from the computer, and its answer."""
        raise NotImplementedError


class OnbonMachine(SimulatedSign):
    """An Onbon character card. ``areas``: the text of each dynamic area, without its font and colour tags."""

    FAULTS = (SignFault.OFF, SignFault.NAK, SignFault.BAD_CRC)

    def __init__(self, address: int = 1) -> None:
        super().__init__()
        self.address = address
        self.areas: dict[int, str] = {}
        self._reader = FrameReader()

    def hear(self, data: bytes) -> bytes:
        return b"".join(map(self._obey, self._reader.feed(data)))

    def _obey(self, inside: bytes) -> bytes:
        frame = opened(inside)
        if frame is None:
            return self._answer(5)
        if frame.to != self.address or frame.sender != COMPUTER or len(frame.data) < 5:
            return b""
        if SignFault.NAK in self.faults:
            return self._answer(3)
        error = 0
        if frame.data[:2] == UPDATE:
            error = self._update(frame.data[5:])
        elif frame.data[:2] != b"\xa2\x00":
            error = 2
        return self._answer(error) if frame.data[2] == 1 else b""

    def _update(self, body: bytes) -> int:
        deleted, count, rest = body[0], body[1], body[2:]
        if deleted == 0xFF:
            self.areas.clear()
        for _ in range(count):
            length = int.from_bytes(rest[:2], "little")
            area, rest = rest[2 : 2 + length], rest[2 + length :]
            text = area[27:]
            if len(area) != length or int.from_bytes(area[23:27], "little") != len(text):
                return 4
            plain = re.sub(rb"\\FO[0-9]{3}|\\FE[0-9]{3}|\\C[0-9]", b"", text)
            self.areas[area[9]] = plain.decode("gb18030", "replace")
        self.history.append("".join(self.areas[area] for area in sorted(self.areas)))
        return 0

    def _answer(self, error: int) -> bytes:
        return framed(COMPUTER, bytes((0xA0, error != 0, error, 0, 0)), self.address)


class ModbusMachine(SimulatedSign):
    """A number display; its settings are those of the driver that it is meant for."""

    FAULTS = (SignFault.OFF, SignFault.NAK, SignFault.BAD_CRC)

    def __init__(self, settings: ModbusSettings | None = None) -> None:
        super().__init__()
        self._settings = settings or ModbusSettings()
        self.address = self._settings.address
        count = 1 if self._settings.kind == "number" else self._settings.digits
        self.registers = dict.fromkeys(range(self._settings.register, self._settings.register + count), 0)
        self._heard = b""

    def hear(self, data: bytes) -> bytes:
        self._heard = (self._heard + data)[-300:]
        answer = b""
        while (frame := self._first()) is not None:
            answer += self._obey(frame)
        return answer

    def _first(self) -> bytes | None:
        """The first whole request to this display; what stood before it is dropped."""
        for at in range(len(self._heard) - 7):
            head = self._heard[at : at + 8]
            if head[0] == self._settings.address and head[1] in (READ, WRITE_ONE, WRITE_SEVERAL):
                frame = self._heard[at : at + (9 + head[6] if head[1] == WRITE_SEVERAL else 8)]
                if is_sound(frame):
                    self._heard = self._heard[at + len(frame) :]
                    return frame
        return None

    def _obey(self, frame: bytes) -> bytes:
        function, register, word = unpack(">BHH", frame[1:6])
        values = {register: word}
        if function == WRITE_SEVERAL:
            values = dict(enumerate(unpack(f">{word}H", frame[7:-2]), register))
        error = 0
        if SignFault.NAK in self.faults:
            error = 4
        elif not values.keys() <= self.registers.keys():
            error = 2
        elif function not in (READ, self._settings.function):
            error = 1
        if error:
            return sealed(bytes((frame[0], function | REFUSAL, error)))
        if function == READ:
            return sealed(frame[:2] + b"\x02" + self.registers[register].to_bytes(2, "big"))
        self.registers.update(values)
        if function == WRITE_SEVERAL or register == max(self.registers):  # digit by digit: once the last is there
            self.history.append(self._displayed())
        return sealed(frame[:6])

    def _displayed(self) -> str:
        chosen = self._settings
        if chosen.kind == "digits":
            return "".join(chr(value & 0x7F) for _, value in sorted(self.registers.items())).strip()
        value = self.registers[chosen.register]
        if value == chosen.blank:
            return ""
        whole, behind = divmod(value, 10**chosen.decimals)
        return f"{whole}.{behind:0{chosen.decimals}}" if chosen.decimals else str(whole)


class Cd5220Machine(SimulatedSign):
    """A customer display; it never answers. ``lines``: its two lines, 20 characters each."""

    _COMMAND = re.compile(rb"\x1b\x51([AB])([^\r]{0,20})\r|\x1b\x2a.|\x1b\x40|\x0c", re.DOTALL)

    def __init__(self) -> None:
        super().__init__()
        self.lines = ["", ""]
        self._heard = b""

    def hear(self, data: bytes) -> bytes:
        self._heard = (self._heard + data)[-200:]
        end = 0
        for found in self._COMMAND.finditer(self._heard):
            end = found.end()
            if found[1]:
                self.lines[found[1] == b"B"] = found[2].decode("ascii", "replace").ljust(20)
            elif found[0] in (b"\x1b\x40", b"\x0c"):
                self.lines = ["", ""]
            if found[1] == b"B":
                self.history.append("\n".join(line.rstrip() for line in self.lines).rstrip())
        self._heard = self._heard[end:]
        return b""


class SignBus:
    """Several addressed signs on one line: each hears everything and answers for itself."""

    ACTIONS: ClassVar[Mapping[str, str]] = {"power": "ADDRESS"}
    FAULTS: ClassVar[tuple[StrEnum, ...]] = ()

    def __init__(self, signs: Sequence[Sign]) -> None:
        self.signs = tuple(signs)
        self.faults: set[Any] = set()

    def take(self, data: bytes) -> bytes:
        return b"".join(sign.take(data) for sign in self.signs)

    def power(self, address: str) -> None:
        """Switch the sign with this address off, or on again. Raises ValueError."""
        meant = [sign for sign in self.signs if sign.address == int(address)]
        if not meant:
            raise ValueError(address)
        meant[0].faults ^= {SignFault.OFF}
        meant[0].take(b"")  # it goes dark at once

    def seen(self) -> dict[str, str]:
        return {"shown": "  ".join(f"{sign.address}[{sign.shown}]" for sign in self.signs)}


def onbon_signs(addresses: Sequence[int] = (1,)) -> OnbonMachine | SignBus:
    """One Onbon sign, or several on a bus."""
    signs = [OnbonMachine(address) for address in addresses]
    return SignBus(signs) if len(signs) > 1 else signs[0]


def modbus_signs(addresses: Sequence[int] = (1,)) -> ModbusMachine | SignBus:
    """One number display with the driver's usual settings, or several on a bus."""
    signs = [ModbusMachine(ModbusSettings(address=address)) for address in addresses]
    return SignBus(signs) if len(signs) > 1 else signs[0]
