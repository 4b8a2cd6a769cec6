"""Chinese for what the services say: errors, outcomes, states, troubles, durations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from hallapp.documents.wording import begun_seconds
from hallapp.domain import errors as e
from hallapp.domain.appointment import AppointmentRefused
from hallapp.domain.catalogue import Mode
from hallapp.domain.county import CountyRefused
from hallapp.domain.events import Kind
from hallapp.domain.presence import Setting
from hallapp.domain.printing import DeviceState, DeviceStatus, JobState, SlipKind, Trouble, split_pc
from hallapp.domain.queue import NextUp, Why
from hallapp.domain.staff import Role, StaffChanged
from hallapp.domain.ticket import HoldKind, TicketState
from hallapp.ui.appointment_words import REFUSALS, clock_words
from hallapp.ui.county_words import COUNTY
from hallapp.ui.startup import refused_by_server


def tr(text: str, *values: object) -> str:
    """``text`` in the program's language, with %1, %2 ... replaced."""
    made = QCoreApplication.translate("words", text)
    for place, value in enumerate(values, 1):
        made = made.replace(f"%{place}", str(value))
    return made


def unprintable(chars: str) -> str:
    """To whoever typed characters that no typeface of ours has."""
    return tr("小票和报表印不出“%1”，会印成方框，可改用相近的字。", chars)


