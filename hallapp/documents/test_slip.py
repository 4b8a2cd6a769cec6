"""A page that shows whether a receipt printer prints what the hall needs."""

from __future__ import annotations

from datetime import datetime

from drivers.escpos import PrinterProfile
from hallapp.documents.slip_layout import Slip
from hallapp.domain.rules import HallInfo

RULER = "1234567890"


def test_slip(hall: HallInfo, profile: PrinterProfile, at: datetime) -> bytes:
    """Chinese, sizes, the full width, a drawn character, QR and barcode. ``at`` is hall time."""
    slip = Slip(profile)
    slip.text(hall.name, bold=True, side="center")
    slip.text("打印测试页", scale=2, side="center")
    slip.text(f"{at:%Y-%m-%d %H:%M}", side="center")
    slip.rule()
    slip.text((RULER * 5)[: profile.columns])
    slip.text(f"上面一行应有 {profile.columns} 个数字，占满纸宽。")
    slip.text("汉字：医疗保障 参保登记 ，。；：（）——“”℃￥")
    slip.text("图形汉字：䶮㛃𬭎")
    slip.text("两倍", scale=2)
    slip.text("A012", scale=3, bold=True)
    slip.qr("TEST", 6)
    slip.barcode("N20261123001")
    slip.text("以上都清楚，说明打印机设置正确。")
    return slip.done()


test_slip.__test__ = False  # type: ignore[attr-defined]  # a name of the trade, no pytest test
