"""Copying, saving and opening: what is taken away, and what never is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.app.scripted import ScriptedClient, activity, cursor, make_asset
from tests.app.stage import SECRET, OutsideWorld, make_app, make_demo_app
from tests.app.waiting import answer, main_screen, press, running, screen_text, wait_for_text, wait_until
from tests.factories import NOW, make_event


async def test_y_copies_the_id() -> None:
    """y copies the id of the entity looked at, and says so."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "j", "y")
        assert app.clipboard == "asset_19"
        await wait_for_text(pilot, "Sent to the terminal's clipboard: id asset_19")


async def test_copied_is_said_only_where_it_is_known() -> None:
    """A terminal does not tell whether it took the text; the desktop's own tool does."""
    app = make_app(services={"fill_clipboard": lambda _text: True})
    async with running(app) as pilot:
        await press(pilot, "j", "y")
        await wait_for_text(pilot, "Copied: id asset_19")


@pytest.mark.parametrize(
    ("downs", "holds"),
    [
        (0, '"cursor":"cursor-000059"'),
        (1, '"original_file_name": "IMG_0019.JPG"'),
        (2, "https://api.example.org/api/assets/asset_19"),
        (3, "https://api.example.org/api/events?library_id=lib_home&created_at_gte=2026-11-20T11%3A50%3A00"),
    ],
    ids=["event", "entity", "cURL of the entity", "cURL of the feed"],
)
async def test_capital_y_copies_json_or_curl_without_the_key(downs: int, holds: str) -> None:
    """Y offers forms; a command names the key as a variable, and the key itself is in none."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "j")
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.known is not None)
        await press(pilot, "Y")
        await wait_for_text(pilot, "event as JSON")
        await press(pilot, *"j" * downs, "enter")
        await wait_until(pilot, lambda: app.clipboard)
        assert holds in app.clipboard
        assert SECRET not in app.clipboard
        if downs > 1:
            assert "$GUMNUT_API_KEY" in app.clipboard
        else:
            json.loads(app.clipboard)


async def save_as(pilot: Any, name: str) -> None:
    """Save what is shown under a name."""
    await press(pilot, "w")
    await answer(pilot, name)


async def test_w_saves_the_rows_shown_as_jsonl(tmp_path: Path) -> None:
    """One event object a line, the rows shown and no others, in the order of the screen."""
    app = make_app()
    async with running(app) as pilot:
        await press(pilot, "d")
        await save_as(pilot, str(tmp_path / "a.jsonl"))
        await wait_for_text(pilot, "Saved 6 rows")
    saved = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [event["cursor"] for event in saved] == [cursor(number) for number in range(60, 0, -10)]
    assert set(saved[0]) == {"cursor", "entity_type", "entity_id", "event_type", "created_at", "payload"}


async def test_a_file_is_replaced_only_when_one_insists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first enter says that it is there, the second replaces it; another name in between begins anew."""
    monkeypatch.chdir(tmp_path)
    taken = Path("a.jsonl")
    taken.write_text("mine")
    app = make_app()
    async with running(app) as pilot:
        await save_as(pilot, "a.jsonl")
        await wait_for_text(pilot, "already exists; press enter again to replace it")
        await answer(pilot, "none/a.jsonl")
        await wait_for_text(pilot, "there is no folder")
        await answer(pilot, "a.jsonl")
        await wait_for_text(pilot, "press enter again to replace it")
        assert taken.read_text() == "mine"
        await press(pilot, "enter")
        await wait_for_text(pilot, "Saved 60 rows")
    assert len((tmp_path / taken).read_text().splitlines()) == 60


async def test_csv_has_no_formulas(tmp_path: Path) -> None:
    """A name that a spreadsheet would calculate is written as text."""
    names = ("=1+1", "@SUM(A1)", "-2", "+3", "plain")
    assets = [make_asset(number, original_file_name=name) for number, name in enumerate(names)]
    events = [make_event(n, entity_id=f"asset_{n:02}", created_at=NOW) for n in range(len(names))]
    app = make_app(ScriptedClient(events, entities=assets))
    async with running(app) as pilot:
        await save_as(pilot, str(tmp_path / "a.csv"))
        await wait_for_text(pilot, "Saved 5 rows")
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert [row["name"] for row in rows] == ["plain", "'+3", "'-2", "'@SUM(A1)", "'=1+1"]


async def test_markdown_is_a_table(tmp_path: Path) -> None:
    """A report can be pasted: names cannot break the table or carry markup."""
    asset = make_asset(1, original_file_name="a|b <img> [x](y)")
    app = make_app(ScriptedClient([make_event(1, entity_id="asset_01", created_at=NOW)], entities=[asset]))
    async with running(app) as pilot:
        await save_as(pilot, str(tmp_path / "a.md"))
        await wait_for_text(pilot, "Saved 1 row")
    lines = (tmp_path / "a.md").read_text().splitlines()
    assert len(lines) == 3
    assert r"a\|b \<img\> \[x\](y)" in lines[2]


@pytest.mark.parametrize("name", ["events.txt", "events", "nowhere/events.csv", "~no-such-person/events.csv"])
async def test_a_name_that_cannot_be_is_refused(name: str, tmp_path: Path) -> None:
    """A wrong ending or folder is answered beside the question, which stays open; nothing is written."""
    app = make_app()
    async with running(app) as pilot:
        await save_as(pilot, name if name.startswith("~") else str(tmp_path / name))
        assert main_screen(app).panes.prompt.purpose == "save"
        await wait_until(pilot, lambda: main_screen(app).panes.prompt._problem.render())
        await press(pilot, "escape")
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in the way or a name too long is an answer, not a crash, and no half file is left."""
    monkeypatch.chdir(tmp_path)
    Path("a.csv").mkdir()
    app = make_app()
    async with running(app) as pilot:
        await save_as(pilot, "a.csv")
        await wait_for_text(pilot, "is a folder")
        await answer(pilot, f"{'long' * 80}.csv")
        await wait_for_text(pilot, "too long")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


async def test_o_opens_the_picture() -> None:
    """o opens the address of the picture, and only a web address."""
    assets = [
        make_asset(0, asset_urls={"preview": {"url": "https://pictures.example.org/0"}}),
        make_asset(19, asset_urls={"preview": {"url": "file:///etc/passwd"}}),
    ]
    outside = OutsideWorld()
    app = make_app(ScriptedClient(activity(), entities=assets), outside=outside)
    async with running(app) as pilot:
        await press(pilot, "o")
        assert outside.opened == ["https://pictures.example.org/0"]
        await press(pilot, "j")
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.known == assets[1])
        await press(pilot, "o")
        await wait_for_text(pilot, "There is no picture to open.")
        assert len(outside.opened) == 1


async def test_the_pictures_of_the_demo_are_not_opened() -> None:
    """The demo's pictures are in no network, and o says so."""
    outside = OutsideWorld()
    app = make_demo_app(outside=outside)
    async with running(app) as pilot:
        await wait_until(pilot, lambda: main_screen(app).panes.detail.state.picture is not None)
        await press(pilot, "o")
        await wait_for_text(pilot, "exist only in this program")
        assert outside.opened == []
        assert "▀" in screen_text(app)