HOLDS = {HoldKind.KEEP_PAPERS: "持件挂起", HoldKind.NO_PAPERS: "不持件挂起", HoldKind.OUTSIDE: "等待外部环节"}
STATES = {
    TicketState.WAITING: "等候", TicketState.CALLED: "已呼叫", TicketState.ARRIVED: "已到窗口",
    TicketState.HANDLING: "办理中", TicketState.HELD: "挂起", TicketState.MISSED: "过号",
    TicketState.ABANDONED: "弃号", TicketState.DONE: "已办完",
}
MODES = {Mode.DIRECT: "直接办理", Mode.ACCEPT_FORWARD: "受理上报", Mode.ASSIST: "帮办代办"}
ROLES = {Role.CLERK: "窗口人员", Role.SUPERVISOR: "管理员"}
SLIPS = {SlipKind.TICKET: "号码单", SlipKind.NOTICE: "告知单", SlipKind.APPOINTMENT: "预约单", SlipKind.TEST: "测试页"}
JOBS = {
    JobState.QUEUED: "等待打印", JobState.SENDING: "正在打印", JobState.PRINTED: "已打印", JobState.FAILED: "未打出",
    JobState.UNKNOWN: "不确定是否打出", JobState.CANCELLED: "已取消",
}
DEVICES = {
    "printer": "打印机", "voice": "语音", "kiosk": "取号机打印机", "counter": "柜台打印机", "sign": "窗口屏",
    "reader": "身份证阅读器", "scanner": "扫码器", "scanner-kiosk": "取号机扫码器", "scanner-counter": "柜台扫码器",
    "caller": "硬件呼叫器", "rater": "评价器", "backup": "备份", "clock": "电脑",
}
SETTINGS = {
    Setting.HALL: "名称、地址和电话", Setting.ITEMS: "事项", Setting.WINDOWS: "窗口", Setting.RULES: "规则",
    Setting.APPOINTMENTS: "预约",
}
WINDOWS = {"counter": "柜台", "kiosk": "取号机", "board": "叫号屏", "rater": "评价屏", "supervisor": "管理"}
AT_WINDOWS = {"sign": "%1 号窗口屏", "caller": "%1 号窗口呼叫器"}
STATE_WORDS = {DeviceState.READY: "正常", DeviceState.WARNING: "请留意", DeviceState.DOWN: "不能用"}
TROUBLES = {
    Trouble.NONE: "正常", Trouble.PAPER_LOW: "纸将用完，请备纸", Trouble.PAPER_OUT: "缺纸，请装纸，装好后自动补打",
    Trouble.COVER_OPEN: "盖子没关好，请合上", Trouble.CUTTER: "切刀卡住，请关机清理后重开",
    Trouble.OFFLINE: "脱机，请检查打印机面板", Trouble.SILENT: "没有应答，请检查电源和连接线",
    Trouble.IN_USE: "端口正被另一个程序使用，请关掉那个程序",
    Trouble.NO_PORT: "找不到端口，请插好连接线，或核对 hall.toml 里写的端口",
    Trouble.PORT_RIGHTS: "没有权限使用端口，请把本机用户加入 dialout 组（USB 打印机为 lp 组）",
    Trouble.CUT_OFF: "连接断开了，请检查连接线和电源", Trouble.GARBLED: "应答不完整或有错码，请检查连接线和速度设置",
    Trouble.MUTE: "线路已通", Trouble.FAULT: "报告故障，请关机重开",
    Trouble.REFUSED: "不接受命令，请核对 hall.toml 里它的设置，设置没错再关机重开",
    Trouble.CHARSET: "有字显示不出来，请核对 hall.toml 里 [sign_text] 的字和屏的 encoding",
    Trouble.PROGRAM: "程序出错，会自动再试；一直这样请重开本程序，并告诉维护人员",
    Trouble.NO_SOUND: "没有声音设备，叫号只在屏幕显示，请检查音箱和声卡",
    Trouble.BAD_CLIP: "有录音文件不能用，已改用自带语音",
    Trouble.NO_VOICE: "没有找到 Windows 中文语音，已改用自带语音",
    Trouble.UNKNOWN_FATE: "打印中断，请看小票是否打出",
    Trouble.UNKNOWN_KEY: "收到不认识的按键，请核对 hall.toml 的 [rater.keys] 和接线",
    Trouble.NO_FOLDER: "没有做成：找不到备份文件夹，请接好备份盘",
    Trouble.BARE_FOLDER: "备份文件夹是空的，请接好备份盘；新盘请运行 hallapp backup",
    Trouble.NO_ROOM: "没有做成：磁盘已满，请清理", Trouble.NO_RIGHTS: "没有做成：备份文件夹不能写入，请检查权限",
    Trouble.STORE_DAMAGED: "没有做成：数据文件有损坏，请不要删除文件，尽快联系维护人员",
    Trouble.COPY_FAILED: "没有做成，请检查备份盘，稍后会自动再试",
    Trouble.CLOCK_BEHIND: "日期不对，以后的日子已有业务记录，请先校正日期时间再办理",
    Trouble.DRAWN: "没有设置，小票只画成图片，存在数据文件夹的 slips 里",
    Trouble.UNHEARD: "无联系，请看那台电脑是否开着、程序是否打开、网线是否插好",
    Trouble.UNWATCHED: "状态未知（不会报告缺纸等情况），请常看一眼",
}
TRY_IT = {  # what to do with a device that cannot be asked
    "sign": "不会应答，请看屏上显示得对不对", "scanner": "不会应答，请扫一个码试试",
    "caller": "不会应答，请按“重呼”键试试", "rater": "不会应答，请按一个键试试",
}
HEARD = {"scanner": "正常，收到了扫码", "caller": "正常，收到了按键", "rater": "正常，收到了按键"}
CALLER_PAUSE = "暂时离开"  # what the board says when 暂停 was pressed on a hardware caller
UNDONE = {
    Kind.CALLED: "呼叫", Kind.ARRIVED: "到窗", Kind.MISSED: "过号", Kind.ABANDONED: "弃号", Kind.HELD: "挂起",
    Kind.TRANSFERRED: "转移", Kind.WALKED_IN: "无号接待", Kind.ITEM_STARTED: "添加事项",
    Kind.ITEM_SUSPENDED: "暂停计时", Kind.ITEM_RESUMED: "继续计时", Kind.ITEM_CHANGED: "修改事项",
    Kind.ITEM_FINISHED: "办理结果", Kind.FINISHED: "办理完成",
    Kind.NOTICE_BROUGHT: "登记告知单",
}
FIELDS = {
    "reason": "原因", "number": "工号", "name": "姓名", "quantity": "件数", "missing": "缺少的材料",
    "item_code": "事项", "group": "业务", "window": "窗口", "transfer": "转移去向",
    "level": "评价等级", "reasons": "评价原因", "phone": "电话", "supervisor": "本厅至少要有一名在用的管理员",
}


def sentence(error: Exception) -> str:
    """One sentence for a failure: what, and what to do; for a bug that it is one."""
    for kind, text in _SENTENCES:
        if isinstance(error, kind):
            return text(error)
    if not isinstance(error, e.HallError):
        return tr("程序出错，已记入日志。请核对这一步是否已完成，再试一次。")
    return tr("操作没有成功：%1", error)


