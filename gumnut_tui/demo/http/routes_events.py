"""``GET /api/events`` in each of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from gumnut_tui.demo.http import query
from gumnut_tui.demo.http.auth import access
from gumnut_tui.demo.http.cursors import CursorCodec
from gumnut_tui.demo.http.generations import Generation
from gumnut_tui.demo.http.library_world import LibraryWorld
from gumnut_tui.demo.http.refusals import Problem, invalid, json_response
from gumnut_tui.demo.http.timeline import Timeline


@dataclass(frozen=True, slots=True)
class _Read:
    """What one request asks for. ``start`` is a place, ``stop`` a number of rows, bounds are µs."""

    timeline: Timeline
    types: list[str] | None
    start: int
    stop: int
    limit: int
    since: int | None
    before: int | None


class EventRoutes:
    """Serves the feeds of ``world`` under ``generation``."""

    def __init__(self, world: LibraryWorld, generation: Generation) -> None:
        self._world = world
        self._generation = generation
        self._timelines: dict[str, Timeline] = {}
        self._codecs: dict[str, CursorCodec] = {}

    async def page(self, request: Request) -> Response:
        params = request.query_params
        caller = access(request, self._world)
        limit = query.whole(
            params, "limit", default=self._generation.limit_default, low=1, high=self._generation.limit_max
        )
        since = query.moment_us(params, "created_at_gte")
        before = query.moment_us(params, "created_at_lt")
        types = self._types(params)
        library_id = caller.library_id(params.get("library_id"), self._generation)
        timeline = self._timeline(library_id)
        if self._generation.commit_safe:
            codec = self._codec(library_id, timeline)
            start, stop = _commit_safe_range(params, codec, len(timeline))
            read = _Read(timeline, types, start << 2, stop, limit, since, None)
            return json_response(_commit_safe_page(codec, read, is_first=not params.get("after_cursor")))
        start = _numeric_start(params, timeline)
        read = _Read(timeline, types, start, len(timeline), limit, since, before)
        return json_response(_numeric_page(read))

    def _types(self, params: QueryParams) -> list[str] | None:
        generation = self._generation
        if generation.repeats_types:
            asked = query.words(params, "entity_types")
        else:
            last = params.get("entity_types", "")
            asked = list(dict.fromkeys(part.strip() for part in last.split(",") if part.strip()))
        unknown = [name for name in asked if name not in generation.entity_types]
        if unknown:
            valid = ", ".join(sorted(generation.entity_types))
            detail = f"Unknown entity type(s): {', '.join(unknown)}. Valid values: {valid}"
            if generation.commit_safe:
                raise Problem(400, detail)
            raise invalid("entity_types", "value_error", detail, params.get("entity_types"))
        return asked or None

    def _timeline(self, library_id: str) -> Timeline:
        timeline = self._timelines.get(library_id)
        if timeline is None:
            timeline = Timeline(self._world.feed(library_id), self._generation)
            self._timelines[library_id] = timeline
        return timeline

    def _codec(self, library_id: str, timeline: Timeline) -> CursorCodec:
        """The library's codec; cursors of another history (another seed, another day) are not its own."""
        codec = self._codecs.get(library_id)
        if codec is None:
            first = timeline.row(0) if len(timeline) else None
            origin = f"{self._world.user['id']}|{first.created_at_us}|{first.entity_id}" if first else ""
            codec = CursorCodec(library_id, blake2b(origin.encode(), digest_size=32).digest())
            if first:
                self._codecs[library_id] = codec
        return codec


def _commit_safe_range(params: QueryParams, codec: CursorCodec, length: int) -> tuple[int, int]:
    """The rows that cursor and bound leave to be read, from the first up to, but without, the second."""
    start, stop = 0, length
    if after := params.get("after_cursor"):
        position = codec.read_cursor(after)
        if position is None:
            raise Problem(400, "Invalid after_cursor: not a cursor of this library's feed")
        if max(position.start, position.pin or 0) > length:
            raise Problem(400, "Invalid after_cursor: it is ahead of the database")
        start, stop = position.start, stop if position.pin is None else position.pin
    if bound := params.get("as_of"):
        as_of = codec.read_bound(bound)
        if as_of is None:
            raise Problem(400, "Invalid as_of: not a bound of this library's feed")
        if as_of > length:
            raise Problem(400, "Invalid as_of: it is ahead of the database")
        stop = min(stop, as_of)
    return start, stop


def _commit_safe_page(codec: CursorCodec, read: _Read, *, is_first: bool) -> dict[str, Any]:
    timeline = read.timeline
    places, has_more = _select(read)
    next_cursor = None
    if has_more:
        next_cursor = codec.cursor((places[-1] >> 2) + 1, read.stop)
    elif places or not is_first:
        next_cursor = codec.cursor(max(read.start >> 2, read.stop))
    rows = [(place, timeline.row(place)) for place in places]
    return {
        "data": [timeline.event(place, row, codec.cursor((place >> 2) + 1)) for place, row in rows],
        "has_more": has_more,
        "next_cursor": next_cursor,
        "as_of": codec.bound(read.stop),
    }


def _numeric_start(params: QueryParams, timeline: Timeline) -> int:
    after = params.get("after_cursor")
    if not after:
        return 0
    if not (after.isascii() and after.isdigit()):
        raise invalid("after_cursor", "value_error", "Value error, invalid cursor", after)
    return timeline.place_after(int(after))


def _numeric_page(read: _Read) -> dict[str, Any]:
    places, has_more = _select(read)
    timeline = read.timeline
    rows = [(place, timeline.row(place)) for place in places]
    return {
        "data": [timeline.event(place, row, str(timeline.number(place, row))) for place, row in rows],
        "has_more": has_more,
    }


def _select(read: _Read) -> tuple[list[int], bool]:
    """The places of one page, and whether more of the read follows."""
    timeline, stop = read.timeline, read.stop << 2
    start = read.start if read.since is None else timeline.at_or_after(read.since, read.start)
    found: list[int] = []
    for place in timeline.places(start, read.types):
        if place >= stop:
            break
        if read.since is not None or read.before is not None:
            created = timeline.created_at_us(place)
            if read.since is not None and created < read.since:
                continue
            if read.before is not None and created >= read.before:
                continue
        if len(found) == read.limit:
            return found, True
        found.append(place)
    return found, False
