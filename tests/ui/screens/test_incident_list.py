"""The list of incidents: what it says, and what its keys give back."""

from __future__ import annotations

from datetime import UTC

import pytest
from rich.cells import cell_len
from textual.app import App

from gumnut_tui.domain.incidents import Incident
from gumnut_tui.report.model import Report
from gumnut_tui.ui.screens.incident_list import IncidentsScreen, Restore, Save, Undo
from tests.factories import NOW
from tests.report.cases import Service, burst, happened, report_on, trashed
from tests.ui.screens.screen_text import screen_text

HOSTILE = "[b]x[/]\x1b[31m\u202egpj.\u200bexe" + "写真" * 200


def two_incidents() -> Report:
    """Photos trashed, and an hour later others deleted for good."""
    events, service = burst()
    deleted = [happened("asset_deleted", f"asset_{number}", number) for number in range(3_600, 3_620)]
    return report_on([*events, *deleted], service)


class IncidentsApp(App[None]):
    """Opens the list, and remembers what it gave and copied."""

    def __init__(self, report: Report, *, is_checking: bool = False) -> None:
        super().__init__()
        self.results: list[Incident | Save | Restore | Undo | None] = []
        self.copied: list[tuple[str, str]] = []
        self.list_screen = IncidentsScreen(
            report, zone=UTC, now=NOW, copy=lambda *copied: self.copied.append(copied), is_checking=is_checking
        )

    def on_mount(self) -> None:
        """Opens the screen."""
        self.push_screen(self.list_screen, self.results.append)


async def test_newest_first_with_all_one_asks_for() -> None:
    """How many of what in how long, from when to when, people, what is recoverable, and from when that is."""
    app = IncidentsApp(two_incidents())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        text = screen_text(app)
    for words in (
        "as of today 12:00:00 · events of today",
        "yesterday 13:00:00–13:00:19",
        "20 photos deleted in 19 s",
        "photos now: 20 gone for good",
        "12 photos trashed in 11 s",
        "12 recoverable",
        "photos now: 12 in the trash",
        "people on the photos: Ana",
    ):
        assert words in text, words
    assert text.index("20 photos deleted") < text.index("12 photos trashed")


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (("enter",), 0),
        (("j", "enter"), 1),
        (("G", "k", "enter"), 0),
        (("escape",), None),
        (("i",), None),
        (("w",), Save.REPORT),
    ],
)
async def test_keys_give_back(keys: tuple[str, ...], result: int | Save | None) -> None:
    """`enter` the incident under the cursor, `w` that the report is to be saved, `esc` and `i` nothing."""
    report = two_incidents()
    app = IncidentsApp(report)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
    expected = report.incidents[result].summary.incident if isinstance(result, int) else result
    assert app.results == [expected]


async def test_copying_takes_the_incident_under_the_cursor() -> None:
    """As Markdown with its own events only."""
    app = IncidentsApp(two_incidents())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("j", "y")
        await pilot.pause()
    ((markdown, _),) = app.copied
    assert "IMG_12.HEIC" in markdown
    assert "photo deleted" not in markdown


async def test_capital_r_leaves_with_the_photos_that_can_be_restored() -> None:
    """Of the incident under the cursor; without any it says so and stays."""
    report = two_incidents()
    app = IncidentsApp(report)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("R")
        await pilot.pause()
        assert app.results == []
        await pilot.press("j", "R")
        await pilot.pause()
    (restore,) = app.results
    assert isinstance(restore, Restore)
    assert restore.incident_id == report.incidents[1].summary.incident.id
    assert len(restore.asset_ids) == 12


async def test_another_report_keeps_the_place() -> None:
    """When the service has answered, the words change and the cursor stays on its incident."""
    events, _ = burst()
    deleted = [happened("asset_deleted", f"asset_{number}", number) for number in range(3_600, 3_620)]
    app = IncidentsApp(report_on([*events, *deleted], None), is_checking=True)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("j")
        await pilot.pause()
        assert "checking what became of it…" in screen_text(app)
        app.list_screen.show(two_incidents())
        await pilot.pause()
        assert "as of today 12:00:00" in screen_text(app)
        await pilot.press("R")
        await pilot.pause()
    assert [type(result) for result in app.results] == [Restore]


async def test_offline_says_so() -> None:
    """What nobody checked is called last known."""
    app = IncidentsApp(report_on(burst()[0], None))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "as last known today 12:00:00" in screen_text(app)


async def test_no_incident_says_so() -> None:
    """Words, and no key that breaks."""
    app = IncidentsApp(report_on([], Service()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "y", "R", "j")
        await pilot.pause()
        assert "No incident" in screen_text(app)
    assert (app.results, app.copied) == ([], [])


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (140, 45)])
async def test_it_fits_and_is_plain_text(size: tuple[int, int]) -> None:
    """Hostile names are drawn escaped, on any size of screen."""
    events, _ = burst()
    there = [
        trashed(f"asset_{number}", HOSTILE, people=[{"id": "person_1", "name": HOSTILE}]) for number in range(1, 13)
    ]
    app = IncidentsApp(report_on(events, Service(there), library=HOSTILE))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        lines = screen_text(app).split("\n")
    assert all(cell_len(line) == size[0] for line in lines)
    assert all(line.isprintable() for line in lines)
    assert "12 recoverable" in "\n".join(lines)


async def test_a_click_beside_the_box_closes_it() -> None:
    """Clicking away means none of it."""
    app = IncidentsApp(two_incidents())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.click(offset=(0, 0))
        await pilot.pause()
    assert app.results == [None]
