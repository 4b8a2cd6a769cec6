"""Words for the simulated devices, for their console and their small window; without Qt, for a console needs none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NAMES = {
    "printer": "小票打印机", "onbon": "窗口条屏（仰邦）", "modbus": "窗口数码屏（Modbus）",
    "cd5220": "客显屏（CD5220）",
    "template": "窗口屏（自定义协议）", "reader": "身份证阅读器", "scanner": "扫码器", "keypad": "评价器",
    "caller": "硬件呼叫器",
}
FAULTS = {
    "silent": "不应答", "half": "应答只到一半", "corrupt": "应答出错", "late": "应答迟到", "noise": "线路杂音",
    "slow": "很慢", "stalled": "不收数据", "drop": "断开一次", "near_end": "纸将用完", "paper_out": "缺纸",
    "cover_open": "盖子打开", "cutter": "切刀卡住", "offline": "脱机", "asb": "自动上报状态",
    "nak": "拒绝命令", "bad_crc": "校验错误", "off": "断电",
    "read_failed": "读卡失败", "select_failed": "选卡失败", "not_authorised": "模块未授权",
}
ACTIONS = {
    "load": "装纸", "press": "按键", "lay": "放卡", "lift": "拿开卡", "scan": "扫码", "power": "断电或通电",
}
# an example of what an action takes, by drivers.sim.console.Played
TAKES = {
    "COUNT": "20", "HEX": "01", "CARD": "19500102", "TEXT": "N20261123001", "KEY": "2 recall", "ADDRESS": "2",
}
# and what else that may be
CHOICES = {
    "COUNT": "几张", "HEX": "键送出的十六进制字节", "TEXT": "码的内容", "ADDRESS": "屏号",
    "CARD": "卡上的出生日期；前面加 J 是港澳台居住证，加 I 或 Y 是外国人永久居留证",
    "KEY": "前面写几号呼叫器，可不写；call 叫号、recall 重呼、rate 评价、pause 暂停、transfer 转移、miss 弃号、"
           "hold 挂起、call_back 回呼",
}
SEEN = {
    "slips": "已打印", "paper": "余纸", "cut": "上次切纸", "beeps": "蜂鸣", "shown": "显示", "card": "卡片",
    "pressed": "上次按键", "unheard": "未得到应答", "scans": "已扫码",
}
VALUES = {"full": "切断", "partial": "留一点连着", "none": "没有切，请撕下"}  # of what is seen


def seen_words(seen: Mapping[str, str], faults: Iterable[str] = ()) -> str:
    """What somebody in front of the device would see, and which faults are on."""
    words = [f"{SEEN.get(key, key)}：{VALUES.get(text, text) or '—'}" for key, text in seen.items()]
    if on := "、".join(FAULTS.get(fault, fault) for fault in sorted(faults)):
        words.append(f"故障：{on}")
    return "　".join(words)


def address_words(name: str, port: int, device: str) -> str:
    """Where it is, as hall.toml has it."""
    if name == "printer":
        return f'kind = "network"　address = "127.0.0.1:{port}"' + (
            f'\n或 kind = "serial"　address = "{device}"' if device else "")
    return f'link = "tcp://127.0.0.1:{port}"' + (f'\n或 link = "{device}"' if device else "")
