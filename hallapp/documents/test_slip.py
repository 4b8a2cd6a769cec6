"""A page that shows whether a receipt printer prints what the hall needs."""

from __future__ import annotations

from datetime import datetime

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.domain.rules import HallInfo

RULER = "1234567890"


def test_slip(hall: HallInfo, profile: PrinterProfile, at: datetime) -> bytes:
    """Chinese, sizes, the full width, a drawn line, QR and barcode. ``at`` is hall time."""
    slip = Slip(profile)
    slip.headline(hall.name, 1)
    slip.space(12)
    slip.headline("打印测试页", 2)
    slip.space(10)
    slip.text(f"{at:%Y-%m-%d %H:%M}", side="center")
    slip.rule()
    slip.text((RULER * (profile.columns // len(RULER) + 1))[: profile.columns])
    slip.text(f"上面一行应有{profile.columns}个数字，不换行。")
    slip.space(8)
    slip.text("常用字：医疗保障 参保登记 ，。；：（）《》℃￥")
    slip.text("生僻字：䶮㛃𬭎")
    slip.space(8)
    slip.text("加粗的字", bold=True)
    slip.space(8)
    slip.text("两倍的字", scale=2)
    slip.space(8)
    slip.headline("A012", 6)
    slip.space(16)
    slip.qr(f"TEST{at:%Y%m%d%H%M}")
    slip.space(24)
    slip.barcode(f"TEST{at:%Y%m%d%H%M}")
    slip.rule()
    slip.text("以上文字、二维码和条码都清楚，打印机就设置好了。", bold=True)
    return slip.done()


test_slip.__test__ = False  # type: ignore[attr-defined]  # a name of the trade, no pytest test
