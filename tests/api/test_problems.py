"""Errors from answers."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumnut_tui.api.problems import PICTURE_KINDS, detail_of, problem
from gumnut_tui.domain import errors
from gumnut_tui.domain.redaction import HIDDEN, remember_secret


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.KeyRefused),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.ApiProblem),
        (422, errors.ValidationFailed),
        (429, errors.RateLimited),
        (500, errors.ServerFailure),
        (507, errors.ServerFailure),
        (304, errors.ApiProblem),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[errors.ApiProblem]) -> None:
    """The class tells what to do; the status stays readable."""
    error = problem("GET /api/x", status, {}, b"{}")
    assert type(error) is kind
    assert error.status == status


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"detail": "JWT has expired"}, "JWT has expired"),
        ({"detail": [{"loc": ["query", "limit"], "msg": "too large", "type": "t"}]}, "limit: too large"),
        ({"detail": [{"loc": ["query", "ids", 3], "msg": "bad"}, {"loc": [], "msg": "two"}]}, "ids.3: bad; two"),
        ({"error": "not_found", "message": "No such asset"}, "No such asset"),
        ({"error": "not_found"}, "not_found"),
        (
            {"error": {"code": "bad", "message": "Broken", "details": {"field": "ids", "issue": "long"}}},
            "Broken (ids: long)",
        ),
        ({"error": {"code": "bad"}}, "bad"),
        ({"detail": {"anything": 1}}, '{"anything":1}'),
        ({"detail": None, "message": "second choice"}, "second choice"),
        ({"other": 1}, ""),
        ("just text", "just text"),
        ([], ""),
        (None, ""),
    ],
)
def test_each_body_shape_gives_its_words(body: Any, detail: str) -> None:
    """`detail`, then `message`, then `error`, each in the shapes that were seen."""
    assert detail_of(msgspec.json.encode(body)) == detail


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", ""),
        (b"upstream timeout", "upstream timeout"),
        (b"<html><head><TITLE>502 Bad\n Gateway</title>", "an HTML page “502 Bad Gateway”"),
        (b"<!doctype html><p>hi", "an HTML page"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_bodies_that_are_no_json(body: bytes, detail: str) -> None:
    """A proxy's page is named by its title, other text stands as it is."""
    assert detail_of(body) == detail


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_body_breaks_the_reading(body: bytes) -> None:
    """Every body gives some text."""
    assert isinstance(detail_of(body), str)


def test_words_are_clipped_and_the_request_id_is_kept() -> None:
    """A long detail does not flood the screen; the id one may quote to the support is kept."""
    error = problem("GET /api/x", 500, {"x-request-id": "req_1"}, msgspec.json.encode({"detail": "a" * 9000}))
    assert len(error.detail) == 500
    assert error.request_id == "req_1"


def test_secrets_are_hidden_in_words_and_request_ids() -> None:
    """A server that quotes the key back does not get it printed."""
    remember_secret("s3cr3t-value")
    error = problem("GET /api/x", 401, {"x-request-id": "s3cr3t-value"}, b'{"detail": "s3cr3t-value?"}')
    assert (error.detail, error.request_id) == (f"{HIDDEN}?", HIDDEN)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refused_picture_is_a_picture_that_is_not_there(status: int) -> None:
    """Pictures carry no key, so their host cannot refuse it."""
    assert type(problem("GET picture", status, {}, b"", kinds=PICTURE_KINDS)) is errors.NotFound
