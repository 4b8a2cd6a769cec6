"""Asks the visitor who has just been served, once, and keeps the answer."""

from __future__ import annotations

import logging
from functools import partial
from math import ceil

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.errors import AlreadyRated, HallError, StoreError
from hallapp.domain.events import HallEvent, Kind
from hallapp.domain.handling import Visit
from hallapp.domain.rating import Answer, Channel, Level, Rating
from hallapp.services import ratings
from hallapp.services.answers import Answers, hand_in
from hallapp.services.hall import Hall
from hallapp.ui.feed import Feed
from hallapp.ui.kiosk.parts import Page, Scale
from hallapp.ui.rater.pages import AskPage, QuietPage, ReasonsPage, ThanksPage
from hallapp.ui.rater.view import RaterWindow
from hallapp.ui.tasks import Tasks

THANKS_SECONDS, RETRY_SECONDS = 6.0, 5.0
TURNS = frozenset({Kind.FINISHED, Kind.UNDONE, Kind.ARRIVED, Kind.WALKED_IN, Kind.VOIDED, Kind.RATED, Kind.NOT_RATED})

_log = logging.getLogger(__name__)


class RaterPresenter(QObject):
    """Whose answer is awaited, as ``_visit`` and ``_level``; what the store did not take yet waits in ``_unsaved``,
    and in ``answers`` should the program end."""

    def __init__(
        self, view: RaterWindow, hall: Hall, window: int, tasks: Tasks, feed: Feed, answers: Answers
    ) -> None:
        super().__init__(view)
        self._view, self._hall, self._window, self._tasks, self._answers = view, hall, window, tasks, answers
        self._visit: Visit | None = None
        self._level: Level | None = None
        self._unsaved: list[Answer] = []
        self._reading = self._stale = self._saving = self._away = False
        self._until = self._retry_at = self._look_at = 0.0  # monotonic seconds
        for signal, slot in (
            (view.touched, self._on_touched), (view.resized, self._on_resized), (feed.happened, self._on_happened),
            (feed.store_lost, self._on_unread), (feed.store_back, self._on_store_back),
        ):
            signal.connect(slot)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._on_second)
        self._second.start()
        self._rest()
        self._tasks.run(self, answers.waiting, self._on_left_over)
        self._read()

    def sit_at(self, window: int) -> None:
        """The rater's clerk works at this window from now on."""
        if window != self._window:
            self._part()
            self._window = window
            self._view.show_window(window)
            self._rest()
            self._read()

    # -- whom to ask -----------------------------------------------------------------------------------------------

    def _read(self) -> None:
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        work = partial(ratings.to_rate, self._hall, self._window)
        self._tasks.run(self, work, self._on_found, {Exception: self._on_unread})

    def _on_found(self, visit: Visit | None) -> None:
        """The store knows who was served last: somebody new, the same one still, or nobody any more."""
        self._reading = False
        self._set_away(False)
        if visit is not None and visit.window != self._window:  # the clerk has moved since it was asked for
            visit = None
        if self._visit is not None and (visit is None or visit.id != self._visit.id):
            self._part()
        if visit is not None and self._visit is None and not self._answered(visit):
            left = ratings.time_left(self._hall, visit, self._hall.clock.now())
            if left > 0:
                self._ask(visit, left)
        if self._stale:
            self._read()

    def _answered(self, visit: Visit) -> bool:
        return any(visit.id == answer.visit_id for answer in self._unsaved)

    def _ask(self, visit: Visit, seconds: float) -> None:
        self._visit, self._level = visit, None
        self._until = self._hall.clock.monotonic() + seconds
        self._show(self._asking)

    def _part(self) -> None:
        """The visitor has gone, or the visit goes on: what was chosen counts, else it is 未评价."""
        if self._visit is not None:
            page = self._view.page
            self._finish(page.ticked() if isinstance(page, ReasonsPage) else ())
            self._rest()

    # -- pages -----------------------------------------------------------------------------------------------------

    def _show(self, make: partial[Page], *, bar: bool = True) -> None:
        self._make, self._with_bar = make, bar
        self._view.show_page(make, bar=bar)

    def _rest(self) -> None:
        self._until = 0.0
        name = self._hall.info.name
        self._show(partial(QuietPage, hall_name=name, window=self._window, away=self._away), bar=False)

    def _set_away(self, away: bool) -> None:
        """Whoever is being asked may still answer: that is kept here until the store takes it."""
        if away is not self._away:
            self._away = away
            if isinstance(self._view.page, QuietPage):
                self._rest()

    def _asking(self, scale: Scale) -> AskPage:
        assert self._visit is not None
        page = AskPage(scale, self._visit.staff, self._hall.rules.rating_seconds)
        page.level_chosen.connect(self._on_level_chosen)
        return page

    def _reasons(self, ticked: tuple[str, ...], scale: Scale) -> ReasonsPage:
        assert self._level is not None
        page = ReasonsPage(scale, self._level, ticked)
        page.submitted.connect(self._on_submitted)
        page.back_requested.connect(self._on_back_requested)
        return page

    def _thank(self, thanks: str, remark: str) -> None:
        self._until = self._hall.clock.monotonic() + THANKS_SECONDS
        self._show(partial(ThanksPage, thanks=thanks, remark=remark))

    # -- touches ---------------------------------------------------------------------------------------------------

    def _on_level_chosen(self, level: int) -> None:
        self._level = Level(level)
        self._on_touched()
        self._show(partial(self._reasons, ()))

    def _on_back_requested(self) -> None:
        self._level = None
        self._on_touched()
        self._show(self._asking)

    def _on_submitted(self, reasons: tuple[str, ...]) -> None:
        if self._visit is None or self._level is None:
            return
        bad = self._level.bad
        self._finish(reasons)
        phone = self._hall.info.complaint_phone
        heard = self.tr("您的意见大厅负责人会看到，也可拨打 %1 反映。").replace("%1", phone)
        self._thank(self.tr("感谢您的评价"), heard if bad else self.tr("欢迎您再来，请带好随身物品。"))

    def _on_touched(self) -> None:
        if self._visit is not None:
            self._until = self._hall.clock.monotonic() + self._hall.rules.rating_seconds

    def _on_resized(self) -> None:
        page = self._view.page
        if isinstance(page, ReasonsPage):
            self._make = partial(self._reasons, page.ticked())
        self._view.show_page(self._make, bar=self._with_bar)

    # -- keeping the answer ----------------------------------------------------------------------------------------

    def _finish(self, reasons: tuple[str, ...]) -> None:
        assert self._visit is not None
        answer = Answer(self._visit.id, self._visit.window, self._level, reasons, Channel.SCREEN,
                        self._hall.clock.now())
        self._unsaved.append(answer)
        self._visit = self._level = None
        self._tasks.run(self, partial(self._answers.keep, answer), self._on_noted, {StoreError: self._on_unnoted})

    def _on_left_over(self, answers: tuple[Answer, ...]) -> None:
        """What an earlier run of the program could not save."""
        self._unsaved += answers
        self._save()

    def _on_noted(self, _done: None) -> None:
        self._save()

    def _on_unnoted(self, error: StoreError) -> None:
        _log.warning("a rating waits in memory only: %s", error)
        self._save()

    def _save(self) -> None:
        """The oldest answer into the store; the others follow."""
        if self._saving or not self._unsaved:
            return
        self._saving = True
        self._tasks.run(self, partial(hand_in, self._hall, self._answers, self._unsaved[0]), self._on_kept,
                        {AlreadyRated: self._on_already_rated, StoreError: self._on_not_kept,
                         HallError: self._on_refused, Exception: self._on_not_kept})

    def _on_kept(self, _rating: Rating | None) -> None:
        self._saving = False
        self._unsaved.pop(0)
        self._save()

    def _on_already_rated(self, _error: AlreadyRated) -> None:
        """Another rater at this window was faster."""
        level = self._unsaved[0].level
        if level is not None and isinstance(self._view.page, ThanksPage):
            self._thank(self.tr("本次服务已经评价过"), self.tr("谢谢您！"))
        self._on_kept(None)

    def _on_refused(self, error: HallError) -> None:
        """The visit goes on after all, or its day is over."""
        _log.warning("a rating was refused: %s", error)
        self._on_kept(None)

    def _on_not_kept(self, _error: Exception) -> None:
        self._saving = False
        self._retry_at = self._hall.clock.monotonic() + RETRY_SECONDS
        page, later = self._view.page, self.tr("已记下，系统恢复后自动保存，您不用再等。")
        if isinstance(page, ThanksPage) and page.remark != later:  # said once: it is tried again sooner than it goes
            self._thank(self.tr("感谢您的评价"), later)

    # -- time and news ---------------------------------------------------------------------------------------------

    def _on_second(self) -> None:
        now = self._hall.clock.monotonic()
        page = self._view.page
        if self._visit is not None and now >= self._until:
            self._part()
        elif isinstance(page, AskPage | ReasonsPage):
            page.show_left(ceil(self._until - now))
        if self._visit is None and 0 < self._until <= now:
            self._rest()
        if self._unsaved and now >= self._retry_at:
            self._save()
        if self._away and now >= self._look_at:
            self._read()

    def _on_happened(self, events: tuple[HallEvent, ...]) -> None:
        """Look again when somebody came to this window or left it, or somebody answered; and at the first news."""
        if not events or any(one.kind in TURNS and one.window in (None, self._window) for one in events):
            self._read()

    def _on_unread(self, error: StoreError) -> None:
        if not self._away:  # no clerk sees this screen: that its role may not ask stands nowhere else
            _log.warning("nobody can be asked to rate: %s", error)
        self._reading = False
        self._look_at = self._hall.clock.monotonic() + RETRY_SECONDS
        self._set_away(True)

    def _on_store_back(self) -> None:
        self._reading = False
        self._set_away(False)
        self._save()
        self._read()
