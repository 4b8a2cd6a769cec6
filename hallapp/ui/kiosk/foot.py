"""The line at the kiosk's foot: what the devices' states mean for a visitor, or something said for a while."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from hallapp.domain.printing import DeviceState, Trouble
from hallapp.ui.kiosk.pages import NumberPage
from hallapp.ui.kiosk.view import KioskWindow
from hallapp.ui.lights import Lights

SAID_MS = 8000


class Foot(QObject):
    """``printer`` prints this kiosk's slips; ``None`` where there is none."""

    def __init__(self, view: KioskWindow, lights: Lights, printer: str | None) -> None:
        super().__init__(view)
        self._view, self._lights, self._printer = view, lights, printer
        self._said = QTimer(self, interval=SAID_MS, singleShot=True)
        self._said.timeout.connect(self.show_devices)
        lights.changed.connect(self.show_devices)

    def say(self, sentence: str) -> None:
        """In place of the devices for a while."""
        self._view.show_trouble(sentence, urgent=True)
        self._said.start()

    def show_devices(self) -> None:
        self._said.stop()
        words = {
            Trouble.PAPER_OUT: self.tr("打印机缺纸，屏幕上的号码有效，请记住。已通知工作人员。"),
            Trouble.PAPER_LOW: "",
        }
        default = self.tr("打印机不能出票，屏幕上的号码有效，请记住。已通知工作人员。")
        told = isinstance(self._view.page, NumberPage)  # what becomes of the slip stands on it, larger
        down = [] if told else self._troubles(DeviceState.DOWN)
        self._view.show_trouble(words.get(down[0], default) if down else "")

    def slip_words(self) -> tuple[str, bool]:
        """What becomes of the slip of a number just taken, and whether the visitor must do without."""
        if self._printer is None or Trouble.DRAWN in self._troubles():
            return self.tr("本机不出号码单，请记住屏幕上的号码"), True
        if self._troubles(DeviceState.DOWN):
            return self.tr("打印机不能出票，屏幕上的号码有效，请记住。已通知工作人员。"), True
        return self.tr("请取走号码单，等候叫号"), False

    def card_opens_lane(self) -> bool:
        """Whether an ID card can be laid now."""
        return any(one.kind == "reader" and one.state is DeviceState.READY for one in self._lights.current())

    def _troubles(self, *states: DeviceState) -> list[Trouble]:
        """Of this kiosk's printer, if it is in one of the states (any, if none is named)."""
        return [status.trouble for status in self._lights.current()
                if status.name == self._printer and (not states or status.state in states)]
