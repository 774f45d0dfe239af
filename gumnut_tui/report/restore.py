"""Commands that would restore photos from the trash. This program only prints them; it never runs them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode

from gumnut_tui.domain.defaults import DEFAULT_BASE_URL, PAGE_LIMIT
from gumnut_tui.domain.key import KEY_HEADER
from gumnut_tui.report.model import Report, Restorable

RestoreCommand = Callable[[str, str | None, Sequence[str]], str]


def curl(base_url: str, library_id: str | None, asset_ids: Sequence[str]) -> str:
    """Shell commands, one for each chunk; the key is named by its variable, and must have write access."""
    scope = f"?{urlencode({'library_id': library_id})}" if library_id else ""
    url = shlex.quote(f"{base_url.rstrip('/')}/api/assets/restore{scope}")
    return "\n".join(
        f"curl -sS -f -X POST {url} \\\n"
        f"  -H {KEY_HEADER} -H 'Content-Type: application/json' \\\n"
        f"  --data {shlex.quote(json.dumps({'ids': chunk}))}"
        for chunk in _chunks(asset_ids)
    )


def python(base_url: str, library_id: str | None, asset_ids: Sequence[str]) -> str:
    """The same with the official SDK, which takes the key from GUMNUT_API_KEY."""
    # `ascii` writes a string as a Python literal without invisible characters.
    where = "" if base_url.rstrip("/") == DEFAULT_BASE_URL else f"base_url={base_url!a}"
    scope = f", library_id={library_id!a}" if library_id else ""
    ids = "".join(f"    {asset_id!a},\n" for asset_id in asset_ids)
    return (
        "from gumnut import Gumnut\n\n"
        f"client = Gumnut({where})\n"
        f"ids = [\n{ids}]\n"
        f"for start in range(0, len(ids), {PAGE_LIMIT}):\n"
        f"    client.assets.restore(ids=ids[start : start + {PAGE_LIMIT}]{scope})"
    )


COMMANDS: dict[str, RestoreCommand] = {"curl": curl, "python": python}
"""Format -> function that writes the command."""


def of_report(report: Report, kind: str) -> str:
    """The command for all photos of a report that are in the trash; empty without any."""
    return of_photos(report, report.restorable, kind)


def of_photos(report: Report, photos: Sequence[Restorable], kind: str) -> str:
    """The command for some photos of a report; empty without any, or without a server for it."""
    asset_ids, heading = [photo.asset_id for photo in photos], report.heading
    return COMMANDS[kind](heading.base_url, heading.library_id, asset_ids) if asset_ids and heading.base_url else ""


def _chunks(asset_ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(asset_ids), PAGE_LIMIT):
        yield list(asset_ids[start : start + PAGE_LIMIT])