_SENTENCES = (
    (e.NothingWaiting, lambda x: tr("当前没有等候的群众。")),
    (e.TooSoon, lambda x: tr("请再等 %1 秒。", x.seconds_left)),
    (e.RecallLimit, lambda x: tr("已重呼 %1 次，可按过号处理。", x.limit)),
    (e.TooFewCalls, lambda x: tr("至少呼叫 %1 次后才能过号。", x.needed)),
    (e.ReturnRefused, lambda x: tr("已超过返回时限或次数，请群众重新取号。")),
    (e.WindowBusy, lambda x: tr("本窗口还有正在呼叫或办理的号，请先处理完。")),
    (e.WindowPaused, lambda x: tr("本窗口已暂停服务，请先恢复。")),
    (e.NotSignedIn, lambda x: tr("登录已失效，请锁屏后重新登录。")),
    (e.WrongPassword, lambda x: tr("工号或密码不对，或账号已停用。忘记密码请管理员重设。")),
    (e.WindowTaken, lambda x: tr("%1 号窗口正由工号 %2 使用。", x.window, x.staff)),
    (e.SignedInElsewhere, lambda x: tr("您已在 %1 号窗口登录，请先在那里签退，或选 %1 号窗口。", x.window)),
    (e.ItemsOpen, lambda x: tr("还有 %1 个事项没有办理结果。", len(x.items))),
    (e.NothingToUndo, lambda x: tr("上一步不能撤销，或没有可撤销的操作。")),
    (e.AlreadyRated, lambda x: tr("本次服务已经评价过，不能重复评价。")),
    (e.WeakPassword, lambda x: tr("密码至少 %1 位。", x.minimum)),
    (e.StaffExists, lambda x: tr("工号 %1 已存在。", x.number)),
    (StaffChanged, lambda x: tr("工号 %1 刚被别人改过，没有保存。请重新点选这个人，看过再改。", x.number)),
    (e.NotAllowed, lambda x: tr("没有权限，请使用管理员账号。")),
    (e.BadInput, lambda x: tr("请检查：%1。", FIELDS.get(x.field, x.field))),
    (e.NotToday, lambda x: tr("%1 是%2月%3日的号，不是今天的，请重新取号。", x.number, x.day.month, x.day.day)),
    (e.NotFound, lambda x: tr("没有找到：%1。", x.subject)),
    (e.WrongState, lambda x: tr("现在不能这样操作，画面已更新，请再看一眼。")),
    (AppointmentRefused, lambda x: tr(REFUSALS[x.why])),
    (e.PrintFailed, lambda x: tr("没有打印成功：%1。", tr(TROUBLES[x.trouble]))),
    (e.OfficePrintFailed, lambda x: tr("打印机没有接受%1。请检查打印机后重试，或按 Ctrl+S 保存 PDF。",
                                       f"（{x.said}）" if x.said else "")),
    (e.StoreTooNew, lambda x: tr("数据文件由更新版本的程序写入，请升级本程序。")),
    (e.StoreOutdated, lambda x: tr("数据库需要先升级，请联系维护人员。")),
    (e.StoreFull, lambda x: tr("磁盘已满，无法保存。请清理磁盘。")),
    (e.StoreForbidden, lambda x: tr("这台电脑的数据库用户没有这项权限，请联系维护人员。")),
    (e.Misplaced, lambda x: tr("不能写入 %1：那里没有这个文件夹，或已有同名的文件夹。请换一个地方。", x.where)),
    (e.StoreReadOnly, lambda x: tr("不能写入 %1。它在别的程序里打开着的，请先关闭；否则请联系维护人员。", x.where)),
    (e.StoreDamaged, lambda x: tr("数据文件损坏，请不要删除文件。请关闭全部程序，运行 hallapp restore 恢复备份。")),
    (e.StoreTooOld, lambda x: tr("数据库服务器版本太旧，请联系维护人员升级。")),
    (CountyRefused, lambda x: tr(COUNTY[x.why].replace("{where}", "%1").replace("{more}", "%2"), x.where, x.more)),
    (e.ServerFailed, lambda x: tr("数据库服务器没有启动成功，请联系维护人员。")),
    (e.StoreError, lambda x: refused_by_server(x) or tr("数据库暂时没有响应，正在自动重试。")),
)


def problem_words(problem: str) -> str:
    """Why a slip is not out, as its print job keeps it."""
    known = {trouble.value: text for trouble, text in TROUBLES.items()}
    return tr({**known, "interrupted": "打印时程序中断，请看小票是否打出"}.get(problem, problem))


