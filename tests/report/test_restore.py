"""Commands that bring photos back: complete, in chunks, safe to paste, and never sent by this program."""

from __future__ import annotations

import ast
import json
import shlex
import subprocess
import sys

import pytest

from gumnut_tui.report.restore import curl, of_report, python
from tests.report.cases import Service, happened, photo, report_on, trashed

BASE = "https://api.gumnut.ai"
HOSTILE = "asset_'; rm -rf ~; echo \"$HOME`id`\\\n\u202e"


def sent_by_curl(command: str) -> list[tuple[str, list[str]]]:
    """Address and ids of each cURL of a command, as a shell would hand them on."""
    words = shlex.split(command.replace("\\\n", " "))
    starts = [index for index, word in enumerate(words) if word == "curl"]
    calls = [words[start:stop] for start, stop in zip(starts, [*starts[1:], len(words)], strict=True)]
    return [(call[call.index("POST") + 1], json.loads(call[call.index("--data") + 1])["ids"]) for call in calls]


def test_ids_go_in_chunks_of_200() -> None:
    """The service takes no more in one request."""
    ids = [f"asset_{number}" for number in range(450)]
    calls = sent_by_curl(curl(BASE, "lib_1", ids))
    assert [len(chunk) for _, chunk in calls] == [200, 200, 50]
    assert [one for _, chunk in calls for one in chunk] == ids
    assert {address for address, _ in calls} == {f"{BASE}/api/assets/restore?library_id=lib_1"}


def test_the_key_is_a_variable() -> None:
    """Expanded by the shell alone: it stands in double quotes."""
    assert '"Authorization: Bearer $GUMNUT_API_KEY"' in curl(BASE, None, ["asset_1"])


def test_hostile_ids_stay_one_word() -> None:
    """Whatever an id holds, neither the shell nor Python does more than pass it on."""
    assert sent_by_curl(curl(BASE, HOSTILE, [HOSTILE]))[0][1] == [HOSTILE]
    tree = ast.parse(python(BASE, HOSTILE, [HOSTILE]))
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert literals.count(HOSTILE) == 2
    for text in (curl(BASE, HOSTILE, [HOSTILE]), python(BASE, HOSTILE, [HOSTILE])):
        assert text.isascii()
        assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("base", [BASE, "http://localhost:8000"])
def test_the_snippet_calls_the_official_sdk(base: str) -> None:
    """Run against the SDK's own classes, it restores every id, 200 at a time, where the library is."""
    ids = [f"asset_{number}" for number in range(201)]
    stage = (
        "import gumnut, json\n"
        "calls = []\n"
        "class Assets:\n"
        "    def restore(self, *, ids, library_id): calls.append([library_id, len(ids)])\n"
        "real = gumnut.Gumnut\n"
        "class Stand(real):\n"
        "    assets = Assets()\n"
        "gumnut.Gumnut = Stand\n"
    )
    program = f"{stage}{python(base, 'lib_1', ids)}\nprint(json.dumps([calls, str(client.base_url)]))"
    environ = {"GUMNUT_API_KEY": "apikey_x"}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environ, check=True)
    calls, address = json.loads(ran.stdout)
    assert calls == [["lib_1", 200], ["lib_1", 1]]
    assert address.rstrip("/") == base


def test_a_report_restores_what_is_in_the_trash() -> None:
    """Each photo once; nothing to restore is no command."""
    events = [happened("asset_trashed", f"asset_{number}", index) for index, number in enumerate((1, 2, 1))]
    report = report_on(events, Service([trashed("asset_1"), photo("asset_2")]))
    assert [ids for _, ids in sent_by_curl(of_report(report, "curl"))] == [["asset_1"]]
    assert of_report(report_on(events, Service()), "curl") == ""
