"""Whether the `[keys]` table of the config file can be used: its actions exist, its keys too, and no two are alike."""

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
"""Keys that stand for no character, as Textual calls them."""
_LATIN_SIGNS = (sign for sign in map(chr, range(0x21, 0x180)) if sign.isprintable() and not sign.isalnum())
SIGNS = {unicodedata.name(sign).lower().replace("-", "_").replace(" ", "_"): sign for sign in _LATIN_SIGNS} | {
    "slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_",
}  # fmt: skip
"""Signs by Textual's name for them: that of Unicode with underscores, or a shorter one."""
SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "return": "enter"}
"""Keys for which a terminal sends the same."""


def check_keymap(settings: Settings, actions: Mapping[str, str]) -> None:
    """Raise ConfigProblem for an action or a key that does not exist, and for a key that two actions would have.

    `actions` maps every action to the keys it has unless remapped, with commas between.
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
                raise ConfigProblem(f"{place}: both {other} and {name} would have the key {key}; change one of them.")


def identity(key: str) -> str | None:
    """What is the same for all ways to write a key; None for what is none."""
    *modifiers, base = key.split("+") if len(key) > 1 else [key]
    if not MODIFIERS.issuperset(modifiers):
        return None
    name = base if base in NAMED_KEYS else _character(base)
    if name is None:
        return None
    whole = "+".join([*sorted(modifiers), name])
    return SAME_KEYS.get(whole, whole)


def _character(base: str) -> str | None:
    """The character of a key's name."""
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
    """How a key is written that somebody is likely to have meant."""
    usual = {"esc": "escape", "del": "delete", "ins": "insert", "pgup": "pageup", "pgdn": "pagedown"}
    *modifiers, base = key.lower().replace("control", "ctrl").replace("-", "+").split("+")
    meant = "+".join([*modifiers, usual.get(base, base)])
    is_other = meant != key and identity(meant) is not None
    return f" (did you mean {meant}?)" if is_other else "; write it like q, ctrl+f, f5, pagedown or question_mark"
