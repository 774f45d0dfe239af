"""How a name and what else matters share a line: by need, with one ellipsis at most, and an answer never cut."""

from __future__ import annotations

from collections.abc import Callable

from gumnut_tui.formatting.cells import cell_width
from gumnut_tui.formatting.escape import ELLIPSIS, fit, without_ellipses

ANSWER_MOST = 24
"""Cells that an answer to what became of a photo takes at most."""
NAME_LEAST, NAME_WHOLE = 10, 14
"""Cells for a name; a column before it gives way to more, or beside an answer to one that is whole in a few more."""
REMARK_LEAST = 8
"""Cells for a remark that is cut; with fewer it is left out."""

Share = Callable[[int, int, int, int], tuple[int, int]]
"""The cells for a name and for a remark, from those they need, those there are, and the remark's usual ones."""


def side_by_side(
    name: str, remark: str, room: int, usual: int, *, is_answer: bool, gap: int = 1, ellipses: int = 0
) -> tuple[str, str]:
    """Both in `room` cells together, with at least `gap` between them; `usual` is the width of the last column.

    Where both fit, the column stays where it is, or moves as far as the longer of the two needs. Else an answer to
    what became of a photo stays whole, and any other remark has the column's width at most. If two texts were cut then,
    or `ellipses` elsewhere on the line, shortened ids go without theirs, and the name comes first.
    """
    for_answer = _for_answer if is_answer else _by_need
    texts = _fitted(name, remark, room, usual, gap, for_answer)
    if ellipses + _ellipses(texts) > 1:
        name, remark = without_ellipses(name), without_ellipses(remark)
        texts = _fitted(name, remark, room, usual, gap, for_answer)
        if ellipses + _ellipses(texts) > 1:
            texts = _fitted(name, remark, room, usual, gap, _name_first)
    return texts


def is_short_of_room(name: str, remark: str, room: int, *, is_answer: bool, gap: int = 1) -> bool:
    """Whether a column before both has to give way to them."""
    answer = min(cell_width(remark), ANSWER_MOST) if is_answer else 0
    named = cell_width(name)
    least = named if answer and named < NAME_WHOLE else NAME_LEAST - 1
    return room < answer + least + gap


def _fitted(name: str, remark: str, room: int, usual: int, gap: int, share: Share) -> tuple[str, str]:
    wanted = cell_width(remark)
    if not wanted:
        return fit(name, room), ""
    named, rest = share(cell_width(name) + gap, wanted, room, usual)
    if not rest:
        return fit(name, named), ""
    behind = min(gap, named)
    return fit(name, named - behind) + " " * behind, fit(remark, rest)


def _ellipses(texts: tuple[str, str]) -> int:
    return sum(text.count(ELLIPSIS) for text in texts)


def _by_need(named: int, wanted: int, room: int, usual: int) -> tuple[int, int]:
    return _shared(named, wanted, room, usual, least=min(wanted, usual))


def _for_answer(named: int, wanted: int, room: int, usual: int) -> tuple[int, int]:
    return _shared(named, wanted, room, usual, least=min(wanted, ANSWER_MOST, room))


def _shared(named: int, wanted: int, room: int, usual: int, *, least: int) -> tuple[int, int]:
    in_place = usual if named + usual <= room else 0
    rest = max(least, in_place, min(wanted, room - named))
    return room - rest, rest


def _name_first(named: int, _wanted: int, room: int, _usual: int) -> tuple[int, int]:
    rest = room - named
    return (named, rest) if rest >= REMARK_LEAST else (room, 0)
