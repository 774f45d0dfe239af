"""Refusals as the service words them: a status and a ``detail``, as text or in the validation shape."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


class Problem(Exception):
    """A request is refused with ``status`` and the JSON body ``{"detail": detail}``."""

    def __init__(self, status: int, detail: str | list[dict[str, Any]], headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def invalid(name: str, kind: str, message: str, value: Any, *, where: str = "query", **context: Any) -> Problem:
    """The 422 of a query parameter, or of a field `where` else, that failed validation, in the list shape."""
    item: dict[str, Any] = {"type": kind, "loc": [where, name], "msg": message, "input": value}
    if context:
        item["ctx"] = context
    return Problem(422, [item])


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """``value`` as a JSON answer."""
    return Response(msgspec.json.encode(value), status_code=status, headers=headers, media_type="application/json")


async def answer_problem(request: Request, error: Exception) -> Response:
    """Turn a :class:`Problem` or a routing error (404, 405) into its answer."""
    if isinstance(error, Problem):
        return json_response({"detail": error.detail}, error.status, error.headers)
    if isinstance(error, HTTPException):
        return json_response({"detail": error.detail}, error.status_code, dict(error.headers or {}))
    raise error
