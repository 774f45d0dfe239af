"""Plans made for a demo library that is lived in, and run as a person would run them: with the official SDK."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from unittest.mock import patch

from gumnut_tui.demo.world.edits.editor import Editor
from gumnut_tui.demo.world.records import UploadedFile
from gumnut_tui.domain.filters import EventFilter
from gumnut_tui.domain.models import Library, to_us
from gumnut_tui.domain.ports import Others
from gumnut_tui.feed.sync import Reads
from gumnut_tui.undo.plan import Plan, StepKind
from gumnut_tui.undo.script import script_text
from gumnut_tui.usecases.history import gather_history
from gumnut_tui.usecases.journals import JournalLink
from gumnut_tui.usecases.reading import LibraryReading, OpenedLibrary, Terms
from gumnut_tui.usecases.undo import FindCopies, Planner, plan_heading, undoable
from tests.demo import deeds
from tests.demo.lived import Lived, State
from tests.demo.servers import Address, running

Box = tuple[int, int, int, int]


class Editing(Protocol):
    """A library that can be changed."""

    editor: Editor

    @property
    def library_id(self) -> str:
        """Its id."""
        ...


FILE = b"\xff\xd8 a photo that nobody ever saw"


def upload(lived: Editing, content: bytes = FILE) -> str:
    """A photo with these bytes."""
    file = UploadedFile(
        checksum=base64.b64encode(hashlib.sha256(content).digest()).decode(),
        checksum_sha1="",
        size=len(content),
        mime_type="image/jpeg",
        device_asset_id="d",
        device_id="WEB",
        created="2026-05-01T10:00:00Z",
        modified="2026-05-01T10:00:00Z",
    )
    return lived.editor.photos.upload(lived.library_id, "IMG 1.jpg", file)[0]


def events_of(lived: Lived) -> int:
    """How many events the library's feed holds."""
    return len(lived.world.feed(lived.library_id))


async def begin(lived: Lived) -> int:
    """Journal all there is; the time from which on something is done, in µs."""
    await lived.sync()
    lived.wait(1_000)
    since = to_us(lived.now)
    lived.wait(30)
    return since


async def planned(
    lived: Lived,
    since_us: int,
    *,
    changes: bool = False,
    copies: FindCopies | None = None,
    journalled: bool = True,
    others: Others | None = None,
    **given: Any,
) -> Plan:
    """The plan that undoes what happened since a time."""
    await lived.sync()
    link = JournalLink(lived.journal, lived.record) if journalled else None
    opened = OpenedLibrary(lived.client, Library(lived.library_id, "Family"), link)
    terms = Terms(clock=lived.clock, slack=timedelta(), entities=Reads.ALL, tell=print)
    reading = LibraryReading.of(opened, terms, others=others)
    events = await undoable(reading, EventFilter(since_us=since_us, **given), changes=changes)
    heading = await plan_heading(reading, "a test", lived.client.base_url)
    return await Planner(reading).plan(events, heading, changes=changes, find_copies=copies)


@dataclass(frozen=True)
class Run:
    """What a script printed, and its exit code."""

    text: str
    code: int


@contextmanager
def served(lived: Lived) -> Iterator[Address]:
    """The library on a port of its own, writable."""
    with running(lived.world, editor=lived.editor) as address:
        yield address


