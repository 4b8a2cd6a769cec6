"""The state of this station's devices, for every window that shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from hallapp.domain.printing import DeviceState, DeviceStatus


class Lights(QObject):
    """The last status of each device.

    Signals:
        changed: Some device's status changed; a tuple of all DeviceStatus in order of first report.
    """

    changed = Signal(object)
    _reported = Signal(object)
    _forgotten = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[str, DeviceStatus] = {}
        self._reported.connect(self._on_reported)
        self._forgotten.connect(self._on_forgotten)

    def report(self, status: DeviceStatus) -> None:
        """Take a status from a device's own thread."""
        self._reported.emit(status)

    def forget(self, name: str) -> None:
        """A device is not looked after here any more; from its own thread."""
        self._forgotten.emit(name)

    def current(self) -> tuple[DeviceStatus, ...]:
        return tuple(self._known.values())

    def troubled(self) -> tuple[DeviceStatus, ...]:
        return tuple(status for status in self._known.values() if status.state is not DeviceState.READY)

    def _on_reported(self, status: DeviceStatus) -> None:
        if self._known.get(status.name) != status:
            self._known[status.name] = status
            self.changed.emit(self.current())

    def _on_forgotten(self, name: str) -> None:
        if self._known.pop(name, None) is not None:
            self.changed.emit(self.current())
