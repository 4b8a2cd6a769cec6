"""Sentences for what keeps the program from starting; usable before and without Qt's widgets."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hallapp.domain.catalogue import CatalogueError
from hallapp.domain.county import CountyRefused
from hallapp.domain.errors import (
    AlreadyOpen,
    BadInput,
    ConfigError,
    ConfigProblem,
    HallError,
    Misplaced,
    ServerFailed,
    StoreAway,
    StoreDamaged,
    StoreError,
    StoreForbidden,
    StoreFull,
    StoreOutdated,
    StoreReadOnly,
    StoreTooNew,
    StoreTooOld,
)
from hallapp.domain.upkeep import (
    ArchiveRefused,
    BackupRefused,
    BeingRestored,
    CannotMove,
    HallClosed,
    HallUnknown,
    InUse,
    NameTaken,
    NoHall,
    NotOwner,
    OtherHall,
    Restorable,
)
from hallapp.paths import default_data_folder
from hallapp.ui.catalogue_words import catalogue_sentence
from hallapp.ui.county_words import COUNTY

_CONFIG = {
    ConfigProblem.SYNTAX: "{key}",
    ConfigProblem.ENCODING: "不是 UTF-8 编码。请用记事本打开它，“另存为”时编码选 UTF-8",
    ConfigProblem.MISSING: "缺少 {key}",
    ConfigProblem.UNKNOWN: "不认识 {key}，请检查是否拼写错误",
    ConfigProblem.TYPE: "{key} 的写法不对{found}",
    ConfigProblem.VALUE: "{key} 的值不对{found}",
    ConfigProblem.ABSENT: "{key} 的值找不到{found}",
    ConfigProblem.TWICE: "{key} 重复了{found}",
    ConfigProblem.UNREADABLE: "读不出来（{key}）",
    ConfigProblem.GLYPHS: "{key} 里有小票和报表印不出的字{found}，会印成方框，请换成相近的字",
}
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)  # tomllib's own words
_SYNTAX = {  # how tomllib's words begin, and what whoever wrote the file did
    "Invalid value": "文字要写在英文双引号 \" \" 里，不能用中文引号“ ”",
    "Invalid statement": "这一行要写成 名称 = 值，或在前面加井号 #",
    "Expected '='": "名称和值之间要有英文等号 =",
    "Expected newline": "值的后面多了文字；说明要写在井号 # 后面",
    "Unterminated string": "少了后面的引号", "Illegal character": "引号没有成对，或有不能用的字符",
    "Unescaped": "有单独的反斜杠 \\，Windows 路径请用英文单引号 ' ' 括起来",
    "Invalid hex value": "有单独的反斜杠 \\，Windows 路径请用英文单引号 ' ' 括起来",
    "Expected ']'": "少了后面的方括号 ]", "Unclosed array": "少了后面的方括号 ]",
    "Cannot overwrite": "同一个名称写了两次",
    "Cannot declare": "同一段写了两次",
}
_TYPES = {"int": "整数，例如 3，不加引号", "float": "数字，例如 0.8，不加引号", "str": "引号里的文字，例如 \"A\"",
          "bool": "true 或 false，不加引号",
          "list": "方括号里的几个值，例如 [\"A\", \"B\"]", "dict": "另起一段"}
_MOST = re.compile(r"<= (\d+)")
_STORE = {
    StoreTooNew: "数据文件 {where} 是更新版本的程序写的，本程序不能使用。请安装新版本程序；数据没有改动。",
    HallUnknown: "数据库 {where} 里没有代码为 {why} 的厅，或者这个用户不属于它。"
                 "请核对 hall.toml 里的 hall.id 和 store.url，或先用 hallapp halls add 登记。",
    HallClosed: "本厅已于 {why} 在数据库 {where} 里停用，不能打开。要重新启用，请在服务器上运行 hallapp halls add。",
    NameTaken: "正在工作的另一台电脑也叫“{why}”。同名的电脑会互相打出对方的小票，"
               "所以本机的程序先不打开。请把 {where} 里 [store] 的 pc 改成另一个名字，各台不同，最多 20 个字，"
               "没有这一行就加在 url 下面：pc = \"东侧取号机\"。改好后重新打开程序。",
    NoHall: "没有找到 {where}，什么也没有做。请核对 --data 写的数据文件夹；第一次使用请先打开一次 hallapp；"
            "换了电脑请先把备份文件夹里的 hall.toml 放到那里。",
    OtherHall: "数据文件 {where} 是代码为 {why} 的厅的，hall.toml 里 [hall] 的 id 与它不同，没有打开，没有改动。"
               "请把 id 改回 {why}；要另开一个厅，请用 --data 另写一个数据文件夹。",
    NotOwner: "数据库 {where} 的这个用户没有所有者的权限，没有改动。"
              "请用数据库所有者的地址，或在服务器上不写 --url 运行。",
    StoreForbidden: "数据库 {where} 的这个用户没有需要的权限（{why}）。请联系数据库管理员。",
    StoreOutdated: "数据库 {where} 的表是旧版本程序建的（{why}）。请在服务器上运行 hallapp server upgrade，"
                   "它先备份再升级；升级后再打开本程序。",
    StoreTooOld: "数据库 {where} 的 PostgreSQL 版本是 {why}，本程序需要 15 或更新版本。",
    Misplaced: "不能写入 {where}：那里没有这个文件夹，或者已有同名的文件或文件夹。请核对路径。",
    StoreReadOnly: "不能写入 {where}。请检查文件夹权限和 U 盘，或换一个文件夹；文件在别的程序里打开着的，请先关闭。",
    AlreadyOpen: "程序已经打开，不能再开一个（数据文件夹 {where}）。请用 Alt+Tab 或任务栏切换到它。",
    StoreFull: "磁盘已满，无法写入 {where}。请清理磁盘后再试；已保存的数据没有损失。",
    StoreDamaged: "数据文件 {where} 已损坏或不是本程序的数据文件。请不要删除它，联系维护人员。",
    BeingRestored: "正在恢复备份（数据文件夹 {where}），请等恢复完成后再试。",
}
_RESTORABLE = (
    "数据文件 {where} 已损坏或不是本程序的数据文件。请不要删除它。\n"
    "最近一份完好的备份是 {backup}。要恢复它，请关闭本厅全部程序，然后运行：\n"
    "{command}\n"
    "备份里没有备份以后发出的号和办理记录：能从损坏的文件里读出的会接上，读不出的会丢失。"
    "群众手里的号不会重发：读不全时，恢复后的新号跳到 501 以后。"
)
_WORK = {
    "backup": "备份", "restore": "恢复备份", "report": "生成日报表", "export-bundle": "导出数据包", "move": "搬移数据",
    "password": "重设密码",
}
_STATIONS = {
    "hall": "本厅的窗口", "kiosk": "取号机", "board": "叫号屏", "supervisor": "管理窗口",
    "counter": "{window} 号窗口的柜台", "rater": "{window} 号窗口的评价屏",
}
_AT_WORK = "正在{why}（数据文件夹 {where}），不能同时再做一次。请等它做完后再试。"
_IN_USE = ("没有恢复，什么也没有改动：{programs}正在使用数据文件夹 {where}。"
           "请先关闭取号机、叫号屏、柜台和管理窗口，备份、报表等命令请等它们做完，然后再恢复。")
_BACKUP = {
    "server": "本厅的数据在数据库服务器 {where} 上，不在本机。请在服务器上运行 hallapp server backup。",
    "on_server": "本厅的数据在数据库服务器 {where} 上，不在本机，没有恢复，什么也没有改动。请在服务器上恢复：\n"
                 "hallapp server stop\n"
                 "hallapp server init --folder 新文件夹 --listen 服务器地址\n"
                 "hallapp server start --folder 新文件夹\n"
                 "hallapp server restore --folder 新文件夹 --out 备份文件\n"
                 "hallapp halls add 厅代码 --folder 新文件夹\n"
                 "然后各台电脑用新的加入码和口令再运行一次 hallapp join。",
    "folder": "找不到备份文件夹 {where}，没有备份。请接好备份盘，或改正 hall.toml 里 [backup] 的 folder。",
    "store": "没有找到数据文件 {where}，没有备份。",
    "itself": "{where} 是本厅正在使用的数据文件，没有改动。请写另一个文件。",
    "file": "没有找到备份文件 {where}，没有恢复，什么也没有改动。请核对文件名和 U 盘。",
    "bad": "{where} 已损坏，或不是本厅的备份，没有恢复，什么也没有改动。请换一份备份。",
    "none": "{where} 里没有完好的备份，没有恢复，什么也没有改动。请用 hallapp restore 文件 指明一份备份。",
}


_SERVER = {
    "none": "{why} 里没有数据库。请先运行 hallapp server init。",
    "exists": "{why} 里已经有数据库，没有改动。",
    "off": "{why} 的数据库没有运行。请先运行 hallapp server start。",
    "no_backup": "{why} 不是数据库的备份文件，或已损坏，没有恢复。",
    "unread": "{why} 读不出来，没有恢复。请检查文件名和 U 盘。",
    "filled": "{why} 的数据库里已经有厅，没有恢复。请先用 hallapp server init 在另一个文件夹里新建一个。",
    "missing": "没有安装数据库程序。请运行 {why}。",
    "listen": "不能在 {why} 接受连接。请检查地址是不是本机的、端口有没有被占用。",
    "reach": "连不上 {why}。请检查网线、地址，以及数据库是否已启动。",
    "other": "{why} 不是加入码所说的服务器（证书不同），没有连接。请核对加入码。",
    "login": "数据库没有让这个用户进入（{why}）。请核对口令；忘记了可以在服务器上用 hallapp halls add 换新，"
             "换新后各台电脑都要再加入一次。",
    "clock": "这台电脑的时间与服务器相差 {why} 秒。请先校准时间。",
    "rights": "数据库用户缺少权限（{why}），不能用来工作。请联系数据库管理员，或请他用 hallapp halls add 登记本厅。",
    "which": "数据库里有多个厅：{why}。请用 --hall 指明本厅。",
    "start": "数据库没有启动起来：{why}",
    "foreign": "{why} 的数据库由另一个账号运行，没有停止。请以管理员身份再运行一次。",
    "private": "程序装在个人文件夹里（{why}），开机时启动的服务读不到。"
               "请把 Python 和本程序装到所有人可读的文件夹，例如 C:\\hallapp，再运行一次。",
    "unreached": "数据库不以 root 运行，它的账号 hallapp 进不去 {why}。请用普通用户运行；"
                 "或把程序装在 /opt，数据库文件夹用 --folder /var/lib/hallapp。",
    "sudo": "设为开机启动要有管理员权限。请运行：\n{why}",
    "secrets": "{why} 没有找到。请先把主服务器文件夹里的 password、server.crt、server.key 三个文件复制到这里。",
    "standby": "备用服务器没有跟上主服务器：{why}",
    "no_standby": "{why} 不是备用服务器，没有改动。",
    "load": "压力测试的一个进程中断了，请看上面的原因。",
    "halls": "数据库里有正在使用的厅（{why}），压力测试会使它们变慢，没有开始。请换一个测试用的数据库；"
             "确实要在这里做，请加 --beside-real-halls。",
}


_NOT_LET_IN = "数据库 {where} 没有让这个用户进入。请核对用户名和口令；口令换过的，请在本机再运行一次 hallapp join。"
# what libpq or the server says of a connection that did not come about
_UNREACHED = {
    "root certificate": "找不到或读不出服务器的证书（{where}）。请把服务器文件夹里的 server.crt 复制到本机，"
                        "核对地址里 sslrootcert= 写的位置；窗口的电脑请再运行一次 hallapp join。",
    "certificate verify failed": "{where} 的证书与本机的 server.crt 不同：它是另一台服务器，或者服务器重建过。"
                                 "请核对地址，重新复制 server.crt；窗口的电脑请再运行一次 hallapp join。",
    "password": _NOT_LET_IN,
    'role "': _NOT_LET_IN,
    "does not exist": "服务器上没有数据库 {where}。请核对地址最后的库名。",
}
_AWAY = "连不上数据库 {where}。请检查网线、地址，以及数据库是否已启动，稍后再试。"
_MOVE = {
    "mixed": "{where} 里已经有另一段业务记录，没有改动。请换一个空的数据库。",
    "none": "{where} 里没有厅的数据，没有搬移。请核对路径。",
    "same": "{where} 是同一个数据库，没有搬移。",
    "archived": "{where} 里有几个月的事件已经归档，不在数据库里，没有搬移。请先用 hallapp server unarchive 取回。",
    "broken": "原数据的事件日志从第 {where} 条起被改动过，没有搬移。请联系维护人员。",
    "differs": "搬移后核对不一致（{where}），请不要使用新数据库，联系维护人员；原数据没有改动。",
}
_ARCHIVE = {
    "chain": "事件日志在 {where} 处与前面接不上（可能当时电脑时间不对，或记录被改动过），没有归档。请联系维护人员。",
    "count": "归档文件 {where} 核对不一致，没有归档，数据没有改动。",
    "exists": "{where} 已经存在，内容不同，没有归档。请换一个文件夹。",
    "order": "{where} 不是这个数据库最近归档的一个月，没有取回。请从最近的月份开始，依次取回。",
    "damaged": "{where} 没有找到，或不是归档文件，或已损坏，没有取回。",
    "running": "{where} 还没有过完，没有归档。请写本月或更早的月份。",
}
_ADDRESS = "没有找到 {field}。数据库要写成 sqlite:///文件路径 或 postgresql://用户@地址/库名。"
_INPUT = {
    "join": "加入码不对。请完整抄写，例如 postgresql://hall@192.168.1.10:5432/hall。",
    "of": "请用 --of 写明主服务器的地址，例如 --of 192.168.1.10:5432。",
    "no_hall": "请写明厅的代码，例如 hallapp halls add sg01 --name 上冈镇为民服务中心。",
    "hall_id": "厅的代码只能用小写字母、数字、- 和 _，最多 32 个，并且没有被别的数据库用户占用。",
    "hall_name": "厅的名称太长，最多 64 个字。",
    "before": "请用 --before 写明归档哪个月以前的，例如 --before 2025-01。",
    "out": "请用 --out 写明文件。",
    "load": "厅数要在 1 到 9999 之间，工位数在 2 到 9 之间，进程、连接、步数和秒数都要大于 0。",
    "url": "数据库地址不对，要写成 postgresql://用户@地址/库名。",
    "password": "没有输入口令，没有改动。请在能输入的窗口里运行。",
    "hall.id": "hall.toml 里没有找到 [hall] 的 id，请先补上。",
}


def startup_sentence(error: HallError) -> str:
    """What is wrong, where, and what to do."""
    if isinstance(error, ConfigError):
        return f"配置文件 {error.file} 有错：{config_fault(error)}。改好后重新打开程序。"
    if isinstance(error, CatalogueError):
        return catalogue_sentence(error)
    if isinstance(error, ServerFailed) and "No space left on device" in error.why:
        return f"磁盘已满，{error.what} 没有做成。请清理磁盘后再试；已保存的数据没有损失。"
    if isinstance(error, ServerFailed):
        return _SERVER.get(error.what, "数据库程序 {what} 没有成功：{why}").format(what=error.what, why=error.why)
    if isinstance(error, CannotMove):
        return _MOVE[error.why].format(where=error.where)
    if isinstance(error, ArchiveRefused):
        return _ARCHIVE[error.why].format(where=error.where)
    if isinstance(error, CountyRefused):
        return COUNTY[error.why].format(where=error.where, more=error.more)
    if isinstance(error, BadInput):
        return _INPUT.get(error.field, _ADDRESS).format(field=error.field)
    if isinstance(error, BackupRefused):
        return _BACKUP[error.why].format(where=error.where)
    if isinstance(error, Restorable) and error.backup is not None:
        return _RESTORABLE.format(where=error.where, backup=error.backup, command=_restoring(error))
    if isinstance(error, InUse):
        return _IN_USE.format(where=error.where, programs="、".join(map(_program, error.programs)))
    if isinstance(error, AlreadyOpen) and error.why in _WORK:
        return _AT_WORK.format(where=error.where, why=_WORK[error.why])
    for kind, sentence in _STORE.items():
        if isinstance(error, kind):
            return sentence.format(where=error.where, why=error.why.partition("\n")[0])  # PostgreSQL goes on
    if isinstance(error, StoreAway) and error.where.startswith("postgresql://"):
        return refused_by_server(error) or _AWAY.format(where=error.where)
    if isinstance(error, StoreError):
        what = "数据库" if "://" in error.where else "数据文件"
        why = error.why.partition("\n")[0].strip()  # libpq goes on with questions
        return f"{what} {error.where} 暂时打不开（{why}）。请稍后再试。"
    return f"程序无法启动：{error}"


def config_fault(error: ConfigError, name: str = "") -> str:
    """What is wrong in hall.toml; ``name`` in place of the key, for whoever does not know the file."""
    key = name or _PLACE.sub(_misspelt, error.key)
    what = _CONFIG[error.problem].format(key=key, found=f"（写的是 {error.found}）" if error.found else "")
    most = _MOST.fullmatch(error.expected)
    unit = "" if error.found.isdigit() else " 个字"
    expected = f"不超过 {most[1]}{unit}" if most else _TYPES.get(error.expected, error.expected)
    return what + (f"，应为：{expected}" if expected else "")


def refused_by_server(error: StoreError) -> str:
    """Why a server that is there lets this PC not in, and what to do; empty where it is away."""
    return next((text.format(where=error.where) for words, text in _UNREACHED.items() if words in error.why), "")


def _program(mark: str) -> str:
    """Who has set a mark, such as ``counter-2``."""
    if mark in _WORK:
        return f"“{_WORK[mark]}”"
    name, _, window = mark.partition("-")
    return f"“{_STATIONS.get(name, mark).format(window=window)}”"


def _misspelt(found: re.Match[str]) -> str:
    said, line, column = found.groups()
    why = next((words for beginning, words in _SYNTAX.items() if said.startswith(beginning)), said)
    place = f"第 {line} 行第 {column} 列附近" if line else "文件末尾"
    return f"{place}的写法不对（{why}）"


def _restoring(error: Restorable) -> str:
    """The command that brings the newest good backup back, as it is typed on this PC."""
    beside = (Path(sys.executable).with_name(name) for name in ("hallapp.exe", "hallapp"))
    program = str(next((file for file in beside if file.is_file()), "hallapp"))
    data = () if Path(error.folder) == default_data_folder() else ("--data", error.folder)
    return " ".join(f'"{word}"' if " " in word else word for word in (program, *data, "restore"))
