"""Brings back what was lost in a Gumnut library: an undo plan, to be run by a person with a key that may write.

It needs the official SDK (`pip install gumnut-sdk`) and a key with write access in the variable GUMNUT_API_KEY. Only to
move photos between libraries the key must be allowed to delete permanently as well, in both.

    python undo.py          checks every step and says what it would do; it only reads
    python undo.py --yes    does it

What is done already is left as it is, so it can be run again. It ends with 1 if something is missing.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, BinaryIO

try:
    from gumnut import APIStatusError, Gumnut, GumnutError
except ModuleNotFoundError:
    sys.exit("This needs the official SDK: pip install gumnut-sdk")

# The plan begins here.
LIBRARY: str | None = None
BASE_URL: str = ""
ABOUT: str = ""
AS_OF: str = ""
STEPS: list[dict[str, Any]] = []
# The plan ends here.

AT_ONCE = 200
LONGEST_WAIT = 3600
STORAGE_FULL = 507
ACTS = "--yes" in sys.argv[1:]

Step = dict[str, Any]

client = Gumnut(base_url=BASE_URL or None, max_retries=5)
new_ids: dict[tuple[str, str], str] = {}
"""The ids that stand now for those of before, by kind and id."""
missing: list[str] = []
"""What could not be done."""
full: list[str] = []
"""The upload for which there was no storage, if any."""
renamed: set[str] = set()
"""People that an earlier step takes a name from."""


def main() -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    print(ABOUT)
    if not client.api_key:
        print("Set GUMNUT_API_KEY to a key: to check, it need only read.")
        return 1
    print(f"{'Running' if ACTS else 'Checking'} the steps ({len(STEPS)}) of a plan as of {AS_OF}.", flush=True)
    for number, step in enumerate(STEPS, 1):
        print(f"{number}/{len(STEPS)} {step['says']}: ", end="", flush=True)
        try:
            print(plain(RUN[step["step"]](step)), flush=True)
        except (GumnutError, OSError) as error:
            if isinstance(error, APIStatusError) and error.status_code == STORAGE_FULL:
                full.append(step["says"])
            lose(step, f"failed: {error}")
            print(plain(f"failed: {error}"), flush=True)
    for words in missing:
        print(f"missing: {words}")
    if not ACTS:
        print("Nothing was changed. Run it with --yes to do it.")
    elif not missing:
        print("All done.")
    return 1 if missing else 0


def lose(step: Step, why: str) -> str:
    missing.append(plain(f"{step['says']}: {why}"))
    return why


def plain(words: str) -> str:
    """What a service or a file's name says, with nothing in it that a terminal would act on."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in words)


def do(words: str, call: Callable[[], object]) -> str:
    """Act, or say what would be done."""
    if not ACTS:
        return f"would {words}"
    before = len(missing)
    patiently(call)
    return f"done ({words})" if len(missing) == before else f"not all done ({words})"


def make(kind: str, step: Step, words: str, call: Callable[[], Any]) -> str:
    """Make something that stands from then on for the one of before."""
    return do(words, lambda: new_ids.update({(kind, step["ids"][0]): call().id}))


def patiently(call: Callable[[], Any]) -> Any:
    """Call, and again after the time the service asks for; the SDK itself waits a minute at most."""
    waited = 0.0
    while True:
        try:
            return call()
        except APIStatusError as error:
            seconds = seconds_asked(error.response.headers.get("retry-after", ""))
            if error.status_code not in (429, 502, 503) or seconds is None or waited + seconds > LONGEST_WAIT:
                raise
            print(f"waiting {seconds:.0f} s, as the service asks; ", end="", flush=True)
            time.sleep(seconds)
            waited += seconds


def seconds_asked(header: str) -> float | None:
    with suppress(ValueError):
        return max(1.0, float(header))
    with suppress(TypeError, ValueError):
        return max(1.0, parsedate_to_datetime(header).timestamp() - time.time())
    return None


def current(kind: str, old_id: str) -> str:
    """The id that stands for one of before."""
    return new_ids.get((kind, old_id), old_id)


def listed(read: Callable[..., Any], ids: Sequence[str], **more: Any) -> dict[str, Any]:
    """The entities that are there, by id."""
    found: dict[str, Any] = {}
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        page = patiently(partial(read, ids=some, limit=len(some), library_id=LIBRARY, **more))
        found.update((entity.id, entity) for entity in page)
    return found


