"""The announcing voice: speaks calls one after another, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from drivers.errors import BadClip, NoSound, NoVoice
from drivers.player import Player
from drivers.windows_voice import speak
from hallapp import paths
from hallapp.devices.settings import VoiceSettings
from hallapp.devices.voice_sound import ClipBox
from hallapp.domain.announcement import clips
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rules import Rules

_log = logging.getLogger(__name__)

LOOK = 10.0  # seconds without a call after which the sound device is looked for again


class SoundPlayer(Protocol):
    """Plays a WAV to its end; ``stop`` ends it, from any thread; ``check`` looks whether there is a device. The first
    and the last raise drivers.errors.NoSound."""

    def check(self) -> None: ...
    def play_wav(self, wav: bytes) -> None: ...
    def stop(self) -> None: ...


class Voice:
    """Announcements in the order they were asked for, never two at a time.

    A hall without a loudspeaker is no error: ``report`` hears of it at the start and whenever that changes, and the
    queue drains in silence meanwhile. ``look``: seconds without a call after which the device is looked for again.
    """

    def __init__(
        self, rules: Rules, settings: VoiceSettings, report: Callable[[DeviceStatus], None],
        player: SoundPlayer | None = None, look: float = LOOK, name: str = "voice",
    ) -> None:
        self.name, self._rules, self._settings, self._report = name, rules, settings, report
        self._player, self._look_after = player or Player(), look
        self._clips = ClipBox(paths.resources() / "sounds", settings.folder)
        self._windows = settings.engine == "windows"  # until it turns out that Windows has no voice
        self._queue: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._told: Callable[[bool], None] = lambda started: None
        self._known: DeviceStatus | None = None
        self._closed = False
        self._thread = Thread(target=self._run, name=self.name, daemon=True)

    def speaking(self, told: Callable[[bool], None]) -> None:
        """From now on ``told(True)`` as an announcement starts, ``told(False)`` as it ends; in the voice's thread."""
        self._told = told

    def say(self, number: str, window: int) -> None:
        """Speak this call once all those before it have been spoken."""
        self._queue.put((number, window))

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop in the middle of a word; what is still queued is not spoken."""
        self._closed = True
        self._queue.put(None)
        while self._thread.is_alive():
            self._player.stop()  # again and again: a sound may just be starting, which forgets an earlier stop
            self._thread.join(0.02)

    def _run(self) -> None:
        self._settle(self._player.check)
        while (call := self._next()) is not None and not self._closed:
            self._surely(partial(self._told, True))
            self._settle(partial(self._speak, *call))
            self._surely(partial(self._told, False))

    def _next(self) -> tuple[str, int] | None:
        """The next call; until it comes the sound device is looked after."""
        while True:
            try:
                return self._queue.get(timeout=self._look_after)
            except Empty:
                if self._trouble is not Trouble.PROGRAM:  # only a call that is heard shows that this is over
                    self._settle(self._player.check)

    def _settle(self, work: Callable[[], None]) -> None:
        """Do something with the sound device, and tell how the voice is after it."""
        self._surely(partial(self._settled, work))

    def _settled(self, work: Callable[[], None]) -> None:
        try:
            work()
            self._tell(*self._left())
        except NoSound:
            self._tell(Trouble.NO_SOUND)

    def _surely(self, work: Callable[[], None]) -> None:
        """Do something that may go wrong in a way nobody expected: the next call is spoken all the same."""
        try:
            work()
        except Exception as error:
            _log.error("%s: unexpected error", self.name, exc_info=error)
            with suppress(Exception):  # it may be the telling itself that fails, and that is in the log already
                self._tell(Trouble.PROGRAM)

    def _speak(self, number: str, window: int) -> None:
        if self._trouble is Trouble.NO_SOUND:
            self._player.check()  # making a sound that nobody hears takes the time of those who show the call
        names = clips(number, window, self._rules.voice_yao)
        self._player.play_wav(self._sound(names))

    @property
    def _trouble(self) -> Trouble | None:
        return self._known.trouble if self._known else None

    def _sound(self, names: tuple[str, ...]) -> bytes:
        """By Windows' voice if it is wanted and there, else from clips; broken ones of the hall's own left out."""
        repeat, volume = self._rules.voice_repeat, self._settings.volume
        if self._windows:
            try:
                wav = speak(self._clips.words(names), volume, self._clips.rate)
                return self._clips.spoken(wav, repeat, volume)
            except (NoVoice, BadClip) as error:
                self._windows = False  # asking again would hold up every call
                _log.warning("the voice of Windows is left out: %s", error)
        known = len(self._clips.broken)
        sound = self._clips.announcement(names, repeat, volume)
        for file in self._clips.broken[known:]:
            _log.warning("own recording left out: %s", self._settings.folder and self._settings.folder / file)
        return sound

    def _left(self) -> tuple[Trouble, str]:
        """What is not as the hall wants it although calls are heard."""
        if self._clips.broken:
            return Trouble.BAD_CLIP, " ".join(self._clips.broken)
        if self._settings.engine == "windows" and not self._windows:
            return Trouble.NO_VOICE, ""
        return Trouble.NONE, ""

    def _tell(self, trouble: Trouble, detail: str = "") -> None:
        """Report how the voice is, if that changed."""
        state = DeviceState.READY if trouble is Trouble.NONE else DeviceState.WARNING
        status = DeviceStatus(self.name, "voice", state, trouble, detail)
        if status != self._known:
            self._known = status
            self._report(status)
