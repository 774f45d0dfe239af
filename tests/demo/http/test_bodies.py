"""Bodies of requests: JSON fields and multipart forms."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.requests import Request

from gumnut_tui.demo.http import bodies
from gumnut_tui.demo.http.bodies import Body, read_form
from gumnut_tui.demo.http.refusals import Problem


def request_of(sent: httpx.Request) -> Request:
    """A request as the server gets it."""
    body = sent.read()
    headers = [(name.lower(), value) for name, value in sent.headers.raw]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": sent.method, "headers": headers}, receive)


@pytest.mark.parametrize("content", [b"\r\n--not a boundary\r\n", b"", bytes(range(256)) * 3, b"\n\r\n--"])
@pytest.mark.parametrize(
    "name", ["a.jpg", 'say "cheese"; filename=x.jpg', "tab\tand\nline.jpg", "C:\\b.jpg", "日本.jpg"]
)
async def test_forms_come_as_they_were_sent(name: str, content: bytes) -> None:
    """A file keeps each byte and its name, whatever is in them."""
    sent = httpx.Request(
        "POST", "https://x/", data={"device_id": "Ann’s phone"}, files={"asset_data": (name, content, "image/jpeg")}
    )
    form = await read_form(request_of(sent), "asset_data")
    assert (form.file_name, form.file) == (name, content)
    assert form.text("device_id") == "Ann’s phone"
    with pytest.raises(Problem) as refused:
        form.text("device_asset_id")
    assert refused.value.status == 422


async def test_a_form_without_its_file_is_refused() -> None:
    """As is what is no form at all."""
    sent = [
        httpx.Request("POST", "https://x/", data={"a": "b"}, files={"other": ("a.jpg", b"")}),
        httpx.Request("POST", "https://x/", json={}),
    ]
    for one in sent:
        with pytest.raises(Problem) as refused:
            await read_form(request_of(one), "asset_data")
        assert refused.value.status == 422


async def test_fields_of_a_body() -> None:
    """What is not sent is not given; null stays null; what does not fit is a 422 that names the field."""
    body = await Body.read(request_of(httpx.Request("POST", "https://x/", json={"name": None, "stars": 6, "x": 1})))
    assert body.given({"name": bodies.text, "description": bodies.text}) == {"name": None}
    for reader in (bodies.stars, bodies.text, bodies.flag, bodies.day, bodies.moment, bodies.degrees(5)):
        with pytest.raises(Problem) as refused:
            body.given({"stars": reader})
        assert isinstance(refused.value.detail, list)
        assert refused.value.detail[0]["loc"] == ["body", "stars"]
    with pytest.raises(Problem):
        body.refuse_null(["name"])


async def test_what_is_no_object_is_refused() -> None:
    """Broken JSON, and JSON that is no object."""
    for content in (b"{", b"[]", b"\xff"):
        with pytest.raises(Problem):
            await Body.read(request_of(httpx.Request("POST", "https://x/", content=content)))
