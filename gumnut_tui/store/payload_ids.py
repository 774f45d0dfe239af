"""The ids in payloads that decide to which action an event belongs, and the numbers they are compared by."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from gumnut_tui.store.packed import encoded


class Ids(msgspec.Struct, gc=False):
    """The ids in a payload that decide where an event belongs. Anything may be under these names."""

    asset_id: Any = None
    album_id: Any = None
    person_id: Any = None
    previous_person_id: Any = None
    stack_id: Any = msgspec.UNSET


_DECODE = msgspec.json.Decoder(Ids).decode
NO_IDS = Ids()
FACE_OF_NOBODY = b',"previous_person_id":null}'
"""How the payload of an assignment usually ends when the face was nobody's; no other payload that can be read does."""
ALBUM_LINK = re.compile(rb'\{"album_id":"([^"\\]*)","asset_id":"[^"\\]*"\}').match
"""Matches the payload of an album link in the usual form; its album is the first group. Others have to be decoded."""


def ids_in(payload: bytes) -> Ids:
    """The ids in a payload; none where it cannot be read."""
    if not payload:
        return NO_IDS
    try:
        return _DECODE(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return NO_IDS


def key_of(value: Any) -> int | None:
    """The number an id is known by here; None for no id. Two ids share one as good as never."""
    return hash(encoded(value)) if isinstance(value, str) and value else None
