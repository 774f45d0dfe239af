"""Checks the `[keys]` table of the config file: actions and keys exist, and no two actions share a key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from gumnut_tui.config.settings import Settings, suggest
from gumnut_tui.domain.errors import ConfigProblem, clip

MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
NAMED_KEYS = frozenset(
    {"escape", "return", "enter", "tab", "space", "backspace", "insert", "delete", "home", "end", "pageup", "pagedown",
     "left", "right", "up", "down", "menu", "pause", "print_screen", *(f"f{number}" for number in range(1, 36))}
)  # fmt: skip
"""Keys without a character, by Textual's names."""
_LATIN_SIGNS = (sign for sign in map(chr, range(0x21, 0x180)) if sign.isprintable() and not sign.isalnum())
SIGNS = {unicodedata.name(sign).lower().replace("-", "_").replace(" ", "_"): sign for sign in _LATIN_SIGNS} | {
    "slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_",
}  # fmt: skip
"""Punctuation by Textual's name: that of Unicode with underscores, or a shorter one."""
SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "return": "enter"}
"""Keys that a terminal cannot distinguish."""


def check_keymap(settings: Settings, actions: Mapping[str, str]) -> None:
    """Raise ConfigProblem for an unknown action or key, and for a key of two actions.

    `actions` maps every action to its default keys, separated by commas.
    """
    place = f"{settings.config_path}, table [keys]"
    for name, keys in settings.keys.items():
        if name not in actions:
            raise ConfigProblem(f"{place}: there is no action '{clip(name, 60)}'{suggest(name, actions)}.")
        for key in keys.split(","):
            if identity(key) is None:
                raise ConfigProblem(f"{place}, action {name}: there is no key '{clip(key, 60)}'{_key_hint(key)}.")
    owners: dict[str, str] = {}
    for name, keys in {**actions, **settings.keys}.items():
        for key in keys.split(","):
            other = owners.setdefault(identity(key) or key, name)
            if other != name:
                raise ConfigProblem(f"{place}: both {other} and {name} have the key {key}; change one of them.")


def identity(key: str) -> str | None:
    """One form for all spellings of a key; None for what is not a key."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    if not MODIFIERS.issuperset(modifiers):
        return None
    name = base if base in NAMED_KEYS else _character(base)
    if name is None:
        return None
    whole = "+".join([*sorted(modifiers), name])
    return SAME_KEYS.get(whole, whole)


def _character(base: str) -> str | None:
    """The character that a key's name means."""
    if len(base) == 1:
        return base if base.isprintable() and base != " " else None
    if base in SIGNS:
        return SIGNS[base]
    try:
        character = unicodedata.lookup(base.replace("_", " "))
    except KeyError:
        return None
    # Unicode has names for control characters too: ESC, DEL.
    return character if character.isprintable() else None


def _key_hint(key: str) -> str:
    """A hint at how the key that was probably meant is written."""
    usual = {"esc": "escape", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown"}
    *modifiers, base = key.lower().replace("control", "ctrl").replace("-", "+").split("+")
    meant = "+".join([*modifiers, usual.get(base, base)])
    is_other = meant != key and identity(meant) is not None
    return f" (did you mean {meant}?)" if is_other else "; write it like q, ctrl+f, f5, pagedown or question_mark"
