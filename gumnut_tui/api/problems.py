"""Maps an error status to one of our errors, with the server's own message if there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from gumnut_tui.domain import errors
from gumnut_tui.domain.errors import ApiProblem, clip
from gumnut_tui.domain.models import is_shallow

Kinds = Mapping[int, type[ApiProblem]]

API_KINDS: Kinds = {
    400: errors.BadRequest,
    401: errors.KeyRefused,
    403: errors.Forbidden,
    404: errors.NotFound,
    422: errors.ValidationFailed,
    429: errors.RateLimited,
}
PICTURE_KINDS: Kinds = {
    401: errors.NotFound,
    403: errors.NotFound,
    404: errors.NotFound,
    410: errors.NotFound,
    429: errors.RateLimited,
}
"""Pictures are fetched without the key, so a refusal says nothing about it: the picture is not there."""

REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id", "cf-ray")
DETAIL_LENGTH = 500
"""Characters kept of the server's message."""
LONGEST_READ = 1024 * 1024
"""Bytes of an error's body that is decoded; of a longer one the beginning is shown."""
LONGEST_WAIT = 366 * 86_400.0
"""Seconds; a longer wait means never."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def problem(
    asked: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    kinds: Kinds = API_KINDS,
    retry_after: float | None = None,
) -> ApiProblem:
    """The error for an error status."""
    kind = kinds.get(status, errors.ServerFailure if status >= 500 else ApiProblem)
    detail = clip(detail_of(body), DETAIL_LENGTH)
    request_id = next((headers[name] for name in REQUEST_ID_HEADERS if name in headers), None)
    return kind(
        asked,
        status,
        detail,
        clip(request_id, 64) if request_id else None,
        min(retry_after, LONGEST_WAIT) if retry_after is not None and retry_after > 0 else None,
    )


def detail_of(body: bytes) -> str:
    """The message in an error body of any known shape; the title of an HTML page."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    if len(body) > LONGEST_READ:
        return looks_like(body)
    try:
        if not is_shallow(body):
            return looks_like(body)
        value = msgspec.json.decode(body)
        if not isinstance(value, dict):
            return _words(value)
        return next((_words(value[name]) for name in ("detail", "message", "error") if value.get(name)), "")
    except (ValueError, RecursionError):
        return looks_like(body)


def looks_like(body: bytes) -> str:
    """A body that is not JSON in a few words: an HTML page by its title, other text as it is."""
    text = body[:4000].decode("utf-8", "replace").strip()
    if text[:1] != "<":
        return text
    title = re.search(r"<title[^>]*>(.*?)</title>", text, re.IGNORECASE | re.DOTALL)
    return f"an HTML page “{clip(title[1], 100)}”" if title else "an HTML page"


def _words(value: Any) -> str:
    match value:
        case str():
            return value
        case list():
            return "; ".join(words for item in value[:20] if (words := _words(item)))
        case {"msg": str(message), "loc": [*place]}:
            where = ".".join(str(part) for part in place if part not in ("query", "path"))
            return f"{where}: {message}" if where else message
        case {"message": str(message), **rest}:
            details = rest.get("details")
            return f"{message} ({_words(details)})" if details else message
        case {"field": str(field), "issue": str(issue)}:
            return f"{field}: {issue}"
        case {"code": str(code)}:
            return code
        case None:
            return ""
        case _:
            return msgspec.json.encode(value).decode()
