"""The forms a plan is written in: text for a terminal, Markdown, one JSON object a step, a script to run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

from gumnut_tui.formatting.interchange import encoded, json_line, markdown_text
from gumnut_tui.undo.plan import Plan, Step
from gumnut_tui.undo.script import script_text
from gumnut_tui.undo.words import TITLES, plan_lines

FORMATS = ("table", "md", "jsonl", "python")
ENDINGS = {".md": "md", ".markdown": "md", ".jsonl": "jsonl", ".py": "python", ".txt": "table"}
"""File extension -> format."""


def format_of(path: Path) -> str | None:
    """The format by a file's extension; None for an unknown one."""
    return ENDINGS.get(path.suffix.lower())


def plan_chunks(
    plan: Plan, form: str, zone: tzinfo, now: datetime, *, encoding: str = "utf-8", for_terminal: bool = False
) -> Iterator[bytes]:
    """The plan in a format of FORMATS, in chunks; `for_terminal` escapes what a terminal would act on."""
    match form:
        case "jsonl":
            for step in plan.steps:
                yield json_line(json.dumps(_row(step)).encode(), for_terminal=for_terminal) + b"\n"
        case "python":
            yield script_text(plan).encode()
        case "md":
            yield from encoded(f"{line}\n" for line in _markdown(plan, zone, now))
        case _:
            for fact in plan_lines(plan, zone, now):
                line = f"{fact.label:>4} {fact.value}" if fact.label else f"  {fact.value}".rstrip()
                yield f"{line}\n".encode(encoding, "replace")


def _row(step: Step) -> dict[str, object]:
    row: dict[str, object] = {
        "step": step.kind.value,
        "entity_type": step.entity_type,
        "ids": step.ids,
        "name": step.name,
        "reason": step.reason,
    }
    if step.holder:
        row["holder"] = step.holder
    if step.values:
        row["values"] = dict(step.values)
    if step.was:
        row["was"] = dict(step.was)
    return row


def _markdown(plan: Plan, zone: tzinfo, now: datetime) -> Iterator[str]:
    yield "# Undo plan"
    yield ""
    for fact in plan_lines(plan, zone, now):
        text = markdown_text(fact.value.strip())
        if not fact.value:
            yield ""
        elif fact.label:
            yield f"{fact.label} {text}"
        elif fact.value in TITLES:
            yield f"## {text}"
            yield ""
        elif fact.value.startswith("· "):
            yield f"- {markdown_text(fact.value[2:])}"
        elif fact.value.startswith("   "):
            yield f"   {text}"
        else:
            yield text
            yield ""