def run(plan: Plan, address: Address, *arguments: str, key: str = "") -> Run:
    """Run the plan's script in this process, against that server."""
    text = script_text(plan).replace(ascii(plan.heading.base_url), ascii(address.base_url), 1)
    code = compile(text, "undo.py", "exec")
    said = io.StringIO()
    with (
        patch.dict(
            os.environ, {"GUMNUT_API_KEY": key or address.key, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
        ),
        patch.object(sys, "argv", ["undo.py", *arguments]),
        redirect_stdout(said),
    ):
        try:
            exec(code, {"__name__": "__main__"})
        except SystemExit as end:
            return Run(said.getvalue(), int(end.code or 0))
    raise AssertionError("the script did not end by itself")


def out_of_reach(state: State, plan: Plan) -> set[str]:
    """The photos of a state that no plan touches: gone for good, or in the trash already before."""
    lost = {
        one
        for step in plan.steps
        if step.kind is StepKind.IMPOSSIBLE and step.entity_type == "asset"
        for one in step.ids
    }
    return {one for (kind, one), fields in state.items() if kind == "asset" and (one in lost or fields["trashed_at"])}


def unnamed_faces(state: State, plan: Plan) -> set[str]:
    """The faces of people without a name, whom plans leave out and say so."""
    left = {
        one for step in plan.of(StepKind.NOTE) if step.entity_type == "person" and not step.name for one in step.ids
    }
    return {one for (kind, one), fields in state.items() if kind == "face" and fields["person_id"] in left}


async def untraceable(lived: Lived, state: State) -> set[str]:
    """The memberships that nothing ever named: they were there before the journal began, and were no cover."""
    covers = {fields["id"]: fields["album_cover_asset_id"] for (kind, _), fields in state.items() if kind == "album"}
    rows = {
        one
        for (kind, one), fields in state.items()
        if kind == "album_asset" and covers.get(fields["album_id"]) != fields["asset_id"]
    }
    albums = [reference for reference in state if reference[0] == "album"]
    history = await gather_history(lived.journal, lived.record, albums)
    return rows - history.ends.keys()


def essence(state: State, without: Collection[str] = ()) -> dict[str, Any]:
    """What a person would miss of a library, without ids that must be new, nor what the service makes up by itself.

    Photos `without` are left out, with their places in albums and stacks, and their faces; memberships and faces, too.
    """
    photos = {
        one: str(fields["file_data"]["checksum"])
        for (kind, one), fields in state.items()
        if kind == "asset" and one not in without
    }
    people = {one: fields for (kind, one), fields in state.items() if kind == "person"}
    albums = {one: fields for (kind, one), fields in state.items() if kind == "album"}
    stacks: dict[str, set[str]] = {}
    for one in photos:
        if stack := state["asset", one]["stack_id"]:
            stacks.setdefault(stack, set()).add(photos[one])
    return {
        "photos": {
            photos[one]: (bool(state["asset", one]["trashed_at"]), _own(state["asset", one]["metadata"]))
            for one in photos
        },
        "albums": {fields["name"].casefold(): fields["description"] for fields in albums.values()},
        "members": {
            (albums[fields["album_id"]]["name"].casefold(), photos[fields["asset_id"]])
            for (kind, one), fields in state.items()
            if kind == "album_asset" and fields["asset_id"] in photos and one not in without
        },
        "people": {
            fields["name"].casefold(): (fields["birth_date"], fields["is_favorite"], fields["is_hidden"])
            for fields in people.values()
            if fields["name"]
        },
        "faces": {
            (photos[fields["asset_id"]], _box(fields), (people[fields["person_id"]]["name"] or "").casefold())
            for (kind, one), fields in state.items()
            if kind == "face" and fields["asset_id"] in photos and one not in without
            if fields["person_id"] and people[fields["person_id"]]["name"]
        },
        "stacks": {frozenset(members) for members in stacks.values() if len(members) > 1},
    }


def shown(state: State, without: Collection[str] = ()) -> dict[tuple[str, str], Any]:
    """The photo that each album shows, and the photo and place of the face that each person with a name shows."""
    found: dict[tuple[str, str], Any] = {}
    for (kind, _), fields in state.items():
        face = state.get(("face", fields["thumbnail_face_id"] or ""), {}) if kind == "person" else {}
        photo = face.get("asset_id") or fields.get("album_cover_asset_id")
        if photo and photo not in without and fields["name"]:
            checksum = state["asset", photo]["file_data"]["checksum"]
            found[kind, fields["name"].casefold()] = checksum, _box(face) if face else None
    return found


def _own(metadata: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(metadata[name] or None for name in ("description", "rating", "latitude", "longitude"))


def _box(face: Mapping[str, Any]) -> Box:
    box = face["bounding_box"]
    return box["x"], box["y"], box["w"], box["h"]


def run_twice(lived: Lived, plan: Plan) -> None:
    """Run a plan; a second run finds nothing to do, so that no event follows."""
    with served(lived) as address:
        assert run(plan, address, "--yes").code == 0
        events = events_of(lived)
        assert run(plan, address, "--yes").code == 0
        assert events_of(lived) == events


def album_with_cover(lived: Lived) -> tuple[str, list[str]]:
    """An album and its four photos, of which the third is its cover."""
    photos = lived.ids("asset", deeds.LIVE)[:4]
    album, _ = lived.editor.albums.create(lived.library_id, {"name": "Holidays"})
    lived.editor.albums.add(album, photos)
    lived.editor.albums.update(album, {"album_cover_asset_id": photos[2]})
    return album, photos


def person_with_thumbnail(lived: Lived) -> tuple[str, str, str]:
    """A person with faces on two photos, of which the first is shown: person, that face, and its photo."""
    person = lived.editor.people.create(lived.library_id, {"name": "Grandma"})[0]
    photos = lived.ids("asset", deeds.LIVE)[:2]
    first, _ = [lived.editor.faces.create(lived.library_id, one, (1, 2, 30, 40), person) for one in photos]
    lived.editor.people.update(person, {"thumbnail_face_id": first})
    return person, first, photos[0]
