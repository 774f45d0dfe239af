"""An account in which every string is out to do harm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from gumnut_tui.domain.models import Entity, EntityState, Event, Library, Presence
from tests.app.scripted import ScriptedClient
from tests.factories import NOW, make_event

# Half surrogate pairs are not among them: the client has made U+FFFD of those.
HOSTILE = {
    "controls": "a\x00b\x07c\x08d\x7fe\x85f\x9bg\rh\ni\tj",
    "escapes": "\x1b[31mred\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x1b\\\x1b[2J\x9b1m",
    "markup": "[bold red]x[/bold red][link=https://evil.example]y[/link][@click=app.quit]z[/][/]{[(<&",
    "bidi": "\u202egpj.exe\u202c\u2066a\u2069\u200f\u061c",
    "zero width": "a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg\u034fh",
    "long": "x" * 5000,
    "long and wide": "写真" * 2500,
    "emoji": "👨‍👩‍👧‍👦🏳️‍🌈❤️🇵🇹👍🏽" * 20,
    "replaced": "\ufffdx\ufffd",
    "stacked": "Z" + "\u0301\u0316" * 300,
    "separators": "a\u2028b\u2029c\u0085d\x1ce\x0bf\x0cg",
    "tags": "a\U000e0041\U000e0042\U000e007f\ufff9b\ufffa\U0001d173",
    "formula": '=HYPERLINK("https://evil.example";"x")',
    "nothing": "",
}
TEXTS = tuple(HOSTILE.values())


def fields(text: str) -> dict[str, Any]:
    """An entity all of whose fields are the text, or things made of it."""
    names = (
        "original_file_name", "name", "description", "mime_type", "local_datetime", "device_id", "kind", "role",
        "source", "origin", "thumbhash", "asset_id", "album_id", "person_id", "stack_id", "album_cover_asset_id",
        "primary_asset_id", "thumbnail_face_id", "birth_date", "start_date", "end_date", "file_created_at", text,
    )  # fmt: skip
    deep: Any = {text: text}
    for _ in range(20):
        deep = {text[:40]: [deep, text[:40]]}
    inner = {
        "id": text,
        "name": text,
        "make": text,
        "model": text,
        "city": text,
        "country": text,
        "display_label": text,
    }
    return {
        **dict.fromkeys(names, text),
        "id": text,
        "trashed_at": text,
        "width": text,
        "height": text,
        "file_size_bytes": text,
        "metadata": inner | {"lens": text, "rating": text, "latitude": text},
        "file_data": inner,
        "people": [inner],
        "faces": [inner],
        "asset_ids": [text],
        "asset_urls": {"thumbnail": {"url": text}, text: {"url": text}},
        "deep": deep,
    }


def events() -> list[Event]:
    """One event for every text in every place, and some of known types, whose cells are worded differently."""
    found = []
    known = (("asset", "asset_created"), ("album_asset", "album_asset_removed"), ("face", "face_updated"))
    for number, text in enumerate(TEXTS * 3):
        kind, event_type = known[number // len(TEXTS)]
        is_wild = number < len(TEXTS)
        found.append(
            make_event(
                number,
                cursor=f"{text}{number}",
                entity_type=text if is_wild else kind,
                entity_id=text,
                event_type=f"{text}_deleted" if is_wild else event_type,
                created_at=NOW - timedelta(minutes=len(TEXTS) * 3 - number),
                payload={"album_id": text, "asset_id": text, "person_id": text, text: [text]},
            )
        )
    return found


class HostileClient(ScriptedClient):
    """Answers everything with hostile strings."""

    def __init__(self) -> None:
        super().__init__(
            events(),
            entities=[],
            libraries=[Library(f"lib_{number}{text}", text) for number, text in enumerate(TEXTS)],
        )

    async def entities(self, kind: str, ids: Collection[str], library_id: str | None) -> dict[str, Entity]:
        return {each: Entity(kind, each, fields(each), NOW) for each in ids}

    async def entity(self, kind: str, entity_id: str, library_id: str | None) -> EntityState:
        known = Entity(kind, entity_id, fields(entity_id), NOW)
        return EntityState(kind, entity_id, Presence.TRASHED, NOW, known)

    async def albums_of(self, asset_id: str, library_id: str | None) -> list[Entity]:
        return [Entity("album", text, fields(text), NOW) for text in TEXTS]

    async def assets_of(self, kind: str, entity_id: str, library_id: str | None, *, limit: int) -> list[Entity]:
        return [Entity("asset", text, fields(text), NOW) for text in TEXTS]
