"""Albums that were deleted, and photos that were taken out of albums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.models import DEPARTURES, Operation, Presence
from gumnut_tui.report.history import Ends
from gumnut_tui.undo.comparison import Standing, states
from gumnut_tui.undo.photos import BACK, CHANGED, Photos
from gumnut_tui.undo.plan import Step, StepKind
from gumnut_tui.undo.selection import span
from gumnut_tui.undo.situation import Situation, album_name, given, taken_as

NAME_TAKEN = "another album has its name now, with another description"
NAME_COMES_BACK = "another album of its name comes back, with another description"
NAME_UNKNOWN = "its name is not known, so the plan gives it one"
NOTHING_KNOWN = "neither its name nor any of its photos is known; nothing from before was read"
UNNAMED = "it had no name, so the plan gives it one"
ALBUM_GONE = "the album is gone, and its deletion is not among what is undone"
ENDS_UNKNOWN = "which photo, or which album, is not known: events before February 2026 do not say"
MEMBER_UNKNOWN = "whether it was in the album is not known: that was before the journal began"
OLD_MEMBERS = "photos that were put into it before the journal began are not known"
SILENT_MEMBERS = (
    "it may have held more photos: events of photos put into albums need not say which photo and which album"
)
MORE_MEMBERS = "it held {count:,} photos, of which {known:,} are known: {others}"
OLD_ONES = "others were put there before the journal began"
SILENT_ONES = "events do not say which the others are"
COVER_AWAY = "its cover is not in the library and does not come back"


class Albums:
    """Plans albums."""

    def __init__(self, situation: Situation, photos: Photos) -> None:
        self._situation = situation
        self._photos = photos
        self._deleted = situation.selection.ids("album", Operation.DELETED)
        self._rows: dict[Ends, list[str]] = defaultdict(list)
        """The memberships that ever joined an album and a photo."""
        for row, ends in situation.history.ends.items():
            self._rows[ends].append(row)
        self._made: dict[str, Any] = {}
        """The descriptions of the albums that are made again, by the names they take."""
        self._lost: set[str] = set()
        """Albums that cannot be made again."""

    def steps(self) -> Iterator[Step]:
        """Albums to make, photos to put into them, covers, and what cannot be."""
        albums = {album: self._album(album) for album in self._deleted}
        returning: dict[str, list[str]] = defaultdict(list)
        told: dict[tuple[StepKind, str, str], list[str]] = defaultdict(list)
        for album, asset in self._pairs():
            if album in self._lost:
                continue
            verdict = self._membership(album, asset)
            if verdict is None:
                returning[album].append(asset)
            elif verdict[1]:
                told[(*verdict, album)].append(asset)
        for album in self._deleted:
            if (cover := self._cover(album)) and self._is_known_by_cover(album, cover):
                returning[album].append(cover)
        for album, step in albums.items():
            yield self._worth_it(album, step, returning)
        for album, assets in returning.items():
            yield Step(StepKind.ADD_TO_ALBUM, "album_asset", tuple(assets), album, self._name(album))
        yield from self._covers(returning)
        yield from self._unknown_members()
        for (kind, reason, album), assets in told.items():
            yield Step(kind, "album_asset", tuple(assets), album, self._name(album), reason)
        if nameless := [row for row in self._removed() if row not in self._situation.history.ends]:
            yield Step(StepKind.IMPOSSIBLE, "album_asset", tuple(nameless), reason=ENDS_UNKNOWN)

    def _name(self, album: str) -> str:
        fields = self._situation.last("album", album)
        return album_name(fields, album) if album in self._deleted else fields_of.raw_id(fields, "name")

    def _album(self, album: str) -> Step:
        situation = self._situation
        fields = situation.last("album", album)
        name = album_name(fields, album)
        if ("album", album) in situation.successors:
            return Step(StepKind.NOTE, "album", (album,), name=name, reason=BACK)
        if situation.namesake("album", name) is not None:
            self._lost.add(album)
            return Step(StepKind.IMPOSSIBLE, "album", (album,), name=name, reason=NAME_TAKEN)
        description = fields.get("description") or None
        if self._made.setdefault(taken_as(name), description) != description:
            self._lost.add(album)
            return Step(StepKind.IMPOSSIBLE, "album", (album,), name=name, reason=NAME_COMES_BACK)
        reason = "" if fields_of.raw_id(fields, "name").strip() else UNNAMED if fields else NAME_UNKNOWN
        values = {"name": name, **given(fields, ("description",))}
        return Step(StepKind.CREATE_ALBUM, "album", (album,), name=name, reason=reason, values=values)

    def _worth_it(self, album: str, step: Step, returning: Mapping[str, list[str]]) -> Step:
        """The step, or that it would make an empty album under a name that it never had."""
        if step.reason != NAME_UNKNOWN or album in returning:
            return step
        self._lost.add(album)
        return Step(StepKind.IMPOSSIBLE, "album", (album,), reason=NOTHING_KNOWN)

    def _removed(self) -> list[str]:
        return self._situation.selection.ids("album_asset", Operation.REMOVED)

    def _pairs(self) -> list[Ends]:
        """The albums and photos whose memberships the selected events may have ended."""
        history, selection = self._situation.history, self._situation.selection
        rows = self._removed()
        for album in self._deleted:
            rows += history.rows_of.get(("album", album), ())
        for asset in selection.ids("asset", *DEPARTURES):
            rows += history.rows_of.get(("asset", asset), ())
        return list(dict.fromkeys(history.ends[row] for row in rows if row in history.ends))

    def _membership(self, album: str, asset: str) -> tuple[StepKind, str] | None:
        """None for a photo that is to be put back, else why not; without a reason nothing is said."""
        situation, history = self._situation, self._situation.history
        rows = self._rows[Ends(album, asset)]
        reach = situation.membership_span(album, asset, rows)
        if reach is None:
            return StepKind.NOTE, ""
        seen = [states(history.membership(row), reach) for row in rows]
        if not any(one.before is not None and one.before.value for one in seen):
            unknown = any(one.before is None for one in seen)
            return (StepKind.IMPOSSIBLE, MEMBER_UNKNOWN) if unknown else (StepKind.NOTE, "")
        if self._is_member(situation.alias("album", album), situation.alias("asset", asset)):
            return StepKind.NOTE, "" if album in self._deleted else BACK
        if any(one.standing(as_before=False) is Standing.CHANGED for one in seen):
            return StepKind.NOTE, CHANGED
        if not self._photos.is_live(asset):
            # Of a photo that is to come back itself it is said there.
            return StepKind.IMPOSSIBLE, "" if asset in self._photos.told else self._photos.absence(asset)
        if album not in self._deleted and situation.is_deleted("album", album):
            return StepKind.IMPOSSIBLE, ALBUM_GONE
        return None

    def _is_member(self, album: str, asset: str) -> bool:
        for row in self._rows.get(Ends(album, asset), ()):
            timeline = self._situation.history.membership(row)
            now = timeline.at(timeline.end)
            if now is not None and now.value:
                return self._situation.presence(asset) in (Presence.LIVE, Presence.TRASHED, None)
        return False

    def _unknown_members(self) -> Iterator[Step]:
        """Albums that held photos which nothing names: put there before anything is known, or by silent events."""
        for album in self._deleted:
            verdict = None if album in self._lost else self._unknown_members_of(album)
            if verdict is not None:
                kind, reason = verdict
                yield Step(kind, "album", (album,), name=self._name(album), reason=reason)

    def _unknown_members_of(self, album: str) -> tuple[StepKind, str] | None:
        history, fields = self._situation.history, self._situation.last("album", album)
        is_older = not any(placed.event.operation is Operation.CREATED for placed in history.about("album", album))
        count = fields_of.count(fields, "asset_count")
        members = {history.ends[row].asset for row in history.rows_of.get(("album", album), ())}
        known = len(members | ({cover} if (cover := self._cover(album)) else set()))
        if count is not None and count > known:
            others = OLD_ONES if is_older else SILENT_ONES
            return StepKind.IMPOSSIBLE, MORE_MEMBERS.format(count=count, known=known, others=others)
        if is_older:
            return StepKind.NOTE, OLD_MEMBERS
        is_silent = count is None and bool(self._situation.unplaced or history.endless())
        return (StepKind.NOTE, SILENT_MEMBERS) if is_silent else None

    def _cover(self, album: str) -> str:
        """The cover of an album before it was deleted, and before its photos went that are undone too."""
        situation, field = self._situation, "album_cover_asset_id"
        reach = span(situation.selection.about("album", album, Operation.DELETED))
        chosen = situation.choice_before("album", album, field, reach) if reach else ""
        return chosen or fields_of.raw_id(situation.last("album", album), field)

    def _is_known_by_cover(self, album: str, cover: str) -> bool:
        """Whether nothing but being the cover tells that a photo was in an album, and it can be put back."""
        if album in self._lost or Ends(album, cover) in self._rows or not self._photos.is_live(cover):
            return False
        return not self._is_member(self._situation.alias("album", album), self._situation.alias("asset", cover))

    def _covers(self, returning: Mapping[str, list[str]]) -> Iterator[Step]:
        for album in self._deleted:
            cover = self._cover(album)
            if not cover or album in self._lost or ("album", album) in self._situation.successors:
                continue
            if cover in returning.get(album, ()):
                yield Step(StepKind.SET_COVER, "album", (cover,), album, self._name(album))
            elif not self._photos.is_live(cover):
                yield Step(StepKind.NOTE, "album", (album,), name=self._name(album), reason=COVER_AWAY)
        for album, assets in returning.items():
            is_there = album not in self._deleted
            if is_there and (cover := self._situation.lost_choice("album", album, "album_cover_asset_id", assets)):
                yield Step(StepKind.SET_COVER, "album", (cover,), album, self._name(album))
