"""The announcing voice: speaks calls one after another, in a thread of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from drivers.errors import BadClip, NoSound
from drivers.player import Player
from hallapp import paths
from hallapp.devices.settings import VoiceSettings
from hallapp.devices.voice_sound import ClipBox
from hallapp.domain.announcement import clips
from hallapp.domain.printing import DeviceState, DeviceStatus, Trouble
from hallapp.domain.rules import Rules

_log = logging.getLogger(__name__)


class SoundPlayer(Protocol):
    """Plays a WAV to its end (raises drivers.errors.NoSound); ``stop`` ends it, from any thread."""

    def play_wav(self, wav: bytes) -> None: ...
    def stop(self) -> None: ...


class Voice:
    """Announcements in the order they were asked for, never two at a time.

    A hall without a loudspeaker is no error: ``report`` hears of it once, and the queue drains in silence.
    """

    name = "voice"

    def __init__(
        self, rules: Rules, settings: VoiceSettings, report: Callable[[DeviceStatus], None],
        player: SoundPlayer | None = None,
    ) -> None:
        self._rules, self._settings, self._report = rules, settings, report
        self._player = player or Player()
        shipped = paths.resources() / "sounds"
        self._boxes = [ClipBox(shipped)]
        if settings.folder is not None:
            self._boxes.insert(0, ClipBox(shipped, settings.folder))
        self._queue: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._told: Callable[[bool], None] = lambda started: None
        self._trouble: Trouble | None = None
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
        while (call := self._queue.get()) is not None and not self._closed:
            self._told(True)
            try:
                self._speak(*call)
                self._tell(Trouble.NONE)
            except NoSound:
                self._tell(Trouble.NO_SOUND)
            except Exception as error:  # the next call is spoken again, whatever happened to this one
                _log.error("announcement failed", exc_info=error)
                self._tell(Trouble.FAULT)
            self._told(False)

    def _speak(self, number: str, window: int) -> None:
        names = clips(number, window, self._rules.voice_yao)
        self._player.play_wav(self._sound(names))

    def _sound(self, names: tuple[str, ...]) -> bytes:
        """With the hall's own clips, or without them where one is broken."""
        *own, shipped = self._boxes
        for box in own:
            try:
                return box.announcement(names, self._rules.voice_repeat, self._settings.volume)
            except BadClip as error:
                _log.warning("own recordings left out: %s", error)
        return shipped.announcement(names, self._rules.voice_repeat, self._settings.volume)

    def _tell(self, trouble: Trouble) -> None:
        """Report how the voice is, if that changed."""
        if trouble is not self._trouble:
            self._trouble = trouble
            state = DeviceState.READY if trouble is Trouble.NONE else DeviceState.WARNING
            self._report(DeviceStatus(self.name, "voice", state, trouble))
