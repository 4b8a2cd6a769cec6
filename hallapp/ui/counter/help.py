"""All keys of the counter on one card."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from hallapp.ui.counter.dialogs.choice import Choice
from hallapp.ui.widgets.parts import label


class HelpDialog(Choice):
    """The keys in the order of a visit."""

    def __init__(self, parent: QWidget | None = None, *, appointments: bool = False) -> None:
        hint = self.tr("最常用：F2 呼叫，F2 到窗，输入事项按回车，1 办结，F12 完成。")
        super().__init__(self.tr("按键"), hint, parent, width=860)
        keys = (
            ("F2", self.tr("呼叫下一位；到窗口后再按一次")), ("F3", self.tr("重呼")), ("F4", self.tr("过号")),
            ("Shift+F4", self.tr("弃号")), ("F5", self.tr("挂起（三种）")), ("F6", self.tr("转移到其他业务或窗口")),
            ("F7", self.tr("添加事项，或输入告知单编号")), ("F8", self.tr("写一次性告知单")),
            ("F9", self.tr("暂停服务、恢复服务")), ("F10", self.tr("无号接待")),
            ("F11", self.tr("找号：先叫、返回、恢复、弃号")), ("F12", self.tr("办理完成")),
            ("1—8", self.tr("所选事项的办理结果，按错可改")), ("0", self.tr("暂停计时、继续计时")),
            ("↑ ↓", self.tr("选择事项")), ("+ −", self.tr("所选事项的件数")), ("Ctrl+Z", self.tr("撤销上一步")),
            ("Alt+1 2 3", self.tr("回答右侧的提问")), ("Ctrl+L", self.tr("锁屏")), ("Ctrl+Q", self.tr("签退")),
            ("Ctrl+M", self.tr("修改自己的密码")),
            *((("Ctrl+B", self.tr("预约：登记、撤销、到厅取号")),) if appointments else ()),
        )
        rows = -(-len(keys) // 2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        for place, (key, meaning) in enumerate(keys):
            row, side = place % rows, 2 * (place // rows)
            grid.addWidget(label(key, 16, look="chip"), row, side)
            grid.addWidget(label(meaning, 18), row, side + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.column.addLayout(grid)
        others = self.tr("同一台电脑上有几个窗口时，Ctrl+1、Ctrl+2……切换；Ctrl+Shift+Q 退出程序。")
        self.column.addWidget(label(others, 16, look="quiet", wrap=True))
        self.add_leave()