def photos(ids: Sequence[str]) -> dict[str, Any]:
    """The photos that are in the library, in the trash or not, by their ids of now."""
    wanted = [current("asset", one) for one in ids]
    return listed(client.assets.list, wanted, state="all", include=["metadata", "faces"])


def live(ids: Sequence[str]) -> list[str]:
    """The ids of now of those photos that are there and not in the trash."""
    return [one for one, photo in photos(ids).items() if photo.trashed_at is None]


def lose_photos(step: Step, found: Iterable[str]) -> str:
    """Note the photos that are not there; before anything was done they may still come back, and words say so."""
    known = set(found)
    lost = [one for one in step["ids"] if current("asset", one) not in known]
    if not lost:
        return ""
    if ACTS:
        lose(step, f"not there: {len(lost)} of {len(step['ids'])} photos ({', '.join(lost[:5])})")
        return f"; not there: {len(lost)}"
    return f"; not there yet: {len(lost)}"


def restore(step: Step) -> str:
    if step["kind"] == "library":
        library = step["ids"][0]
        is_there = any(one.id == library for one in patiently(client.libraries.list))
        return "nothing to do" if is_there else do("restore it", lambda: client.libraries.restore(library))
    found = photos(step["ids"])
    lost = lose_photos(step, found)
    trashed = [one for one, photo in found.items() if photo.trashed_at is not None]
    if not trashed:
        return f"nothing to do{lost}"
    return do(f"restore {len(trashed)}", lambda: client.assets.restore(ids=trashed, library_id=LIBRARY)) + lost


def move_back(step: Step) -> str:
    here = photos(step["ids"])
    away = [one for one in step["ids"] if one not in here]
    if not away:
        return "nothing to do"

    def move() -> None:
        answer = client.assets.move(
            asset_ids=away, source_library_id=step["holder"], destination_library_id=LIBRARY or ""
        )
        for result in answer.data:
            if result.outcome == "failed":
                lose(step, f"{result.asset_id}: {result.failure}")

    return do(f"move {len(away)}", move)


def upload(step: Step) -> str:
    old_id, values = step["ids"][0], step["values"]
    if live([old_id]):
        return "nothing to do"
    if full:
        lose(step, "the storage is full")
        return "not tried, the storage is full"
    with open(values["path"], "rb") as file:
        if checksum(file) != values["checksum"]:
            return lose(step, f"{values['path']} is not the file any more")
        return do("upload it, unless the library has it", lambda: send(step, file))


def send(step: Step, file: BinaryIO) -> None:
    """Upload a file, which the service answers with the photo it has, also one in the trash, if it has those bytes."""
    old_id, values = step["ids"][0], step["values"]
    file.seek(0)
    # No more than one further try: each sends the whole file again.
    photo = client.with_options(max_retries=1).assets.create(
        asset_data=(step["name"] or os.path.basename(values["path"]), file),
        device_asset_id=values["device_asset_id"],
        device_id=values["device_id"],
        file_created_at=values["file_created_at"],
        file_modified_at=values["file_modified_at"],
        library_id=LIBRARY,
    )
    new_ids["asset", old_id] = photo.id
    if photo.trashed_at is not None:
        client.assets.restore(ids=[photo.id], library_id=LIBRARY)


