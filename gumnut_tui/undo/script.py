"""A plan as one Python file that needs the official SDK only; the program itself never runs it.

The file is `runner.py`, which is never imported here, with the plan's data in place of its empty own. Whatever comes
from a library stands in it as an ASCII literal, so that no name can break out of its quotes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pprint import pformat
from typing import Any

from gumnut_tui.formatting.interchange import utc_time
from gumnut_tui.undo.plan import Plan, Step
from gumnut_tui.undo.words import sentence, title

BEGIN, END = "# The plan begins here.\n", "# The plan ends here.\n"
WIDTH = 110
"""Characters that a line of the data has at most, where its texts allow it."""


def script_text(plan: Plan) -> str:
    """The whole file."""
    runner = files("gumnut_tui.undo").joinpath("runner.py").read_text("utf-8")
    head, rest = runner.split(BEGIN)
    return f"{head}{BEGIN}{''.join(_data(plan))}{END}{rest.split(END)[1]}"


def _data(plan: Plan) -> Iterator[str]:
    heading = plan.heading
    yield f"LIBRARY: str | None = {heading.library_id!a}\n"
    yield f"BASE_URL: str = {heading.base_url!a}\n"
    yield f"ABOUT: str = {title(plan)!a}\n"
    yield f"AS_OF: str = {utc_time(heading.as_of.replace(microsecond=0))!a}\n"
    yield "STEPS: list[dict[str, Any]] = [\n"
    for step in plan.acting:
        shown = _literal(_entry(step, plan)).replace("\n", "\n    ")
        yield f"    {shown},\n"
    yield "]\n"


def _entry(step: Step, plan: Plan) -> dict[str, Any]:
    return {
        "says": sentence(step, plan),
        "step": step.kind.value,
        "kind": step.entity_type,
        "ids": list(step.ids),
        "holder": step.holder,
        "name": step.name,
        # What was read as JSON is made of what Python can write as it is.
        "values": json.loads(json.dumps(dict(step.values))),
        **({"was": json.loads(json.dumps(dict(step.was)))} if step.was else {}),
    }


def _literal(value: Any) -> str:
    """The value as a Python literal in ASCII."""
    text = pformat(value, width=WIDTH, sort_dicts=False)
    return text.encode("ascii", "backslashreplace").decode("ascii")
