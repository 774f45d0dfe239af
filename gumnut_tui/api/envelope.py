"""Splits an answer into its parts without decoding them, so that only damaged parts of a damaged one are lost."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

import msgspec

from gumnut_tui.api.malformed import MOST_SPLIT, CutOff, elements, is_json, members, shown
from gumnut_tui.api.problems import BYTE_ORDER_MARK, looks_like
from gumnut_tui.domain.errors import AnswerTooLarge, ConnectionFailed, UnexpectedAnswer, clip

MOST_ELEMENTS = 2_000
"""Events or entities in one answer; ten times the most we ask for."""
Part = bytes | memoryview
"""A part of an answer, undecoded; a view where it may be large."""

MISSING = msgspec.Raw(b"")
"""In place of a member that is not there."""


@cache
def _parts() -> msgspec.json.Decoder[Any]:
    """Splits a list into its elements without decoding them; refuses one longer than `MOST_ELEMENTS`."""
    fields = [(f"at_{number}", msgspec.Raw, MISSING) for number in range(MOST_ELEMENTS)]
    return msgspec.json.Decoder(msgspec.defstruct("Parts", fields, array_like=True, forbid_unknown_fields=True))


class _Envelope(msgspec.Struct, kw_only=True):
    """The members of a page or a list, undecoded."""

    data: msgspec.Raw = MISSING
    has_more: msgspec.Raw = MISSING
    next_cursor: msgspec.Raw = MISSING
    as_of: msgspec.Raw = MISSING


_ENVELOPE = msgspec.json.Decoder(_Envelope)
_TEXT = msgspec.json.Decoder(str)


def without_mark(body: bytes) -> bytes:
    """The body in UTF-8 without the byte order mark that some servers send."""
    if body[:3] == BYTE_ORDER_MARK:
        return body[3:]
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") and len(body) <= MOST_SPLIT:
        return body.decode("utf-16", "replace").encode("utf-8", "replace")
    return body


def envelope_parts(asked: str, body: bytes) -> dict[str, Part]:
    """The members of an envelope, undecoded and not copied; missing ones are left out.

    Raises `UnexpectedAnswer`, `AnswerTooLarge`, and `ConnectionFailed` for one that was cut off.
    """
    try:
        found = _ENVELOPE.decode(body)
    except (ValueError, RecursionError) as error:
        if isinstance(error, msgspec.ValidationError) or body.lstrip()[:1] != b"{":
            raise unexpected(asked, body, "an object") from error
        return _broken_envelope(asked, body)
    views = {name: memoryview(getattr(found, name)) for name in _Envelope.__struct_fields__}
    return {name: view for name, view in views.items() if view.nbytes}


def _broken_envelope(asked: str, body: bytes) -> dict[str, Part]:
    """The same for a body that is invalid JSON in some place, most likely inside one element."""
    refuse_cut_off(asked, body)
    _need_short(asked, body)
    found = members(body.strip())
    if found.get("data", b"")[:1] != b"[":
        raise unexpected(asked, body, "JSON")
    return dict(found)


def refuse_cut_off(asked: str, body: bytes) -> None:
    """Raise `ConnectionFailed` when the body ends inside a list or an object: a retry may get all of it."""
    if body.lstrip()[:1] not in (b"{", b"[") or len(body) > MOST_SPLIT:
        return
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (ValueError, RecursionError):
        try:
            for _ in elements(body.strip()):
                pass
        except CutOff as error:
            raise ConnectionFailed(asked, f"the answer was cut off after {len(body):,} bytes") from error


def _need_short(asked: str, body: Part) -> None:
    """Raise `AnswerTooLarge` for a body that is damaged and too long to be split."""
    if len(body) > MOST_SPLIT:
        raise AnswerTooLarge(asked, f"JSON, or at most {MOST_SPLIT:,} bytes of anything else,", "the body", "more")


def list_parts(asked: str, envelope: Mapping[str, Part], name: str, what: str) -> list[bytes]:
    """The elements of a list, undecoded; none if it is missing.

    Raises `UnexpectedAnswer`, `AnswerTooLarge`, and `ConnectionFailed` for a list that was cut off.
    """
    text = envelope.get(name)
    if text is None:
        return []
    if text[:1] != b"[":
        raise UnexpectedAnswer(asked, "a list", name or "the top", _clipped(text))
    try:
        parts = [bytes(part) for part in msgspec.structs.astuple(_parts().decode(text)) if part is not MISSING]
    except msgspec.ValidationError:
        parts = []
        too_many = True
    except (ValueError, RecursionError):
        _need_short(asked, text)
        text = bytes(text)
        refuse_cut_off(asked, text)
        parts = list(islice(elements(text), MOST_ELEMENTS + 1))
        too_many = len(parts) > MOST_ELEMENTS
    else:
        too_many = False
    if too_many:
        raise UnexpectedAnswer(asked, f"at most {MOST_ELEMENTS:,} {what}", name or "the top", "more")
    return parts


def flag(asked: str, envelope: Mapping[str, Part], name: str) -> bool:
    """A member that is true or false; raises `UnexpectedAnswer` for any other, and for none."""
    text = envelope.get(name)
    if text not in (b"true", b"false"):
        raise UnexpectedAnswer(asked, "true or false", name, "nothing" if text is None else _clipped(text))
    return text == b"true"


def text_or_none(part: Part) -> str | None:
    """A cursor; None for null, an empty one, or anything but a string: then the last event's cursor is used."""
    try:
        return _TEXT.decode(part) or None
    except (ValueError, RecursionError):
        return None


def unexpected(asked: str, body: bytes, expected: str) -> UnexpectedAnswer:
    """The error for a body of another kind; raises `ConnectionFailed` for one that was cut off."""
    refuse_cut_off(asked, body)
    if is_json(body):
        return UnexpectedAnswer(asked, expected, "the top", _clipped(body))
    return UnexpectedAnswer(asked, "JSON", "the body", clip(looks_like(body)) or "an empty body")


def _clipped(part: Part) -> str:
    return clip(shown(bytes(part[:1000])))
