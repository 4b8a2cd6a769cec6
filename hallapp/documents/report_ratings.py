"""What reports say of ratings (服务评价)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hallapp.documents.wording import LEVELS
from hallapp.domain.figures import DayFigures
from hallapp.domain.rating import RatingFigures

DEFINITION = ("满意率：非常满意、满意和基本满意的人次占已评价人次的比例，未评价的不计入。差评：不满意和非常不满意。"
              "每次接待结束时请评价一次，限时未答的为未评价。")


def ratings_section(figures: DayFigures, name_of: Callable[[str], str]) -> list[Any]:
    """Nothing where nobody was asked. ``name_of`` a staff number is what to print for it."""
    from reportlab.platypus import Paragraph, Spacer

    from hallapp.documents.report_parts import HEAD, SMALL, grid

    found = figures.ratings
    if not found.asked:
        return []
    people = [[name_of(one.staff), str(one.ratings.asked), str(one.ratings.rated), share(one.ratings),
               str(one.ratings.bad)] for one in figures.clerks if one.ratings.asked]
    return [
        Paragraph("服务评价", HEAD),
        levels_table(found),
        Spacer(0, 6),
        grid(["工号 姓名", "请评价", "已评价", "满意率", "差评"], people, (74, 25, 25, 25, 25)),
        Spacer(0, 4), Paragraph(DEFINITION, SMALL),
    ]


def levels_table(found: RatingFigures) -> Any:
    """How many visitors gave each level, and what part of those that answered."""
    from hallapp.documents.report_parts import grid

    levels = [*LEVELS.values(), "未评价", "满意率", "差评"]
    counts = [*(str(found.levels.get(level, 0)) for level in LEVELS), str(found.not_rated), share(found),
              str(found.bad)]
    shares = [*(_part(found.levels, level, found.rated) for level in LEVELS), "", "", ""]
    return grid([f"请评价 {found.asked} 人次", *levels], [["人次", *counts], ["占已评价", *shares]],
                (30, 19, 15, 19, 17, 22, 17, 18, 17))


def share(found: RatingFigures) -> str:
    """The satisfied share as 97.5%; a dash without an answer."""
    return "—" if found.satisfied_share is None else f"{found.satisfied_share:.1%}"


def _part(levels: Mapping[Any, int], level: Any, rated: int) -> str:
    return f"{levels.get(level, 0) / rated:.1%}" if rated else "—"
