"""What the signs over the windows show."""

from __future__ import annotations

from drivers.signs.sign_text import SignText
from hallapp.devices.signs import Wanted
from hallapp.documents.sign_texts import SignTexts
from hallapp.domain.events import HallEvent, Kind
from hallapp.services.board import WindowLine, WindowState, board
from hallapp.services.hall import Hall

AWAY_FROM_WINDOWS = frozenset({
    Kind.ISSUED, Kind.REPRINTED, Kind.PRINT_STARTED, Kind.PRINTED, Kind.PRINT_FAILED, Kind.PRINT_DECIDED,
    Kind.DEVICE_CHANGED,
})


def concerns_signs(news: tuple[HallEvent, ...]) -> bool:
    """Whether a sign may have something else to show after these events; after none it is to be read anyway."""
    return not news or any(event.kind not in AWAY_FROM_WINDOWS for event in news)


def wanted_signs(hall: Hall, texts: SignTexts) -> tuple[Wanted, ...]:
    """The text of every window now, and the call that it belongs to."""
    now = board(hall)
    calls = {(line.window, line.number): line.seq for line in now.recent}
    return tuple(Wanted(_text(line, texts), calls.get((line.window, line.number), 0)) for line in now.windows)


def _text(line: WindowLine, texts: SignTexts) -> SignText:
    pattern = {
        WindowState.CALLING: texts.called, WindowState.SERVING: texts.serving if line.number else texts.visit,
        WindowState.PAUSED: texts.paused, WindowState.FREE: texts.free, WindowState.CLOSED: texts.closed,
    }[line.state]
    return SignText(line.number, line.window, pattern.format(number=line.number, window=line.window))
