"""People that were deleted or merged away, and faces that were removed or went to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from gumnut_tui.domain import fields as fields_of
from gumnut_tui.domain.fields import Fields
from gumnut_tui.domain.models import DEPARTURES, Operation
from gumnut_tui.report.history import Gone
from gumnut_tui.undo.comparison import Standing, States, states
from gumnut_tui.undo.photos import BACK, CHANGED, Photos
from gumnut_tui.undo.plan import Step, StepKind
from gumnut_tui.undo.selection import Span, span
from gumnut_tui.undo.situation import PERSON_FIELDS, Situation, given, taken_as

UNNAMED = "a person without a name: the service groups such faces again by itself, so they are left out"
NAME_TAKEN = "another person has the name now, with other values"
NAME_COMES_BACK = "another person of that name comes back, with other values"
NAME_UNKNOWN = "the person's name is not known; nothing from before was read"
NAME_INHERITED = "the name came with the merge"
PERSON_GONE = "the person is gone, and their deletion is not among what is undone"
BOX_UNKNOWN = "where on which photo the face was is not known"
OWNER_UNKNOWN = "whose it was is not known: that was before the journal began"
NOBODYS = "they were nobody's before"
FIRST_GIVEN = (
    "given to a person for the first time, as the service does by itself; --changes --types face takes that back, too"
)
FOUND_ANEW = "the service looks for the faces of an uploaded photo by itself"

Verdict = tuple[StepKind, str]


class People:
    """Plans people and faces."""

    def __init__(self, situation: Situation, photos: Photos) -> None:
        self._situation = situation
        self._photos = photos
        self._deleted = situation.selection.ids("person", Operation.DELETED)
        self._former: dict[str, list[str]] = defaultdict(list)
        """The deleted people a face was ever of."""
        for person in self._deleted:
            for face in situation.history.faces_once_of(person):
                self._former[face].append(person)
        self._values: dict[str, list[Any]] = {}
        """The own fields of the people that are made again, by the names they take."""
        self._faces_only = all(placed.event.kind == "face" for placed in situation.selection.events)
        """Only what happened to faces is undone: then also what may be the service's own doing."""
        self._made: set[str] = set()
        """People the plan makes again."""
        self._unnamed: set[str] = set()

    def steps(self) -> Iterator[Step]:
        """People to make, faces to give them, faces to draw, thumbnails, and what cannot be."""
        for person in self._deleted:
            if heir := self._situation.heir(person):
                name, values = self._name(person), {"name": heir[1]}
                had = {"name": fields_of.raw_id(self._situation.newcomers["person", heir[0]], "name")}
                yield Step(StepKind.UPDATE, "person", (heir[0],), person, name, NAME_INHERITED, values, had)
            yield self._person(person)
        assigned: dict[str, list[str]] = defaultdict(list)
        theirs: dict[str, list[str]] = defaultdict(list)
        told: dict[Verdict, list[str]] = defaultdict(list)
        for face in self._faces():
            verdict = self._face(face)
            if isinstance(verdict, Step):
                yield verdict
                theirs[verdict.values.get("person_id") or ""].append(face)
            elif isinstance(verdict, str):
                assigned[verdict].append(face)
                theirs[verdict].append(face)
            elif verdict is not None:
                told[verdict].append(face)
        for person, faces in assigned.items():
            reason = "" if person else NOBODYS
            owners = {owner: None for face in faces if isinstance(owner := self._owner_now(face), str)}
            was = {"person_id": list(owners)} if owners else {}
            yield Step(StepKind.ASSIGN_FACE, "face", tuple(faces), person, self._name(person), reason, was=was)
        yield from self._thumbnails(theirs)
        for (kind, reason), faces in told.items():
            yield Step(kind, "face", tuple(faces), reason=reason)

    def _name(self, person: str) -> str:
        return fields_of.raw_id(self._situation.last("person", person), "name") if person else ""

    def _person(self, person: str) -> Step:
        situation = self._situation
        fields = situation.last("person", person)
        name = fields_of.raw_id(fields, "name")
        if not name.strip():
            self._unnamed.add(person)
            reason = UNNAMED if fields else NAME_UNKNOWN
            return Step(StepKind.NOTE if fields else StepKind.IMPOSSIBLE, "person", (person,), reason=reason)
        if ("person", person) in situation.successors:
            return Step(StepKind.NOTE, "person", (person,), name=name, reason=BACK)
        if situation.namesake("person", name) is not None and situation.heir(person) is None:
            self._unnamed.add(person)
            return Step(StepKind.IMPOSSIBLE, "person", (person,), name=name, reason=NAME_TAKEN)
        others = [fields.get(field) or None for field in PERSON_FIELDS[1:]]
        if self._values.setdefault(taken_as(name), others) != others:
            self._unnamed.add(person)
            return Step(StepKind.IMPOSSIBLE, "person", (person,), name=name, reason=NAME_COMES_BACK)
        self._made.add(person)
        values = given(fields, PERSON_FIELDS)
        return Step(StepKind.CREATE_PERSON, "person", (person,), name=name, values=values)

    def _faces(self) -> list[str]:
        """The faces that the selected events may have taken from somebody, or removed."""
        history, selection = self._situation.history, self._situation.selection
        faces = selection.ids("face", Operation.DELETED)
        if self._situation.changes:
            faces += selection.ids("face", Operation.UPDATED)
        faces += self._former
        for asset in selection.ids("asset", *DEPARTURES):
            faces += history.faces_on.get(asset, ())
        return list(dict.fromkeys(faces))

    def _owner(self, face: str) -> States[Any] | None:
        """Whose a face was and is, around the events about it, its photo and its people; None without one."""
        reach = self._reach(face)
        return None if reach is None else states(self._situation.history.owner(face), reach)

    def _owner_now(self, face: str) -> Any:
        timeline = self._situation.history.owner(face)
        now = timeline.at(timeline.end)
        return None if now is None else now.value

    def _reach(self, face: str) -> Span | None:
        """The selected events about a face, its photo and its people."""
        selection = self._situation.selection
        photo = self._situation.history.face_photos.get(face, "")
        deleted = [selection.about("person", person, Operation.DELETED) for person in self._former.get(face, ())]
        own = selection.about("face", face, Operation.DELETED, Operation.UPDATED)
        return span(own, self._situation.departures(photo), *deleted)

    def _face(self, face: str) -> Step | str | Verdict | None:
        """A face to draw, the id of the person to give a face to (empty for nobody), or why neither."""
        seen = self._owner(face)
        if seen is None:
            return None
        if seen.before is None:
            return StepKind.IMPOSSIBLE, OWNER_UNKNOWN
        owner = seen.before.value
        if owner is Gone.GONE or owner in self._unnamed:
            return None
        if owner is None and self._situation.is_new("face", face):
            return None  # it was nobody's only because it had just been found
        if owner is None and not self._faces_only and seen.now is not None and isinstance(seen.now.value, str):
            return StepKind.IMPOSSIBLE, FIRST_GIVEN
        photo = self._situation.history.face_photos.get(face, "")
        now = None if seen.now is None else seen.now.value
        if now is Gone.GONE and photo and not self._photos.keeps_faces(photo):
            return self._anew(face, photo, owner)
        if now is Gone.GONE and not self._comes_with(face, photo):
            return self._drawn(face, photo, owner, seen)
        return self._given(face, owner, seen)

    def _comes_with(self, face: str, photo: str) -> bool:
        """Whether a face that is away now comes back with its photo, or did so without anybody giving it away since."""
        if self._situation.is_deleted("face", face):
            return False
        history = self._situation.history
        last = max((change.place for change in history.owner(face).changes), default=None)
        return photo in self._photos.same or any(placed.place == last for placed in history.arrivals(photo))

    def _given(self, face: str, owner: str | None, seen: States[Any]) -> str | Verdict | None:
        """A face that is there, or comes back with its photo, and belonged to a person or to nobody."""
        situation = self._situation
        photo = situation.history.face_photos.get(face, "")
        comes = self._comes_with(face, photo)
        if comes and owner is None:
            return None
        wanted = None if owner is None else situation.alias("person", owner)
        now = None if seen.now is None else seen.now.value
        standing = seen.standing(as_before=now == wanted and photo not in self._photos.same)
        if standing is Standing.BACK:
            return None if owner in self._deleted else (StepKind.NOTE, BACK)
        if standing is Standing.CHANGED and not comes and not (owner and self._is_unnamed(now)):
            return StepKind.NOTE, CHANGED
        if not self._photos.keeps_faces(photo):
            return StepKind.IMPOSSIBLE, self._photos.absence(photo)
        return self._for_owner(owner)

    def _is_unnamed(self, person: Any) -> bool:
        """Whether this is a group of faces that nobody named: the service makes such by itself of what is nobody's."""
        fields = self._situation.history.latest("person", person) if isinstance(person, str) else None
        return fields is not None and not fields_of.raw_id(fields, "name").strip()

    def _for_owner(self, owner: str | None) -> str | Verdict:
        if owner is None or self._will_be(owner):
            return owner or ""
        return StepKind.IMPOSSIBLE, PERSON_GONE

    def _will_be(self, person: str) -> bool:
        situation = self._situation
        if person in self._made or ("person", person) in situation.successors:
            return True
        return not situation.is_deleted("person", person)

    def _drawn(self, face: str, photo: str, owner: str | None, seen: States[Any]) -> Step | Verdict | None:
        """A face that was removed from a photo that is there."""
        fields = self._situation.last("face", face)
        box = box_of(fields)
        if not photo or box is None:
            return StepKind.IMPOSSIBLE, BOX_UNKNOWN
        if self._is_drawn(face, photo, box, owner):
            return StepKind.NOTE, BACK
        if seen.is_changed:
            return StepKind.NOTE, CHANGED
        if not self._photos.is_live(photo):
            return StepKind.IMPOSSIBLE, self._photos.absence(photo)
        return self._draw(face, photo, owner, box)

    def _anew(self, face: str, photo: str, owner: str | None) -> Step | Verdict | None:
        """A face of a photo that is gone: drawn by hand it is lost, else the service finds it again."""
        if not self._photos.is_live(photo):
            return None  # said of the photo
        fields = self._situation.last("face", face)
        box = box_of(fields)
        if fields.get("source") != "manual" or box is None:
            return StepKind.NOTE, FOUND_ANEW
        if self._is_drawn(face, self._situation.alias("asset", photo), box, owner):
            return None
        return self._draw(face, photo, owner, box)

    def _draw(self, face: str, photo: str, owner: str | None, box: Mapping[str, int]) -> Step | Verdict:
        if owner is not None and not self._will_be(owner):
            return StepKind.IMPOSSIBLE, PERSON_GONE
        values = {"bounding_box": dict(box), "person_id": owner}
        return Step(StepKind.CREATE_FACE, "face", (face,), photo, self._name(owner or ""), values=values)

    def _is_drawn(self, face: str, photo: str, box: Mapping[str, int], owner: str | None) -> bool:
        """Whether another face of the same person is there in its place."""
        wanted = None if owner is None else self._situation.alias("person", owner)
        faces = fields_of.groups(self._situation.history.latest("asset", photo) or {}, "faces")
        return any(
            fields_of.raw_id(one, "id") != face
            and box_of(one) == box
            and (fields_of.raw_id(one, "person_id") or None) == wanted
            for one in faces
        )

    def _thumbnails(self, theirs: Mapping[str, list[str]]) -> Iterator[Step]:
        """The faces that people showed, of those they get back."""
        for person, faces in theirs.items():
            face = self._thumbnail(person, faces) if person else ""
            if face:
                values = {"thumbnail_face_id": face}
                yield Step(StepKind.UPDATE, "person", (person,), name=self._name(person), values=values)

    def _thumbnail(self, person: str, faces: list[str]) -> str:
        if person not in self._made:
            return self._situation.lost_choice("person", person, "thumbnail_face_id", faces)
        field, reach = "thumbnail_face_id", span(self._situation.selection.about("person", person, Operation.DELETED))
        chosen = self._situation.choice_before("person", person, field, reach) if reach else ""
        face = chosen or fields_of.raw_id(self._situation.last("person", person), field)
        return face if face in faces else ""


def box_of(face: Fields) -> dict[str, int] | None:
    """Where on its photo a face is, in pixels as displayed; None when it is not known."""
    box = fields_of.group(face, "bounding_box")
    found = {side: fields_of.count(box, side) for side in "xywh"}
    return {side: size for side, size in found.items() if size is not None} if None not in found.values() else None
