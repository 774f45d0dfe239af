"""What a plan's script does by itself: checking, keys, waiting, comparing, and saying how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gumnut_tui.demo.http.auth import READ_KEY
from gumnut_tui.domain.models import to_us
from gumnut_tui.undo.plan import Copy, Heading, Plan
from gumnut_tui.undo.script import script_text
from gumnut_tui.usecases.copies import Sought
from tests.demo import deeds
from tests.demo.lived import Lived
from tests.factories import NOW
from tests.undo.proving import FILE, begin, events_of, planned, run, served, upload


async def test_run_weeks_later_it_does_what_is_still_possible() -> None:
    """What is gone meanwhile is named, and the exit code tells it."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:4]
        since = await begin(lived)
        lived.editor.photos.trash(lived.library_id, photos)
        lived.wait(30)
        plan = await planned(lived, since)
        lived.wait(30 * 86_400)
        lived.editor.photos.delete(photos[0])
        with served(lived) as address:
            ran = run(plan, address, "--yes")
        assert ran.code == 1
        assert photos[0] in ran.text
        assert all(not (lived.world.entity("asset", one) or {})["trashed_at"] for one in photos[1:])


async def test_a_key_that_may_not_write_is_told_at_each_step() -> None:
    """Nothing is done, nothing is hidden."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        lived.do(deeds.trash, 1, 3)
        lived.do(deeds.delete_album, 1, 3)
        lived.wait(30)
        plan = await planned(lived, since)
        with served(lived) as address:
            events = events_of(lived)
            ran = run(plan, address, "--yes", key=READ_KEY)
            assert ran.code == 1
            assert ran.text.count("403") >= 2
            assert events_of(lived) == events


MAKING = (
    deeds.restore, deeds.move_in, deeds.create_album, deeds.add, deeds.rename_album, deeds.set_cover, deeds.name_person,
    deeds.assign, deeds.draw_face, deeds.stack, deeds.unstack,
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The methods of the requests that are sent from now on."""
    methods: list[str] = []
    send = httpx.Client.send

    def noted(client: httpx.Client, request: httpx.Request, **given: Any) -> httpx.Response:
        methods.append(request.method)
        return send(client, request, **given)

    monkeypatch.setattr(httpx.Client, "send", noted)
    return methods


async def test_checking_sends_nothing_but_reads(asked: list[str]) -> None:
    """Whatever the plan does: told by the methods of what is sent."""
    async with Lived(events=4_000, days=5) as lived:
        plan = await planned(lived, to_us(lived.now) - 86_400_000_000)
        with served(lived) as address:
            run(plan, address)
            assert set(asked) == {"GET"}
            run(plan, address, "--yes")
            assert set(asked) > {"GET"}


async def test_when_the_storage_is_full_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is sent again and again, nor another one after it; what needs no storage is done."""
    files = {FILE + bytes([at]): tmp_path / f"{at}.jpg" for at in range(3)}
    sent: list[str] = []
    send = httpx.Client.send

    def refusing(client: httpx.Client, request: httpx.Request, **given: Any) -> httpx.Response:
        if (request.method, request.url.path) != ("POST", "/api/assets"):
            return send(client, request, **given)
        sent.append(request.url.path)
        return httpx.Response(507, json={"detail": "Storage limit reached"}, request=request)

    async def find(sought: Sequence[Sought]) -> Mapping[str, Copy]:
        return {one.asset_id: Copy(path) for one, path in zip(sought, files.values(), strict=True)}

    async with Lived(events=600) as lived:
        photo = lived.ids("asset", deeds.LIVE)[0]
        gone = [upload(lived, content) for content in files]
        since = await begin(lived)
        for content, path in files.items():
            path.write_bytes(content)
        for asset in gone:
            lived.editor.photos.delete(asset)
        lived.editor.photos.trash(lived.library_id, [photo])
        lived.wait(30)
        plan = await planned(lived, since, copies=find)
        monkeypatch.setattr(httpx.Client, "send", refusing)
        with served(lived) as address:
            ran = run(plan, address, "--yes")
        assert (ran.code, len(sent)) == (1, 2)
        assert ran.text.count("not tried, the storage is full") == 2
        assert photo in lived.ids("asset", deeds.LIVE)


async def test_a_stack_that_somebody_made_since_is_left_alone() -> None:
    """Of one of the photos and another: the rest is stacked without it, and without touching that one."""
    async with Lived(events=600) as lived:
        first, *rest, other = lived.ids("asset", deeds.LIVE)[:4]
        stack = lived.editor.stacks.create(lived.library_id, [first, *rest], first)
        since = await begin(lived)
        lived.editor.stacks.dissolve(stack)
        lived.wait(30)
        plan = await planned(lived, since)
        lived.editor.stacks.create(lived.library_id, [first, other], first)
        with served(lived) as address:
            assert run(plan, address, "--yes").code == 0
            events = events_of(lived)
            assert run(plan, address, "--yes").code == 0
            assert events_of(lived) == events
        members = [set((lived.world.entity("stack", one) or {})["asset_ids"]) for one in lived.ids("stack")]
        assert {first, other} in members
        assert set(rest) in members


@settings(deadline=None, max_examples=8, phases=(Phase.explicit, Phase.reuse, Phase.generate), derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from((*deeds.DESTRUCTIVE, *MAKING)), st.integers(0, 400), st.integers(0, 400)),
        min_size=6,
        max_size=14,
    ),
    st.booleans(),
)
async def test_whatever_was_done_it_ends_well_and_a_second_time_does_nothing(done: list[Any], changes: bool) -> None:
    """Things made, changed and destroyed in any order, with and without the changes of fields."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        for deed, first, second in done:
            lived.wait(30)
            lived.do(deed, first, second)
            await lived.sync()
        lived.wait(30)
        plan = await planned(lived, since, changes=changes)
        with served(lived) as address:
            ran = run(plan, address, "--yes")
            assert ran.code == 0, ran.text
            events = events_of(lived)
            again = run(plan, address, "--yes")
            assert events_of(lived) == events, again.text
        lived.wait(30)
        assert not (await planned(lived, since, changes=changes)).acting


