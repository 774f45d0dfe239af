"""Reading an entity's fields as the service sent them: any of them may be missing, null or of another type."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Fields = Mapping[str, Any]

_NOTHING: Fields = {}


def raw_id(fields: Fields, key: str) -> str:
    """The id under `key` as received, to ask the service with; empty when there is none."""
    value = fields.get(key)
    return value if isinstance(value, str) else ""


def amount(fields: Fields, key: str) -> float | None:
    """The finite number under `key`; None when missing or something else."""
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def count(fields: Fields, key: str) -> int | None:
    """The whole number under `key`, not below 0; None when missing or something else."""
    value = amount(fields, key)
    return None if value is None or value < 0 else int(value)


def group(fields: Fields, key: str) -> Fields:
    """The object under `key`; empty when missing or something else."""
    value = fields.get(key)
    return value if isinstance(value, Mapping) else _NOTHING


def groups(fields: Fields, key: str) -> Sequence[Fields]:
    """The objects in the list under `key`; empty when missing or something else."""
    value = fields.get(key)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def ids(fields: Fields, key: str) -> list[str]:
    """The ids in the list under `key`; empty when missing or something else."""
    value = fields.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []


def wall_moment(fields: Fields, key: str) -> datetime | None:
    """The time under `key` as written, which may lack a zone; None when missing or unreadable."""
    value = fields.get(key)
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def moment(fields: Fields, key: str) -> datetime | None:
    """The time under `key`, taken as UTC when it has no zone; None when missing or unreadable."""
    value = wall_moment(fields, key)
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value
