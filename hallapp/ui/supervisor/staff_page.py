"""Who works here: add, change, set a new password."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHeaderView, QLineEdit

from hallapp.domain.staff import LONGEST, Role, Staff
from hallapp.ui.supervisor.pages import Page, fill, table
from hallapp.ui.widgets.parts import KeyButton, label, one_line
from hallapp.ui.words import ROLES, tr


class StaffPage(Page):
    """Signals:
        add_requested: A new Staff and the first password.
        change_requested: The Staff as it shall be, a new password or an empty text, and the Staff as it was chosen.
    """

    add_requested = Signal(object, str)
    change_requested = Signal(object, str, object)

    def __init__(self) -> None:
        super().__init__(tr("人员"))
        self._staff: tuple[Staff, ...] = ()
        self._chosen: Staff | None = None
        self.people = table("staff", (tr("工号"), tr("姓名"), tr("角色"), tr("电话"), tr("状态")), 1)
        self.people.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)  # no wide gap
        self.people.itemSelectionChanged.connect(self._on_chosen)
        self.card.column.addWidget(self.people, 1)
        self.number, self.name, self.phone, self.password = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        for entry, field in ((self.number, "number"), (self.name, "name"), (self.phone, "phone")):
            entry.setMaxLength(LONGEST[field])
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        how = tr("点选一人可以修改、停用或重设密码；添加新人员，填好后按“添加为新人员”。")
        self.card.column.addWidget(label(how, 16, look="quiet", wrap=True))
        self.role, self.active = QComboBox(), QCheckBox(tr("在用"))
        for role, text in ROLES.items():
            self.role.addItem(tr(text), role)
        grid = QGridLayout()
        grid.setSpacing(12)
        entries = ((tr("工号"), self.number, "staff-number"), (tr("姓名"), self.name, "staff-name"),
                   (tr("电话"), self.phone, "staff-phone"), (tr("角色"), self.role, "staff-role"),
                   (tr("密码"), self.password, "staff-password"), ("", self.active, "staff-active"))
        for place, (text, entry, name) in enumerate(entries):
            entry.setObjectName(name)
            grid.addWidget(label(text, 18), place // 3, 2 * (place % 3))
            grid.addWidget(entry, place // 3, 2 * (place % 3) + 1)
        self.card.column.addLayout(grid)
        buttons = QGridLayout()
        for place, (text, key, name, slot) in enumerate((
            (tr("添加为新人员"), "Ctrl+N", "add-staff", self._on_add_clicked),
            (tr("保存修改"), "Ctrl+Return", "change-staff", self._on_change_clicked),
        )):
            self._keep = button = KeyButton(text, key)  # the last one
            button.setObjectName(name)
            button.clicked.connect(slot)
            buttons.addWidget(button, 0, place)
        self.number.textChanged.connect(self._on_number_changed)
        self.card.column.addLayout(buttons)
        self.show_nobody()

    def show_staff(self, staff: Sequence[Staff]) -> None:
        self._staff = tuple(staff)
        fill(self.people, [(one.number, one.name, tr(ROLES[one.role]), one.phone or "—",
                            tr("在用") if one.active else tr("停用")) for one in staff])

    def take_focus(self) -> None:
        self.number.setFocus()

    def show_nobody(self) -> None:
        """Empty fields, for a new member."""
        self.people.setCurrentCell(-1, -1)
        for entry in (self.number, self.name, self.phone, self.password):
            entry.clear()
        self.role.setCurrentIndex(list(ROLES).index(Role.CLERK))  # not what whoever was chosen before may do
        self.active.setChecked(True)
        self.number.setFocus()
        self._refresh(None)

    def show_changed(self, member: Staff) -> None:
        """A change was kept: the next one of the same member begins from there."""
        if self._chosen and self._chosen.number == member.number:
            self._refresh(member)

    def _refresh(self, chosen: Staff | None) -> None:
        """Whom a change would be kept for, and what an empty password means."""
        self._chosen = chosen
        self._on_number_changed()
        self._keep.set_text(tr("保存 %1 的修改", chosen.number) if chosen else tr("保存修改"))
        self.password.setPlaceholderText(tr("不改密码就空着") if chosen else tr("6 位以上"))

    def _entered(self) -> Staff:
        number, name, phone = map(one_line, (self.number, self.name, self.phone))
        return Staff(number, name, Role(self.role.currentData()), phone, self.active.isChecked())

    def _on_chosen(self) -> None:
        if (rows := self.people.selectionModel().selectedRows()) and rows[0].row() < len(self._staff):
            one = self._staff[rows[0].row()]
            self.number.setText(one.number)
            self.name.setText(one.name)
            self.phone.setText(one.phone)
            self.role.setCurrentIndex(list(ROLES).index(one.role))
            self.active.setChecked(one.active)
            self.password.clear()
            self._refresh(one)

    def _on_number_changed(self) -> None:
        """A number is for ever: under another one what was chosen would be written over somebody else."""
        self._keep.setEnabled(self._chosen is not None and self.number.text().strip() == self._chosen.number)

    def _on_add_clicked(self) -> None:
        self.add_requested.emit(self._entered(), self.password.text())

    def _on_change_clicked(self) -> None:
        self.change_requested.emit(self._entered(), self.password.text(), self._chosen)
