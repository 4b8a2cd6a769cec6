"""What is wrong with a catalogue file, in Chinese; usable before and without Qt, like startup."""

from __future__ import annotations

import re

from hallapp.domain.catalogue import CatalogueError

# what domain.catalogue, catalogue_file and catalogue_parse say, whole
_PROBLEMS = (
    (r"no item (\S+)", r"里的 \1 不在事项库中"),
    (r"no such item", "不在事项库中"),
    (r"(.+) is listed twice", r"里 \1 列了两次"),
    (r"two items have seq (.+)", r"里有两个事项的序号都是 \1"),
    (r"(\d+) groups, 1 to (\d+) fit the kiosk", r"有 \1 个，取号机放得下 1 到 \2 个"),
    (r"(.+) is used twice", r"\1 用了两次"),
    (r"used twice", "用了两次"),
    (r"unknown field", "不认识，请检查是否拼写错误"),
    (r"is empty", "是空的"),
    (r"is missing", "没有写"),
    (r"'(.*)' is not one of (.+)", r"写的是 \1，应为：\2"),
    (r"must be text", "要是引号里的文字"),
    (r"must be true or false", "要写 true 或 false"),
    (r"must be a whole number", "要是整数"),
    (r"must be a whole number, 0 or more", "要是 0 或更大的整数"),
    (r"must be 1 or more", "要是 1 或更大的整数"),
    (r"must be a list of texts", "要是方括号里的几段文字"),
    (r"must be a table", "要另起一段，段名写在方括号里"),
    (r"must be a list of tables", "要另起一段，段名写在两层方括号里"),
    (r"longer than (\d+) characters", r"超过 \1 个字"),
    (r"must be lower-case letters, of the name and of the short name", "要是小写的拼音首字母，全称和简称各一个"),
    (r"must be one letter A to Z", "要是一个大写字母 A 到 Z"),
    (r"(.*) \(at line (\d+), column (\d+)\)", r"第 \2 行第 \3 列附近的写法不对（\1）"),
    (r"(.*) \(at end of document\)", r"在末尾没有写完（\1）"),
    (r"'utf-8' codec.*", "不是 UTF-8 编码。请用记事本打开它，“另存为”时编码选 UTF-8"),
)
_PLACES = (
    (r"\bitem with seq (\d+)", r"序号 \1 的事项"), (r"\bitem (\S+?)(?=[,:])", r"事项 \1"), (r", ", "，"),
    (r"\bgroup (\S+?)(?=:)", r"业务组 \1"), (r"\bmaterial (.+?)(?=:)", r"材料 \1"), (r"\bno\. (\d+)", r"第 \1 个"),
    (r": ", " 的 "), (r"^file$", ""),
)


def catalogue_sentence(error: CatalogueError) -> str:
    """File, item and field, what is wrong, and what to do."""
    where, problem = error.where, error.problem
    for english, chinese in _PLACES:
        where = re.sub(english, chinese, where)
    for english, chinese in _PROBLEMS:
        if match := re.fullmatch(english, problem):
            problem = match.expand(chinese)
            break
    return f"事项目录 {error.file} 有错：{where} {problem}。改好后重新打开程序。".replace("： ", "：")
