"""An entity's texts as they may be shown."""

from __future__ import annotations

from gumnut_tui.domain.fields import Fields
from gumnut_tui.formatting.escape import visible


def field_text(fields: Fields, key: str) -> str:
    """The text under `key`, escaped and stripped; empty when missing or not a text."""
    value = fields.get(key)
    return visible(value).strip() if isinstance(value, str) else ""
