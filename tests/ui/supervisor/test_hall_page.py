"""The hall's basics, set by the supervisor in the window."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from hallapp.app.hall import prepare_folder
from hallapp.config.edit import keep_basics, read_basics
from hallapp.domain.errors import ConfigError, ConfigProblem
from hallapp.domain.rules import LONGEST_NAME
from hallapp.ui.startup import config_fault
from hallapp.ui.supervisor.hall_page import HallPresenter
from hallapp.ui.supervisor.pages import Page
from hallapp.ui.supervisor.view import SupervisorWindow
from tests.ui.contrast import faint
from tests.ui.test_windows import cut, overlapping, settle


@pytest.fixture
def file(tmp_path):
    return prepare_folder(tmp_path)


@pytest.fixture
def opened(qtbot, themed, tasks, file):
    """The window with six other pages, and the page of the hall in front."""
    view = SupervisorWindow("医保服务大厅")
    qtbot.addWidget(view)
    view.add_pages([(f"第 {place} 页", Page("")) for place in range(1, 7)])
    presenter = HallPresenter(view, read_basics(file), str(file), partial(keep_basics, file), tasks)
    view.show_windows("Ctrl+1 柜台　Ctrl+2 取号机　Ctrl+3 叫号屏　Ctrl+4 管理")
    view.resize(1093, 614)
    view.show()
    view.show_work("0300 周敏")
    view.findChild(QPushButton, "page-7").click()
    return view, presenter.page


def keep(view, qtbot, told):
    view.findChild(QPushButton, "keep-hall").click()
    qtbot.waitUntil(lambda: told in view.message.sentence())


def test_what_the_file_says_is_shown_and_what_is_typed_is_kept(opened, qtbot, file):
    view, page = opened
    before = read_basics(file)
    assert (page.words["name"].text(), page.words["consult_phone"].text()) == ("医保服务大厅", "12393")
    page.words["name"].setText(" 上冈镇为民服务中心 ")
    page.catalogue.setCurrentIndex(page.catalogue.findData("province13"))
    page.windows.setValue(4)
    keep(view, qtbot, "再打开后生效")
    assert read_basics(file) == replace(before, name="上冈镇为民服务中心", catalogue="province13", windows=4)


def test_a_hall_has_a_name(opened, qtbot, file):
    view, page = opened
    before = file.read_bytes()
    page.words["name"].setText(" ")
    keep(view, qtbot, "请写本厅名称")
    assert file.read_bytes() == before


def test_what_cannot_be_printed_is_told_and_not_kept(opened, qtbot, file):
    view, page = opened
    before = file.read_bytes()
    page.words["address"].setText("𠮷镇")
    keep(view, qtbot, "没有保存。“地址”里有小票和报表印不出的字（写的是 𠮷），会印成方框，请换成相近的字。"
                      "改好后再按“保存”。")
    assert page.words["address"].hasFocus()
    assert file.read_bytes() == before


def test_a_fault_somewhere_else_in_the_file_is_told_by_its_place(opened, qtbot, file):
    view, page = opened
    file.write_text(file.read_text(encoding="utf-8") + "\n[rules]\nrecall_limit = \"3\"\n", encoding="utf-8")
    page.words["address"].setText("人民路 1 号")
    keep(view, qtbot, f"没有保存。{file} 有错：rules.recall_limit 的写法不对")
    assert view.message.sentence().endswith("。请用记事本改好这个文件，再按“保存”。")


def test_a_hall_written_so_that_no_line_can_be_changed_is_told(opened, qtbot, file):
    view, page = opened
    text = file.read_text(encoding="utf-8").replace('address = ""', 'address = """人民路"""')
    file.write_text(text, encoding="utf-8")
    page.words["address"].setText("人民路 1 号")
    keep(view, qtbot, f"没有保存。{file} 里 [hall] 和 [[window]] 的写法，这里改不了")
    assert file.read_text(encoding="utf-8") == text


def test_a_name_that_is_too_long_is_told_by_its_measure(file):
    error = ConfigError(str(file), "hall.name", ConfigProblem.VALUE, f"<= {LONGEST_NAME}", "镇" * 65)
    assert config_fault(error).endswith("，应为：不超过 64 个字")
    error = ConfigError(str(file), "appointments.slot_minutes", ConfigProblem.VALUE, "<= 720", "900")
    assert config_fault(error) == "appointments.slot_minutes 的值不对（写的是 900），应为：不超过 720"


def test_what_is_pasted_stays_one_line_and_a_name_no_longer_than_it_may_be(opened, qtbot, file):
    view, page = opened
    QGuiApplication.clipboard().setText("人民路\n1 号")
    page.words["address"].paste()
    QGuiApplication.clipboard().setText("镇" * 500)
    page.words["name"].selectAll()
    page.words["name"].paste()
    keep(view, qtbot, "再打开后生效")
    assert read_basics(file).address == "人民路 1 号"
    assert read_basics(file).name == "镇" * LONGEST_NAME


def test_a_list_of_the_halls_own_stays_chosen(qtbot, themed, tasks, file):
    view = SupervisorWindow("医保服务大厅")
    qtbot.addWidget(view)
    own = replace(read_basics(file), catalogue="own.toml")
    page = HallPresenter(view, own, str(file), partial(keep_basics, file), tasks).page
    assert page.catalogue.currentData() == "own.toml"


@pytest.mark.parametrize("size", [(1093, 614), (1366, 768), (1920, 1080)])
def test_nothing_is_cut_and_the_window_stays_as_small_as_its_screen(opened, size):
    view, _page = opened
    view.resize(*size)
    settle()
    assert cut(view) == []
    assert overlapping(view) == []
    assert faint(view, 4.5) == []
    assert (view.width(), view.height()) == size