def trouble_sentence(status: DeviceStatus) -> str:
    """A device and what is the matter with it; only one that answered, or that was heard, is said to be well."""
    if status.trouble is Trouble.NONE:
        return tr("%1正常", device_name(status))
    if status.trouble is Trouble.MUTE:
        return tr("%1%2（不会应答）", device_name(status), tr(TROUBLES[Trouble.MUTE]))
    return f"{device_name(status)}{trouble_words(status)}"


def trouble_words(status: DeviceStatus) -> str:
    """What is the matter and what to do."""
    said = tr(TROUBLES[status.trouble])
    if status.trouble is Trouble.MUTE and status.kind in TRY_IT:
        said = f"{said}，{tr(TRY_IT[status.kind])}"
    elif status.trouble is Trouble.NONE:
        said = tr(HEARD.get(status.kind, said))
    return said + (f"（{status.detail}）" if status.detail else "")


def state_words(status: DeviceStatus) -> str:
    """正常, 请留意, 不能用; 线路已通 for a device that cannot be asked."""
    return tr(TROUBLES[Trouble.MUTE] if status.trouble is Trouble.MUTE else STATE_WORDS[status.state])


def device_name(status: DeviceStatus) -> str:
    """语音 is one of a kind; 3 号窗口屏 hangs over window 3, and 3 号窗口屏（2） is the second one there."""
    name, pc = split_pc(status.name)
    if status.kind == "printer" and name.startswith("window-"):
        return printer_name(status.name)
    if name in DEVICES:
        return tr(DEVICES[name]) + _at(pc)
    _kind, *places = name.split("-")
    if status.kind not in AT_WINDOWS or not places:
        return tr(DEVICES.get(status.kind, name)) + _at(pc)
    return tr(AT_WINDOWS[status.kind], places[0]) + "".join(f"（{place}）" for place in places[1:])


def window_keys(names: Sequence[str]) -> str:
    """By which keys the windows of one program are reached, in their order, and how it is left."""
    keys = [tr("Ctrl+%1 %2", place, tr(WINDOWS[name])) for place, name in enumerate(names, 1)]
    return "　".join((*(keys if keys[1:] else ()), tr("Ctrl+Shift+Q 退出程序")))


def printer_name(name: str) -> str:
    """A receipt printer of hall.toml: kiosk, counter or window-2; and of which PC."""
    plain, pc = split_pc(name)
    window = plain.removeprefix("window-")
    return (tr("%1 号窗口打印机", window) if window != plain else tr(DEVICES.get(plain, plain))) + _at(pc)


def _at(pc: str) -> str:
    return f"（{pc}）" if pc else ""


def clock_text(seconds: float) -> str:
    """06:24, or 1:06:24 from an hour on."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def span_text(seconds: float) -> str:
    """6 分 48 秒."""
    whole = begun_seconds(seconds)
    return tr("%1 分 %2 秒", whole // 60, f"{whole % 60:02d}") if whole >= 60 else tr("%1 秒", whole)


def short_minutes(seconds: float) -> str:
    """3 分, for a column; less than one is 刚刚."""
    return tr("%1 分", int(seconds // 60)) if seconds >= 60 else tr("刚刚")


def minutes_text(seconds: float) -> str:
    """To be put behind a word: 3 分 after a blank, as every figure; less than one is 不到 1 分."""
    return tr(" %1 分", int(seconds // 60)) if seconds >= 60 else tr("不到 1 分")


def why_text(next_up: NextUp, now: datetime, zone: ZoneInfo) -> str:
    """Why this ticket is next, in one line; the wait counts from the issue."""
    waited = minutes_text((now - next_up.ticket.issued_at).total_seconds())
    if next_up.why is Why.SENT_HERE:
        return tr("转到或留在本窗口，已等%1", waited)
    if next_up.why is Why.RETURNED:
        return tr("过号返回，已等%1", waited)
    if next_up.why is Why.BOOKED and next_up.ticket.booked_for:
        return tr("预约 %1，已等%2", clock_words(next_up.ticket.booked_for, zone), waited)
    if next_up.why is Why.HEAD_START:
        return tr("优先号，排在先到的 %1 之前，已等%2", next_up.overtaken, waited)
    return tr("等得最久，已等%1", waited)
