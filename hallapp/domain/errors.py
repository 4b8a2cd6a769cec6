"""Failures a clerk, visitor or administrator can cause or fix. Anything else is a bug."""

from __future__ import annotations

import errno
from datetime import date
from enum import StrEnum

from hallapp.domain.printing import Trouble


class HallError(Exception):
    """Base of every expected failure; the UI shows each kind as one sentence."""


class NothingWaiting(HallError):
    """A window called next while no ticket it may serve was waiting."""


class WrongState(HallError):
    """A ticket, visit or item was asked for a step its state does not allow.

    Attributes:
        subject: What was asked, e.g. the ticket number.
        state: The state it is in.
    """

    def __init__(self, subject: str, state: str) -> None:
        super().__init__(f"{subject} is {state}")
        self.subject, self.state = subject, state


class NotFound(HallError):
    """Nothing in the store carries this number or id."""

    def __init__(self, subject: str) -> None:
        super().__init__(f"not found: {subject}")
        self.subject = subject


class NotToday(HallError):
    """A number of another day was shown; a number is valid on its day only.

    Attributes:
        day: The day of the number.
    """

    def __init__(self, number: str, day: date) -> None:
        super().__init__(f"{number} is of {day}")
        self.number, self.day = number, day


class TooSoon(HallError):
    """A recall or a miss came before the set interval had passed.

    Attributes:
        seconds_left: Whole seconds still to wait.
    """

    def __init__(self, seconds_left: int) -> None:
        super().__init__(f"wait {seconds_left} s more")
        self.seconds_left = seconds_left


class RecallLimit(HallError):
    """The ticket has been recalled as often as the rules allow."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"recalled {limit} times already")
        self.limit = limit


class TooFewCalls(HallError):
    """A ticket must be called more often before it may be missed."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"must be called {needed} times before it is missed")
        self.needed = needed


class ReturnRefused(HallError):
    """A missed ticket came back too late or too often; a new number is needed."""


class WindowBusy(HallError):
    """The window still has a called ticket or an open visit."""


class WindowPaused(HallError):
    """The window has paused its service."""


class NotSignedIn(HallError):
    """The step needs a clerk signed in at the window."""


class WrongPassword(HallError):
    """Staff number and password do not belong together, or the account is closed."""


class WindowTaken(HallError):
    """Another clerk is signed in at the window.

    Attributes:
        window: The window's number.
        staff: The staff number signed in there.
    """

    def __init__(self, window: int, staff: str) -> None:
        super().__init__(f"window {window} is taken by {staff}")
        self.window, self.staff = window, staff


class SignedInElsewhere(HallError):
    """The clerk is signed in at another window."""

    def __init__(self, window: int) -> None:
        super().__init__(f"signed in at window {window}")
        self.window = window


class ItemsOpen(HallError):
    """A visit cannot finish while items run or are suspended.

    Attributes:
        items: Ids of the items still open.
    """

    def __init__(self, items: tuple[int, ...]) -> None:
        super().__init__(f"{len(items)} items still open")
        self.items = items


class NothingToUndo(HallError):
    """The window's last step cannot be taken back, or there is none."""


class AlreadyRated(HallError):
    """The visit has its one rating.

    Attributes:
        visit: The visit's id.
    """

    def __init__(self, visit: int) -> None:
        super().__init__(f"visit {visit} is rated")
        self.visit = visit


class WeakPassword(HallError):
    """A new password is shorter than the rules ask."""

    def __init__(self, minimum: int) -> None:
        super().__init__(f"password needs {minimum} characters")
        self.minimum = minimum


class StaffExists(HallError):
    """The staff number is in use."""

    def __init__(self, number: str) -> None:
        super().__init__(f"staff number {number} exists")
        self.number = number


class NotAllowed(HallError):
    """The signed-in person's role does not include this step."""


class BadInput(HallError):
    """A value from outside is not usable.

    Attributes:
        field: Which value.
    """

    def __init__(self, field: str) -> None:
        super().__init__(f"bad value for {field}")
        self.field = field


class StoreError(HallError):
    """The store cannot be used.

    Attributes:
        where: The file or address.
    """

    def __init__(self, where: str, why: str = "") -> None:
        super().__init__(f"{where}: {why}" if why else where)
        self.where, self.why = where, why


class StoreTooNew(StoreError):
    """The store was written by a newer program."""


class StoreOutdated(StoreError):
    """The server's tables are of an earlier version, and upgrading them is the owner's decision."""


class StoreTooOld(StoreError):
    """The database server is older than the program can use."""


class StoreReadOnly(StoreError):
    """The folder or file may not be written."""


class Misplaced(StoreReadOnly):
    """A file cannot be there: its folder is not, or a folder or file of that name is in the way."""


class StoreForbidden(StoreError):
    """The server's role may not do this."""


class StoreFull(StoreError):
    """The disk is full."""


def file_error(where: str, error: OSError) -> StoreError:
    """Why a file could not be written: no room, no such place, or no permission."""
    kinds = {errno.ENOSPC: StoreFull, errno.EDQUOT: StoreFull, errno.ENOENT: Misplaced, errno.ENOTDIR: Misplaced,
             errno.EISDIR: Misplaced, errno.EEXIST: Misplaced}
    return kinds.get(error.errno or 0, StoreReadOnly)(where, str(error))


class StoreDamaged(StoreError):
    """The file is not a store or its pages are damaged."""


class AlreadyOpen(StoreError):
    """The same station or command, ``why``, runs on this PC already."""


class StoreAway(StoreError):
    """The store does not answer (locked, gone, network)."""


class ServerFailed(HallError):
    """A database server could not be made, started, asked, joined or put under load.

    Attributes:
        what: A key of ui.startup, or the program of PostgreSQL or the system that failed.
        why: Its own words, or what ``what`` is about: a folder, an address, a number of seconds.
    """

    def __init__(self, what: str, why: str) -> None:
        super().__init__(f"{what}: {why}")
        self.what, self.why = what, why


class ConfigProblem(StrEnum):
    SYNTAX = "syntax"  # the file is not TOML
    ENCODING = "encoding"  # the file is not UTF-8
    MISSING = "missing"
    UNKNOWN = "unknown"  # a key nobody reads: most likely a typo
    TYPE = "type"
    VALUE = "value"
    ABSENT = "absent"  # it names an item or a folder that is not there
    TWICE = "twice"  # it says what may be said once
    UNREADABLE = "unreadable"
    GLYPHS = "glyphs"  # characters that cannot be printed


class ConfigError(HallError):
    """hall.toml cannot be used.

    Attributes:
        file: The file.
        key: The dotted key, or the line for a syntax error.
        problem: What is wrong with it.
        expected, found: What would be right, e.g. ``80 | 58``, and what stands there; may be empty.
    """

    def __init__(self, file: str, key: str, problem: ConfigProblem, expected: str = "", found: str = "") -> None:
        super().__init__(f"{file}: {key}: {problem}" + (f" ({expected})" if expected else ""))
        self.file, self.key, self.problem, self.expected, self.found = file, key, problem, expected, found


class OfficePrintFailed(HallError):
    """The office printer did not take the report; ``said`` is what the system says of it, and may be empty."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class PrintFailed(HallError):
    """A slip did not come out as it should.

    Attributes:
        trouble: What the printer says.
        unknown: Part of the slip may be on paper; otherwise nothing is.
    """

    def __init__(self, trouble: Trouble, *, unknown: bool = False) -> None:
        super().__init__(trouble)
        self.trouble, self.unknown = trouble, unknown
