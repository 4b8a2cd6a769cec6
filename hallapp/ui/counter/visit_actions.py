"""The clerk's wishes about the visit at the window, turned into service calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from hallapp.documents.fonts import lacking
from hallapp.documents.wording import OUTCOMES
from hallapp.domain.handling import HandledItem, ItemState, Outcome, Visit
from hallapp.domain.notice import Notice
from hallapp.services import visits
from hallapp.services.hall import Hall
from hallapp.services.notices import NoticeDraft, give_notice
from hallapp.ui.counter.dialogs.confirm import Confirm
from hallapp.ui.counter.notice_dialog import NoticeDialog
from hallapp.ui.words import tr, unprintable

if TYPE_CHECKING:
    from hallapp.ui.counter.presenter import CounterPresenter


class VisitActions(QObject):
    """Middle panel."""

    def __init__(self, owner: CounterPresenter) -> None:
        super().__init__(owner)
        self._owner, self._panel = owner, owner.view.visit
        self._unsaved: tuple[NoticeDraft, str] | None = None
        self._writing: NoticeDialog | None = None
        self._correction: tuple[int, Outcome] | None = None  # that is asked about
        self._panel.entry.item_requested.connect(self._on_item_requested)
        self._panel.outcome_requested.connect(self._on_outcome_requested)
        self._panel.correction_requested.connect(self._on_correction_requested)
        self._panel.toggle_requested.connect(self._on_toggle_requested)
        self._panel.quantity_requested.connect(self._on_quantity_requested)
        self._panel.notice_requested.connect(self._on_notice_requested)
        self._panel.finish_requested.connect(self._on_finish_requested)

    def _on_item_requested(self, code: str, quantity: int) -> None:
        self._owner.act(visits.start_item, code, quantity, self._owner.request_of(f"{code}*{quantity}"),
                        then=self._on_item_started)

    def _on_item_started(self, item: HandledItem) -> None:
        """From here the digits are outcome keys."""
        self._panel.entry.clear()
        self._panel.selected = item.id
        self._panel.setFocus()

    def _on_outcome_requested(self, item_id: int, outcome: Outcome) -> None:
        self._owner.act(visits.finish_item, item_id, outcome)

    def _on_correction_requested(self, item_id: int, outcome: Outcome) -> None:
        """Asked, for the digit may have been meant for the next item's number."""
        item = self._item(item_id)
        if item is None or item.outcome is None:
            return
        known = self._owner.hall.catalogue.find_item(item.item_code)
        before, after = tr(OUTCOMES[item.outcome]), tr(OUTCOMES[outcome])
        dialog = Confirm(
            tr("%1：已登记“%2”", known.short if known else item.item_code, before),
            tr("要改成“%1”吗？办理时长不变。要再添一项，请按 Esc，再按 F7。", after), tr("改成“%1”", after),
            self._owner.view)
        self._correction = item_id, outcome
        dialog.confirmed.connect(self._on_correction_confirmed)
        dialog.open()

    def _on_correction_confirmed(self) -> None:
        if self._correction is not None:
            self._owner.act(visits.correct_outcome, *self._correction)

    def _on_toggle_requested(self, item_id: int) -> None:
        item = self._item(item_id)
        if item is not None:
            self._owner.act(visits.resume_item if item.state is ItemState.SUSPENDED else visits.suspend_item, item_id)

    def _on_quantity_requested(self, item_id: int, quantity: int) -> None:
        item = self._item(item_id)
        if item is not None and item.quantity != quantity and item.state is not ItemState.ENDED:
            self._owner.act(visits.set_quantity, item_id, quantity)

    def _on_notice_requested(self, item_id: int) -> None:
        item = self._item(item_id)
        known = item and self._owner.hall.catalogue.find_item(item.item_code)
        if known:
            if self._writing is None or self._writing.item_id != item_id:
                self._put_away()
                self._writing = NoticeDialog(known, item_id, self._owner.view)
                self._writing.given.connect(self._on_notice_given)
                self._writing.words_typed.connect(self._on_words_typed)
            self._writing.open()

    def _put_away(self) -> None:
        """Esc keeps what was ticked and written, and so does a store that refuses it; once it is stored, or for another
        item's notice, it goes."""
        if self._writing is not None:
            self._writing.deleteLater()
            self._writing = None

    def _on_words_typed(self, words: str) -> None:
        self._owner.fetch(_lacking, words, then=self._on_lacking)

    def _on_lacking(self, chars: str) -> None:
        if self._writing is not None:
            self._writing.show_unprintable(unprintable(chars) if chars else "")

    def _on_notice_given(self, draft: NoticeDraft) -> None:
        if self._unsaved is None or self._unsaved[0] != draft:  # given once more after a refusal, it is the same one
            self._unsaved = draft, self._owner.request_of(f"notice-{draft.item_id}")
        self._give(*self._unsaved)

    def _give(self, draft: NoticeDraft, request: str) -> None:
        self._owner.act(give_notice, draft, self._owner.printer, request, then=self._on_notice_stored)

    def save_draft(self) -> None:
        """The store is back: what was written meanwhile is not lost. Of a visitor who has left it was refused."""
        if self._unsaved is None:
            return
        if self._item(self._unsaved[0].item_id) is not None:
            self._give(*self._unsaved)
        else:
            self._unsaved = None
            self._owner.tell(tr("接待已结束，写好的告知单没有保存。"), state="warning")

    def _on_notice_stored(self, notice: Notice) -> None:
        self._unsaved = None
        if self._writing is not None and self._writing.item_id == notice.item_id:
            self._put_away()
        self._owner.tell(tr("一次性告知单 %1 已保存并送打印。", notice.number))

    def _on_finish_requested(self) -> None:
        still = [item for item in self._items() if item.state is not ItemState.ENDED]
        if not still:
            self._owner.act(visits.finish_visit, then=None if self._items() else self._on_left_without_items)
            return
        dialog = Confirm(
            tr("还有 %1 个事项没有办理结果", len(still)), tr("全部按“办结”登记并结束本次接待？"),
            tr("全部办结并结束"), self._owner.view)
        dialog.confirmed.connect(self._on_finish_confirmed)
        dialog.open()

    def _on_left_without_items(self, _visit: Visit) -> None:
        """A forgotten case would be missing in the day's throughput."""
        self._owner.tell(tr("接待已结束，没有登记事项，不计件。要补登请按 Ctrl+Z。"), state="warning")

    def _on_finish_confirmed(self) -> None:
        for item in self._items():
            if item.state is not ItemState.ENDED:
                self._owner.act(visits.finish_item, item.id, Outcome.COMPLETED)
        self._owner.act(visits.finish_visit)

    def _items(self) -> list[HandledItem]:
        return [one.item for one in self._owner.desk.items] if self._owner.desk else []

    def _item(self, item_id: int) -> Any:
        return next((item for item in self._items() if item.id == item_id), None)


def _lacking(_hall: Hall, words: str) -> str:
    """It looks into the typeface's file."""
    return lacking(words)