def checksum(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return base64.b64encode(digest.digest()).decode()


def namesake(entities: Iterable[Any], name: str) -> Any:
    return next((one for one in entities if (one.name or "").strip().casefold() == name.strip().casefold()), None)


def create_album(step: Step) -> str:
    old_id, values = step["ids"][0], step["values"]
    album = namesake(patiently(lambda: list(client.albums.list(limit=AT_ONCE, library_id=LIBRARY))), values["name"])
    if album is not None and (album.description or "") == (values.get("description") or ""):
        new_ids["album", old_id] = album.id
        return "nothing to do"
    if album is not None:
        return lose(step, "an album of that name has another description")
    return make("album", step, "make it", partial(client.albums.create, **values, library_id=LIBRARY))


def there(kind: str, old_id: str | None, read: Callable[..., Any]) -> Any:
    """The entity that stands for one of before; None when it is not there (yet)."""
    if not old_id:
        return None
    return listed(read, [current(kind, old_id)]).get(current(kind, old_id))


def add_to_album(step: Step) -> str:
    album = there("album", step["holder"], client.albums.list)
    if album is None:
        return not_yet(step, f"add {len(step['ids'])}", "the album is not there")
    found = live(step["ids"])
    lost = lose_photos(step, found)
    rows = patiently(lambda: list(client.album_assets.list(album_id=album.id, limit=AT_ONCE, library_id=LIBRARY)))
    members = {row.asset_id for row in rows}
    wanted = [one for one in found if one not in members]
    if not wanted:
        if not found:
            return not_yet(step, f"add {len(step['ids'])}", "none of the photos is there")
        return f"nothing to do{lost}"

    def add() -> None:
        answer = client.albums.assets_associations.add(album.id, asset_ids=wanted)
        if answer.not_found_assets:
            lose(step, f"{len(answer.not_found_assets)} photos were not found")

    return do(f"add {len(wanted)}", add) + lost


def not_yet(step: Step, words: str, why: str) -> str:
    """What depends on an earlier step: said while checking, missing when that step has failed."""
    if not ACTS:
        return f"would {words}, after the steps above"
    return lose(step, why)


def set_cover(step: Step) -> str:
    album = there("album", step["holder"], client.albums.list)
    if album is None or not live(step["ids"]):
        return not_yet(step, "set it", "the album or the photo is not there")
    cover = current("asset", step["ids"][0])
    if album.album_cover_asset_id == cover:
        return "nothing to do"
    return do("set it", lambda: client.albums.update(album.id, album_cover_asset_id=cover))


def create_person(step: Step) -> str:
    old_id, values = step["ids"][0], step["values"]
    some = values["name"].strip()[:100]  # which a name holds; all of a long one fits into no address
    read = partial(client.people.list, name=some, include_hidden=True, limit=AT_ONCE, library_id=LIBRARY)
    person = namesake(patiently(lambda: list(read())), values["name"])
    if person is not None and person.id not in renamed:
        if not all(same(value, getattr(person, field)) for field, value in values.items() if field != "name"):
            return lose(step, "a person of that name has other values")
        new_ids["person", old_id] = person.id
        return "nothing to do"
    return make("person", step, "make the person", partial(client.people.create, **values, library_id=LIBRARY))


def same(wanted: Any, value: Any) -> bool:
    """Whether a field is as wanted: texts without outer blanks, times however they are written."""
    if isinstance(wanted, str) and isinstance(value, date):
        read = datetime.fromisoformat(wanted)
        return read == value if isinstance(value, datetime) else read.date() == value
    if isinstance(wanted, str) and isinstance(value, str):
        return wanted.strip() == value.strip()
    # No stars and the equator are values too.
    is_number = isinstance(wanted, (int, float)) and not isinstance(wanted, bool)
    return bool(wanted == value if is_number else (wanted or None) == (value or None))


def assign_face(step: Step) -> str:
    person = None
    if step["holder"]:
        found = there("person", step["holder"], client.people.list)
        if found is None:
            return not_yet(step, f"assign {len(step['ids'])}", "the person is not there")
        person = found.id
    faces = listed(client.faces.list, step["ids"])
    if ACTS and len(faces) < len(step["ids"]):
        lose(step, f"{len(step['ids']) - len(faces)} faces are not there")
    owners = {one: face.person_id for one, face in faces.items() if face.person_id != person}
    left = given_since(step, owners)
    words = lose(step, f"{len(left)} given to somebody else since, left alone") if left else "nothing to do"
    wanted = [one for one in owners if one not in left]
    if not wanted:
        return words if faces else not_yet(step, f"assign {len(step['ids'])}", "none of the faces is there")
    give = partial(client.faces.update, person_id=person, library_id=LIBRARY)
    return do(f"assign {len(wanted)}", lambda: [patiently(partial(give, face)) for face in wanted])


def given_since(step: Step, owners: dict[str, str | None]) -> set[str]:
    """The faces that somebody gave to a person since the plan was made; groups without a name the service makes."""
    others = {one for one in owners.values() if one} - set(step.get("was", {}).get("person_id", ()))
    named = {one for one, person in listed(client.people.list, sorted(others)).items() if person.name}
    return {face for face, owner in owners.items() if owner in named}


def create_face(step: Step) -> str:
    box, owner = step["values"]["bounding_box"], step["values"]["person_id"]
    photo = photos([step["holder"]]).get(current("asset", step["holder"]))
    person = there("person", owner, client.people.list)
    if photo is None or photo.trashed_at is not None or (owner and person is None):
        return not_yet(step, "draw it", "the photo or the person is not there")
    person_id = None if person is None else person.id
    for face in photo.faces or ():
        if dict(face.bounding_box) == box:
            new_ids["face", step["ids"][0]] = face.id
            if face.person_id == person_id:
                return "nothing to do"
            return do("assign it", partial(client.faces.update, face.id, person_id=person_id, library_id=LIBRARY))
    more: dict[str, Any] = {"person_id": person_id} if person_id else {}
    draw = partial(client.faces.create, asset_id=photo.id, bounding_box=box, **more, library_id=LIBRARY)
    return make("face", step, "draw it", draw)


def create_stack(step: Step) -> str:
    found = {one: photo for one, photo in photos(step["ids"]).items() if photo.trashed_at is None}
    lost = lose_photos(step, found)
    stacks = {photo.stack_id for photo in found.values() if photo.stack_id}
    free = [one for one, photo in found.items() if photo.stack_id is None]
    if len(stacks) == 1 and not free:
        return "nothing to do"
    read = listed(client.stacks.list_stacks, sorted({step["holder"], *stacks}), include=["asset_ids"])
    # A stack that somebody made of these and other photos is left alone.
    own = (one for one, stack in read.items() if one == step["holder"] or set(stack.asset_ids or ()) <= found.keys())
    into = next(own, None)
    if into and not free:
        return f"nothing to do{lost}"
    if into:
        return do(f"add {len(free)}", lambda: client.stacks.add_assets_to_stack(into, asset_ids=free)) + lost
    if len(free) < 2:
        return not_yet(step, f"stack {len(step['ids'])}", "fewer than two of its photos are there and free")
    cover = current("asset", step["values"].get("primary_asset_id", ""))
    more: dict[str, Any] = {"primary_asset_id": cover} if cover in free else {}
    make = partial(client.stacks.create_stack, asset_ids=free, **more, library_id=LIBRARY)
    return do(f"stack {len(free)}", make) + lost


def update(step: Step) -> str:
    kind, old_id, values = step["kind"], step["ids"][0], dict(step["values"])
    if kind == "asset":
        entity = photos([old_id]).get(current(kind, old_id))
    else:
        entity = there(kind, old_id, client.albums.list if kind == "album" else client.people.list)
    if entity is None:
        return not_yet(step, "set it", "it is not there")
    stand_in(step, values)
    held = entity.metadata if kind == "asset" else entity
    wanted = {field: value for field, value in values.items() if not same(value, getattr(held, field, None))}
    if left := changed_since(step, {field: getattr(held, field, None) for field in wanted}):
        words = lose(step, f"{', '.join(left)}: changed again since, left alone")
        wanted = {field: value for field, value in wanted.items() if field not in left}
        if not wanted:
            return words
    if {"latitude", "longitude"} & wanted.keys():
        wanted.update((field, values[field]) for field in ("latitude", "longitude"))
    if not wanted:
        return "nothing to do"
    if kind == "person" and "name" in wanted and not ACTS:
        renamed.add(entity.id)
    updates: dict[str, Any] = {"asset": client.assets.update_asset, "album": client.albums.update}
    change = updates.get(kind, client.people.update)
    return do(f"set {', '.join(wanted)}", lambda: change(entity.id, **wanted))


def changed_since(step: Step, held: dict[str, Any]) -> list[str]:
    """The fields that somebody changed since the plan was made; a place is one field."""
    was = step.get("was", {})
    left = [field for field, value in held.items() if field in was and not same(was[field], value)]
    place = {"latitude", "longitude"}
    return sorted(place.union(left)) if place & set(left) else left


def stand_in(step: Step, values: dict[str, Any]) -> None:
    """Put the ids of now into values that name a photo or a face, and leave out one that is not there."""
    for field, kind in (("album_cover_asset_id", "asset"), ("thumbnail_face_id", "face")):
        if not (old_id := values.get(field)):
            continue
        values[field] = current(kind, old_id)
        if not (live([old_id]) if kind == "asset" else listed(client.faces.list, [values[field]])):
            del values[field]
            if ACTS:
                lose(step, f"{old_id} is not there")


DOING = (
    restore, move_back, upload, create_album, add_to_album, set_cover, create_person, assign_face, create_face,
    create_stack, update,
)  # fmt: skip
RUN = {one.__name__: one for one in DOING}

if __name__ == "__main__":
    try:
        with client:
            sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped. Run it again: what is done already is left as it is.")
        sys.exit(130)
