"""Photos that were trashed, deleted or moved away, and the library itself when it was trashed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import Operation, Presence
from gumnut_tui.formatting.quantities import byte_size
from gumnut_tui.undo.comparison import Standing, states
from gumnut_tui.undo.plan import Step, StepKind
from gumnut_tui.undo.selection import span
from gumnut_tui.undo.situation import Situation

LOSSES = (Operation.TRASHED, Operation.DELETED, Operation.MOVED_OUT)
"""What takes a photo away."""

BACK = "back already"
CHANGED = "changed again later, left alone"
IN_TRASH_BEFORE = "it was in the trash before, left there"
IN_TRASH = "the photo is in the trash, from which this plan does not take it"
TRASH_EMPTIED = "the trash is emptied: deleted for good"
GONE = "deleted for good"
NO_CHECKSUM = "no copy can be looked for: what bytes it had is not known"
NOT_LOOKED_FOR = "--copies FOLDER looks for a copy on a disk"
NO_ROOM = "deleted for good; a copy was found, but there is storage for {room} only"
NO_COPY = "no copy was found"
OUT_OF_SIGHT = "in a library that this key cannot see"
TRASHED_ELSEWHERE = "in the trash of another library, from which it has to be restored before it can be moved"
MOVING = "the key has to be allowed to write and to delete permanently, in both libraries"
NOT_KNOWN = "what became of it is not known"


@dataclass
class Photos:
    """What becomes of the photos of a plan; the steps of all others depend on it."""

    situation: Situation
    same: set[str] = field(default_factory=set)
    """Photos that come back with their id."""
    anew: set[str] = field(default_factory=set)
    """Photos that are uploaded: a new id stands for each."""
    told: set[str] = field(default_factory=set)
    """Photos that do not come back, of which that is said."""
    steps: list[Step] = field(default_factory=list)
    _sent: int = 0
    """Bytes of the uploads so far."""

    def __post_init__(self) -> None:
        found: dict[tuple[StepKind, str, str], list[str]] = defaultdict(list)
        for asset in self.situation.selection.ids("asset", *LOSSES):
            kind, reason, holder = self._judge(asset)
            found[kind, reason, holder].append(asset)
            if kind in (StepKind.RESTORE, StepKind.MOVE_BACK):
                self.same.add(asset)
            elif kind is StepKind.UPLOAD:
                self.anew.add(asset)
            elif kind is StepKind.IMPOSSIBLE:
                self.told.add(asset)
        for (kind, reason, holder), assets in found.items():
            if kind is StepKind.UPLOAD:
                self.steps += map(self._upload, assets)
            else:
                self.steps.append(Step(kind, "asset", tuple(assets), holder, reason=reason))
        self.steps += self._libraries()

    def is_live(self, asset_id: str) -> bool:
        """Whether a photo will be in the library, by this id or a new one."""
        if asset_id in self.same or asset_id in self.anew:
            return True
        twin = self.situation.alias("asset", asset_id)
        # Of what nothing is known without the service, the script looks whether it is there.
        return twin != asset_id or self.situation.presence(asset_id) in (Presence.LIVE, None)

    def absence(self, asset_id: str) -> str:
        """Why nothing can be done with a photo that will not be live."""
        is_trashed = self.situation.presence(asset_id) is Presence.TRASHED
        return IN_TRASH if is_trashed else "the photo is not in the library and does not come back"

    def keeps_faces(self, asset_id: str) -> bool:
        """Whether a photo will be in the library with the faces it had."""
        return asset_id in self.same or self.situation.presence(asset_id) is Presence.LIVE

    def _judge(self, asset: str) -> tuple[StepKind, str, str]:
        """What to do about a photo, why not, and the library to move it back from."""
        situation = self.situation
        about = situation.selection.about("asset", asset, *LOSSES)
        about = [placed for placed in about if placed.event.entity_type == "asset"]
        reach = span(about)
        if reach is None:  # only its metadata went
            return StepKind.NOTE, BACK, ""
        seen = states(situation.history.presence(asset), reach)
        now = None if seen.now is None else seen.now.value
        if ("asset", asset) in situation.successors or now is Presence.LIVE:
            return StepKind.NOTE, BACK, ""
        if now is Presence.GONE:
            return self._gone(asset)
        if seen.before is not None and seen.before.value is Presence.TRASHED and now is Presence.TRASHED:
            return StepKind.NOTE, IN_TRASH_BEFORE, ""
        if seen.standing(as_before=False) is Standing.CHANGED:
            return StepKind.NOTE, CHANGED, ""
        match now:
            case Presence.TRASHED:
                return StepKind.RESTORE, "", ""
            case Presence.MOVED:
                holder = situation.away.holders.get(asset, "")
                if asset in situation.away.trashed:
                    return StepKind.IMPOSSIBLE, TRASHED_ELSEWHERE, ""
                return (StepKind.MOVE_BACK, MOVING, holder) if holder else (StepKind.IMPOSSIBLE, OUT_OF_SIGHT, "")
            case _:
                return StepKind.IMPOSSIBLE, NOT_KNOWN, ""

    def _gone(self, asset: str) -> tuple[StepKind, str, str]:
        copies = self.situation.copies
        if copies is not None and asset in copies:
            return self._found(asset)
        why = TRASH_EMPTIED if self._was_trashed(asset) else GONE
        if not self.situation.file(asset):
            return StepKind.IMPOSSIBLE, f"{why}; {NO_CHECKSUM}", ""
        return StepKind.IMPOSSIBLE, f"{why}; {NOT_LOOKED_FOR if copies is None else NO_COPY}", ""

    def _was_trashed(self, asset: str) -> bool:
        """Whether a photo was in the trash right before it was deleted."""
        timeline = self.situation.history.presence(asset)
        deleted = [
            one for one in self.situation.history.about("asset", asset) if one.event.operation is Operation.DELETED
        ]
        before = timeline.at(timeline.cut_before(deleted[-1].place)) if deleted else None
        return before is not None and before.value is Presence.TRASHED

    def _found(self, asset: str) -> tuple[StepKind, str, str]:
        size, room = fields_of.count(self.situation.file(asset), "file_size_bytes") or 0, self.situation.room
        if room is not None and self._sent + size > room:
            return StepKind.IMPOSSIBLE, NO_ROOM.format(room=byte_size(room)), ""
        self._sent += size
        return StepKind.UPLOAD, "", ""

    def _upload(self, asset: str) -> Step:
        copies = self.situation.copies
        assert copies is not None
        fields = self.situation.last("asset", asset)
        others = copies[asset].others
        return Step(
            StepKind.UPLOAD,
            "asset",
            (asset,),
            name=fields_of.raw_id(fields, "original_file_name"),
            reason=f"the same bytes are also in {', '.join(map(str, others[:3]))}" if others else "",
            values={"path": str(copies[asset].path), **_file_values(asset, self.situation.file(asset), fields)},
        )

    def _libraries(self) -> Iterator[Step]:
        for library in self.situation.selection.ids("library", Operation.TRASHED):
            later = [
                placed.event.operation
                for placed in self.situation.history.about("library", library)
                if placed.event.operation in (Operation.TRASHED, Operation.RESTORED)
            ]
            if later[-1:] == [Operation.TRASHED]:
                yield Step(StepKind.RESTORE, "library", (library,))
            else:
                yield Step(StepKind.NOTE, "library", (library,), reason=BACK)


def _file_values(asset: str, data: Fields, fields: Fields) -> dict[str, Any]:
    """What is sent with a file: the original name and times as the journal knows them."""
    created = fields_of.raw_id(data, "file_created_at") or fields_of.raw_id(fields, "created_at")
    return {
        "checksum": fields_of.raw_id(data, "checksum"),
        "size": fields_of.count(data, "file_size_bytes"),
        "device_asset_id": fields_of.raw_id(data, "device_asset_id") or asset,
        "device_id": fields_of.raw_id(data, "device_id") or "gumnut-tui",
        "file_created_at": created,
        "file_modified_at": fields_of.raw_id(data, "file_modified_at") or created,
    }
