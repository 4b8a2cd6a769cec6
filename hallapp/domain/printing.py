"""Print jobs: printed once if all is well, never silently lost, never repeated by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SlipKind(StrEnum):
    TICKET = "ticket"
    NOTICE = "notice"
    APPOINTMENT = "appointment"
    TEST = "test"


class JobState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    FAILED = "failed"  # nothing reached the paper; it may be tried again
    UNKNOWN = "unknown"  # part of it may be on paper; a person decides
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One slip for one printer. ``ref_id`` is the ticket's, notice's or appointment's id; a copy is marked as one."""

    id: int
    day: date
    printer: str
    kind: SlipKind
    ref_id: int
    created_at: datetime
    state: JobState = JobState.QUEUED
    copy: bool = False
    changed_at: datetime | None = None
    problem: str = ""


class DeviceState(StrEnum):
    READY = "ready"
    WARNING = "warning"
    DOWN = "down"


class Trouble(StrEnum):
    """What a device says is wrong; the UI has a sentence and a remedy for each."""

    NONE = "none"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER = "cutter"
    OFFLINE = "offline"
    SILENT = "silent"
    NO_PORT = "no_port"
    PORT_RIGHTS = "port_rights"  # this PC's account may not use its port
    CUT_OFF = "cut_off"
    IN_USE = "in_use"  # its line is held by another program
    GARBLED = "garbled"
    MUTE = "mute"  # no trouble: its line is open, and it cannot be asked; somebody has to try it or look at it
    FAULT = "fault"
    REFUSED = "refused"  # it is there and does not do what it is told
    CHARSET = "charset"  # it has no such characters as it was told to show
    PROGRAM = "program"  # this program or a driver went wrong, and the device may be well
    NO_SOUND = "no_sound"
    BAD_CLIP = "bad_clip"  # calls are heard, with another clip in the place of a broken one
    NO_VOICE = "no_voice"  # calls are heard, from clips
    UNKNOWN_FATE = "unknown_fate"
    UNKNOWN_KEY = "unknown_key"
    UNWATCHED = "unwatched"  # it cannot tell how it is: somebody has to look
    UNHEARD = "unheard"  # the PC it is attached to is not heard of
    DRAWN = "drawn"  # no printer is set: slips become pictures and nobody has one in hand
    NO_FOLDER = "no_folder"  # this and the next ones are a backup's
    BARE_FOLDER = "bare_folder"
    NO_ROOM = "no_room"
    NO_RIGHTS = "no_rights"
    STORE_DAMAGED = "store_damaged"
    COPY_FAILED = "copy_failed"
    CLOCK_BEHIND = "clock_behind"  # the hall's clock stands before days on which it has worked


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """A device as its worker last saw it; ``name`` by ``at_pc``. ``detail``: what it is about, such as a file."""

    name: str
    kind: str
    state: DeviceState
    trouble: Trouble = Trouble.NONE
    detail: str = ""


def at_pc(name: str, pc: str) -> str:
    """A device of hall.toml among those of all PCs of a hall: two kiosks have a printer each. A PC that has its store
    for itself has no name, and its devices need none."""
    return f"{name}@{pc}" if pc else name


def split_pc(name: str) -> tuple[str, str]:
    """What ``at_pc`` put together: the name in hall.toml, and the PC's."""
    plain, _, pc = name.partition("@")
    return plain, pc
