"""What can go wrong with a device, in words a program can act on."""

from __future__ import annotations

from pathlib import Path


class DeviceError(Exception):
    """The device did not do what it was told. The message is ``text``, then the detail if there is one."""

    text = "the device failed"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.text}: {detail}" if detail else self.text)


class Unreachable(DeviceError):
    text = "the device cannot be reached"


class CutOff(Unreachable):
    """It was connected and is no longer: unplugged, or it hung up."""

    text = "the connection to the device was cut"


class InUse(Unreachable):
    text = "another program uses the line to the device"


class NoPort(Unreachable):
    text = "there is no such port"


class NoRights(Unreachable):
    text = "this account may not use the port"


class NoAnswer(DeviceError):
    text = "the device does not answer"


class BadReply(DeviceError):
    text = "the device's reply is damaged"


class Refused(DeviceError):
    """It is there and heard what it was told, and will not do it; the detail is the reason that it gave."""

    text = "the device refuses"


class OutOfPaper(DeviceError):
    text = "the printer is out of paper"


class CoverOpen(DeviceError):
    text = "the printer's cover is open"


class CutterFault(DeviceError):
    text = "the printer's cutter is blocked"


class PrinterFault(DeviceError):
    text = "the printer reports an error"


class Offline(DeviceError):
    text = "the printer is offline"


class UnknownFate(DeviceError):
    """Bytes of a job went out and its end could not be confirmed: it may or may not be on paper. Never sent again
    without asking. ``sent`` is how many bytes surely left, ``cause`` the trouble seen, if any."""

    text = "the job may or may not be on paper"

    def __init__(self, detail: str = "", *, sent: int, cause: DeviceError | None = None) -> None:
        super().__init__(detail)
        self.sent = sent
        self.cause = cause


class NotInCharset(DeviceError):
    """Text holds characters outside the device's set; a printer has them drawn as an image."""

    text = "not in the device's character set"

    def __init__(self, characters: str) -> None:
        super().__init__(" ".join(f"U+{ord(char):04X}" for char in characters))
        self.characters = characters


class UnknownCommand(DeviceError):
    text = "unknown printer command"


class NoSound(DeviceError):
    """There is no sound device, or it vanished. A warning to callers: a hall without a loudspeaker still works."""

    text = "no sound device"


class BadClip(DeviceError):
    """A voice clip is missing or not 16-bit mono PCM of the same rate as the others. The message names the file,
    ``file`` is its path where there is one."""

    text = "voice clip"

    def __init__(self, detail: str, file: Path | None = None) -> None:
        super().__init__(f"{file} {detail}" if file else detail)
        self.file = file


class NoVoice(DeviceError):
    """The system has no voice of the language, or does not speak."""

    text = "no voice"


class BadSetting(DeviceError):
    """A device's setting cannot be. ``key`` names it, ``expected`` says what would be right."""

    text = "setting"

    def __init__(self, key: str, expected: str) -> None:
        super().__init__(f"{key}: expected {expected}")
        self.key, self.expected = key, expected


class NoDriver(DeviceError):
    """No driver of this name; ``known`` are those there are."""

    text = "no such driver"

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{kind}.{name}")
        self.known = known