async def test_photos_that_are_gone_meanwhile_are_told_before_anything_is_done() -> None:
    """A check does not call it done that nothing is left to do."""
    async with Lived(events=600) as lived:
        photos = lived.ids("asset", deeds.LIVE)[:2]
        since = await begin(lived)
        lived.editor.photos.trash(lived.library_id, photos)
        lived.wait(30)
        plan = await planned(lived, since)
        lived.editor.photos.delete(photos[0])
        with served(lived) as address:
            told = run(plan, address).text
            assert told.startswith("Family: undo of a test")
            assert "would restore 1; not there yet: 1" in told
            lived.editor.photos.delete(photos[1])
            assert "nothing to do; not there yet: 2" in run(plan, address).text


async def test_without_a_key_it_says_which_one_it_needs() -> None:
    """Not with a traceback."""
    async with Lived(events=600) as lived:
        since = await begin(lived)
        lived.do(deeds.trash, 1, 3)
        plan = await planned(lived, since)
        with served(lived) as address:
            ran = run(plan, replace(address, key=""))
    assert (ran.code, "Set GUMNUT_API_KEY" in ran.text) == (1, True)


async def test_what_a_service_says_acts_on_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of something in between may be any text."""
    async with Lived(events=600) as lived:
        plan = await planned(lived, to_us(lived.now))
    monkeypatch.setenv("GUMNUT_API_KEY", "none")
    plain = script_of(plan)["plain"]
    assert plain("a\x1b[2J\u202eb \u201cc\u201d") == "a\\x1b[2J\\u202eb \u201cc\u201d"


@pytest.mark.parametrize(
    ("wanted", "value", "expected"),
    [
        ("2026-05-01T10:00:00Z", datetime(2026, 5, 1, 12, tzinfo=timezone(timedelta(hours=2))), True),
        ("2026-05-01T10:00:00.480000Z", datetime(2026, 5, 1, 10, 0, 0, 480_000, tzinfo=UTC), True),
        ("2026-05-01T10:00:01Z", datetime(2026, 5, 1, 10, tzinfo=UTC), False),
        ("1990-02-03", date(1990, 2, 3), True),
        ("1990-02-04", date(1990, 2, 3), False),
        (" Ana", "Ana ", True),
        ("", None, True),
        (False, None, True),
        (0, None, False),
        (0.0, None, False),
        (None, 0, True),
        (41.5, 41.5, True),
        ("20260501", "2026-05-01", False),
    ],
)
async def test_values_are_the_same_however_they_are_written(wanted: object, value: object, expected: bool) -> None:
    """So that nothing is written twice."""
    plan = Plan(Heading("lib_1", "", "https://api.gumnut.ai", "a test", NOW, is_offline=False), (), {})
    assert script_of(plan)["same"](wanted, value) is expected


def script_of(plan: Plan) -> dict[str, Any]:
    """The names a script defines, without running it."""
    names: dict[str, Any] = {"__name__": "undo"}
    exec(compile(script_text(plan), "undo.py", "exec"), names)
    return names


async def test_the_time_the_service_asks_for_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is longer than the SDK itself waits; beyond an hour the step fails."""
    async with Lived(events=600) as lived:
        plan = await planned(lived, to_us(lived.now))
    monkeypatch.setenv("GUMNUT_API_KEY", "none")
    names = script_of(plan)
    waited: list[float] = []
    names["time"] = type("Clock", (), {"sleep": staticmethod(waited.append), "time": staticmethod(lambda: 0.0)})
    answers: list[tuple[str, int] | None] = [("120", 429), ("Thu, 01 Jan 1970 00:05:00 GMT", 503), None]

    def call() -> str:
        answer = answers.pop(0)
        if answer is None:
            return "done"
        raise refusal(names, *answer)

    with names["client"]:
        assert names["patiently"](call) == "done"
        assert waited == [120.0, 300.0]
        answers.append(("7200", 429))
        with pytest.raises(names["APIStatusError"]):
            names["patiently"](call)


def refusal(names: Mapping[str, Any], wait: str, status: int) -> Exception:
    """An answer that asks for time."""
    request = httpx.Request("GET", "http://127.0.0.1/")
    response = httpx.Response(status, headers={"retry-after": wait}, request=request)
    error: Exception = names["APIStatusError"]("later", response=response, body=None)
    return error
