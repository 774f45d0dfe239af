"""Makes the pictures of the README from the demo library: `python -m screenshots.make [NAME…]`.

Clock, zone and library are fixed and nothing is read from a network, so that the same program always makes the same
files. Pillow, which the test extra brings, is needed for the photos, and Chromium for the picture of the report.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Operation
from screenshots.report import photograph, report_html
from screenshots.screen import Picture, draw
from screenshots.stage import journal_bytes

FOLDER = Path(__file__).parent
REPORT = FOLDER / "report.png"
"""The picture that is no drawing of the screen: the report, as a browser shows it."""

DELETED = EventFilter(operations=frozenset({Operation.DELETED}))
PICTURES = {
    "main": Picture((140, 45), ("down", "down", "down")),
    "actions": Picture((140, 45), ("a",)),
    "deletions": Picture((140, 45), ("d",)),
    "incidents": Picture((140, 45), ("i",), journal=True, shows="as of"),
    "past": Picture(
        (140, 45),
        ("d", "down", "down", "right_square_bracket", "right_square_bracket", "enter", "G", "up", "enter"),
        journal=True,
        shows=" as of ",
    ),
    "undo": Picture((140, 45), ("d", "U", "down", "down", "enter"), journal=True, shows="Brings back"),
    "gone-photo": Picture((140, 45), ("down", "down", "right_square_bracket", "right_square_bracket"), DELETED),
    "ghost": Picture((140, 45), ("down", "down", "right_square_bracket"), DELETED, journal=True),
    "journal": Picture((100, 30), ("S",), shows="Keep a journal"),
    "narrow": Picture((80, 24), ("d", "down", "down")),
    "first-start": Picture((100, 30), demo=False),
}


def make(name: str) -> str:
    """The SVG of a picture."""
    picture = PICTURES[name]
    with _journal(begun=picture.journal) as journal:
        return asyncio.run(draw(picture, journal))


def make_report() -> str:
    """The page the picture of the report is taken of."""
    with _journal(begun=True) as journal:
        return report_html(journal)


@contextmanager
def _journal(*, begun: bool) -> Iterator[Path]:
    """A journal for one picture, which may write to it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite3"
        if begun:
            path.write_bytes(journal_bytes())
        yield path


def main(names: list[str]) -> None:
    """Make these pictures, or all."""
    for name in names or [*PICTURES, REPORT.stem]:
        if name == REPORT.stem:
            photograph(make_report(), REPORT)
        else:
            (FOLDER / f"{name}.svg").write_text(make(name), encoding="utf-8")
        print(name)


if __name__ == "__main__":
    main(sys.argv[1:])
