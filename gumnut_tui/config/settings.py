"""Settings: a pure function of flags, environment and config file, each remembering where its value came from.

Flag > environment > profile > config file > default. The config file is TOML and checked strictly, so that a mistake in
it is an error that says where, never a setting silently ignored. The API key is never a flag: it would show up in the
list of processes.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import msgspec

from gumnut_tui.config import values
from gumnut_tui.config.files import open_without_waiting
from gumnut_tui.config.values import Order, ViewMode
from gumnut_tui.domain.defaults import (
    DEFAULT_BASE_URL,
    INCIDENT_PAUSE,
    INCIDENT_SIZE,
    LONGEST_WAIT_SECONDS,
    POLL_SECONDS,
    RETENTION_DAYS,
    SLACK_SECONDS,
)
from gumnut_tui.domain.errors import TRACEBACK_VARIABLE, ConfigProblem, UsageProblem, clip
from gumnut_tui.domain.key import Key
from gumnut_tui.domain.redaction import remember_secret

if TYPE_CHECKING:
    from gumnut_tui.domain.incidents import IncidentRules

MAX_FILE_BYTES = 1_000_000
"""A larger file is no config file."""


class Source(Enum):
    """Where a value came from, strongest first."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    PROFILE = "profile"
    FILE = "config file"
    DEFAULT = "default"


class Origin(NamedTuple):
    """Where a value came from, and its exact name there: `--library`, `GUMNUT_TUI_LIBRARY`, `[profiles.work]`."""

    source: Source
    name: str = ""

    def __str__(self) -> str:
        return f"{self.source.value} {self.name}".rstrip()


DEFAULT_ORIGIN = Origin(Source.DEFAULT)


class SettingSpec(NamedTuple):
    """One setting: how its value is read, and its names outside the config file."""

    name: str
    read: Callable[[object], Any]
    """From a string or a TOML value; raises ValueError saying what was expected."""
    variable: str | None = None
    flag: str | None = None
    in_profile: bool = True
    secret: bool = False
    """The value never appears in a message."""


SETTINGS = {
    spec.name: spec
    for spec in (
        SettingSpec("base_url", values.base_url, "GUMNUT_BASE_URL"),
        SettingSpec("headers", values.headers, "GUMNUT_CUSTOM_HEADERS", secret=True),
        SettingSpec("key", values.key, "GUMNUT_API_KEY", secret=True),
        SettingSpec("key_command", values.key_command, "GUMNUT_TUI_KEY_COMMAND", secret=True),
        SettingSpec("library", values.text, "GUMNUT_TUI_LIBRARY", "--library"),
        SettingSpec("since", values.since, "GUMNUT_TUI_SINCE", "--since"),
        SettingSpec("order", values.order, "GUMNUT_TUI_ORDER", "--order"),
        SettingSpec("view", values.view, "GUMNUT_TUI_VIEW"),
        SettingSpec("timezone", values.timezone, "GUMNUT_TUI_TZ", "--tz"),
        SettingSpec("utc", values.boolean, "GUMNUT_TUI_UTC", "--utc"),
        SettingSpec("poll_interval", values.poll_interval, "GUMNUT_TUI_POLL_INTERVAL"),
        SettingSpec("longest_wait", values.longest_wait, "GUMNUT_TUI_LONGEST_WAIT"),
        SettingSpec("slack", values.slack, "GUMNUT_TUI_SLACK"),
        SettingSpec("retention", values.retention, "GUMNUT_TUI_RETENTION"),
        SettingSpec("incident_pause", values.incident_pause, "GUMNUT_TUI_INCIDENT_PAUSE", "--incident-pause"),
        SettingSpec("incident_size", values.incident_size, "GUMNUT_TUI_INCIDENT_SIZE", "--incident-size"),
        SettingSpec("csv_bom", values.boolean, "GUMNUT_TUI_CSV_BOM", "--bom"),
        SettingSpec("theme", values.text, "GUMNUT_TUI_THEME"),
        SettingSpec("profile", values.text, "GUMNUT_TUI_PROFILE", "--profile", in_profile=False),
        SettingSpec("keys", values.key_table, in_profile=False),
    )
}
CONFIG_VARIABLE = "GUMNUT_TUI_CONFIG"
VARIABLES = {spec.variable for spec in SETTINGS.values() if spec.variable} | {CONFIG_VARIABLE, TRACEBACK_VARIABLE}


class ConfigFile(msgspec.Struct, frozen=True):
    """A config file, read and checked; both tables are empty when there is no file."""

    path: Path
    top: Mapping[str, Any] = msgspec.field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, Any]] = msgspec.field(default_factory=dict)
    exists: bool = False

    def __repr__(self) -> str:
        return f"ConfigFile({str(self.path)!r})"  # the tables may hold secrets


class Settings(msgspec.Struct, frozen=True):
    """The values of all settings: one field each. Times are in seconds."""

    config_path: Path
    base_url: str = DEFAULT_BASE_URL
    headers: tuple[tuple[str, str], ...] = ()
    """Sent with each request to the API; never shown, as they may hold a secret."""
    key: Key | None = None
    key_command: tuple[str, ...] | None = None
    """At most one of `key` and `key_command` is set: the stronger of the two."""
    library: str | None = None
    """An id or a name."""
    since: str = "24h"
    """A WHEN."""
    order: Order = Order.NEWEST
    view: ViewMode = ViewMode.EVENTS
    """What the rows of the screen are at first."""
    timezone: str = "local"
    """An IANA name, `UTC`, or `local`."""
    poll_interval: float = POLL_SECONDS
    longest_wait: float = LONGEST_WAIT_SECONDS
    """How long we wait when the service asks to; if it asks for longer, the request fails."""
    slack: float = SLACK_SECONDS
    """How late an event may appear in the feed after its timestamp."""
    retention: int = RETENTION_DAYS
    """Days the service keeps what is in the trash."""
    incident_pause: float = INCIDENT_PAUSE
    """The longest pause between two destructive events of one incident."""
    incident_size: int = INCIDENT_SIZE
    """How many destructive events make an incident."""
    csv_bom: bool = False
    """Whether CSV begins with a byte order mark: Excel needs it, other programs take it for part of the heading."""
    theme: str | None = None
    profile: str | None = None
    keys: Mapping[str, str] = msgspec.field(default_factory=lambda: MappingProxyType({}))
    """Action -> keys, separated by commas."""
    origins: Mapping[str, Origin] = msgspec.field(default_factory=dict)
    """Setting -> where its value came from; a default if it is missing."""

    def __repr__(self) -> str:
        return f"Settings({str(self.config_path)!r}, …)"  # headers and commands may hold secrets

    @property
    def retention_period(self) -> timedelta:
        """How long the service keeps what is in the trash."""
        return timedelta(days=self.retention)

    @property
    def incident_rules(self) -> IncidentRules:
        """What makes destructive events an incident."""
        # Not needed before the first paint.
        from gumnut_tui.domain.incidents import IncidentRules

        return IncidentRules(self.incident_pause, self.incident_size)

    def origin(self, name: str) -> Origin:
        """Where a setting's value came from."""
        return self.origins.get(name, DEFAULT_ORIGIN)


DEFAULT_SETTINGS = Settings(Path())
"""What holds where nothing is configured."""


def default_config_path() -> Path:
    """`config.toml` in the platform's config folder."""
    from platformdirs import user_config_path

    return user_config_path("gumnut-tui", appauthor=False) / "config.toml"


def default_cache_folder() -> Path:
    """The platform's folder for what a program can make again."""
    from platformdirs import user_cache_path

    return user_cache_path("gumnut-tui", appauthor=False)


def load(flags: Mapping[str, object], environ: Mapping[str, str], default_path: Path) -> Settings:
    """The settings, from the config file that flags or environment name, else the one at `default_path`.

    `flags` maps settings to the values given, and may hold `config`, a path. Raises UsageProblem or ConfigProblem.
    """
    path = config_path(flags, environ, default_path)
    return resolve(flags, environ, read_config_file(path, required=path != default_path))


def config_path(flags: Mapping[str, object], environ: Mapping[str, str], default_path: Path) -> Path:
    """The config file the flag `config` or the environment names, else the one at `default_path`."""
    named = flags.get("config")
    if named is None:
        named = environ.get(CONFIG_VARIABLE) or None
    return default_path if named is None else user_path(str(named))


def user_path(name: str) -> Path:
    """The path as typed, with `~` expanded; raises UsageProblem for an unknown home folder, and for an empty name.

    An empty one is a variable of a shell that is not set, and would mean the folder one is in.
    """
    if not name.strip():
        raise UsageProblem("the name of a file or folder is empty.")
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise UsageProblem(f"there is no home folder for {clip(name, 200)}.") from None


def resolve(flags: Mapping[str, object], environ: Mapping[str, str], file: ConfigFile) -> Settings:
    """The settings that follow from flags, environment and a config file; raises UsageProblem or ConfigProblem."""
    levels = [_flag_level(flags), _environment_level(environ)]
    profile = _first("profile", [*levels, _file_level(file)])
    if profile is not None:
        levels.append(_profile_level(file, profile.value))
    levels.append(_file_level(file))
    chosen = {name: found for name in SETTINGS if (found := _first(name, levels)) is not None}
    _keep_stronger_credential(chosen, levels)
    if "headers" in chosen:
        for _, value in chosen["headers"].value:
            remember_secret(value)
    return Settings(
        config_path=file.path,
        origins={name: found.origin for name, found in chosen.items()},
        **{name: found.value for name, found in chosen.items()},
    )


def read_config_file(path: Path, *, required: bool = False) -> ConfigFile:
    """Read and check the file; raises ConfigProblem for one that is invalid, or missing when `required`."""
    try:
        with open_without_waiting(path) as file:
            content = file.read(MAX_FILE_BYTES + 1)
            mode = _mode(file)
    except FileNotFoundError:
        if required:
            raise ConfigProblem(f"there is no config file {path}.") from None
        return ConfigFile(path)
    except OSError as error:
        raise ConfigProblem(f"the config file {path} cannot be read: {error.strerror}.") from error
    if len(content) > MAX_FILE_BYTES:
        raise ConfigProblem(f"the config file {path} is larger than 1 MB; that cannot be a config file.")
    config = parse_config(path, content)
    if mode & 0o077 and any("key" in table for table in (config.top, *config.profiles.values())):
        raise ConfigProblem(
            f"the config file {path} holds a key, but others on this machine may read it (mode {mode:04o}): "
            f"chmod 600 {path}"
        )
    return config


def parse_config(path: Path, content: bytes) -> ConfigFile:
    """The checked tables of a config file's content; raises ConfigProblem naming file, table and key."""
    import tomllib

    try:
        # Windows editors begin a file with a byte order mark.
        document = tomllib.loads(content.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigProblem(f"{path}: not UTF-8 text (byte {error.start}).") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{path}: not valid TOML: {error}.") from None
    except (ValueError, RecursionError):
        raise ConfigProblem(
            f"{path}: not a config file: a number in it is too long, or it is nested too deep."
        ) from None
    profiles = document.pop("profiles", {})
    if not isinstance(profiles, dict):
        raise ConfigProblem(f"{path}, key profiles: expected tables like [profiles.work].")
    return ConfigFile(
        path,
        _checked(path, "", document),
        {name: _checked(path, f"profiles.{name}", table) for name, table in profiles.items()},
        exists=True,
    )


class _Found(NamedTuple):
    value: Any
    origin: Origin


_Level = Mapping[str, _Found]


def _first(name: str, levels: list[_Level]) -> _Found | None:
    return next((level[name] for level in levels if name in level), None)


def _flag_level(flags: Mapping[str, object]) -> _Level:
    level = {}
    for name, raw in flags.items():
        if raw is None or name not in SETTINGS:
            continue
        spec = SETTINGS[name]
        level[name] = _Found(_read(spec, raw, spec.flag or name, UsageProblem), Origin(Source.FLAG, spec.flag or name))
    return _without_utc(level, "--tz and --utc")


def _environment_level(environ: Mapping[str, str]) -> _Level:
    level = {}
    for name, spec in SETTINGS.items():
        if spec.variable and (raw := environ.get(spec.variable, "")).strip():
            value = _read(spec, raw, spec.variable, ConfigProblem)
            level[name] = _Found(value, Origin(Source.ENVIRONMENT, spec.variable))
    return _without_utc(level, "GUMNUT_TUI_TZ and GUMNUT_TUI_UTC")


def _file_level(file: ConfigFile) -> _Level:
    origin = Origin(Source.FILE, str(file.path))
    return _without_utc({name: _Found(value, origin) for name, value in file.top.items()}, f"{file.path}")


def _profile_level(file: ConfigFile, name: str) -> _Level:
    if name not in file.profiles:
        known = ", ".join(sorted(file.profiles)) or "it has no [profiles.NAME] table at all"
        raise ConfigProblem(f"{file.path} has no profile '{clip(name, 60)}'; known: {known}.")
    origin = Origin(Source.PROFILE, f"[profiles.{name}] in {file.path}")
    level = {key: _Found(value, origin) for key, value in file.profiles[name].items()}
    return _without_utc(level, f"{file.path}, table [profiles.{name}]")


def _without_utc(level: dict[str, _Found], place: str) -> _Level:
    """`utc` is short for a time zone."""
    utc = level.pop("utc", None)
    if utc is None:
        return level
    if "timezone" in level:
        raise ConfigProblem(f"{place}: choose either a time zone or utc, not both.")
    return {**level, "timezone": _Found("UTC" if utc.value else "local", utc.origin)}


def _keep_stronger_credential(chosen: dict[str, _Found], levels: list[_Level]) -> None:
    """Keep only the stronger of `key` and `key_command`; on the same level, `key`."""
    for level in levels:
        for name, other in (("key", "key_command"), ("key_command", "key")):
            if name in level:
                chosen.pop(other, None)
                return


def _checked(path: Path, table: str, entries: object) -> Mapping[str, Any]:
    """The entries of one table with their values read."""
    place = f"{path}, table [{table}]" if table else f"{path}"
    if not isinstance(entries, dict):
        raise ConfigProblem(f"{place}: expected a table.")
    allowed = [name for name, spec in SETTINGS.items() if spec.in_profile or not table]
    checked = {}
    for name, raw in entries.items():
        if name not in allowed:
            raise ConfigProblem(f"{place}: unknown key '{clip(name, 60)}'{suggest(name, allowed)}.")
        checked[name] = _read(SETTINGS[name], raw, f"{place}, key {name}", ConfigProblem)
    if {"key", "key_command"} <= checked.keys():
        raise ConfigProblem(f"{place}: choose either key or key_command, not both.")
    return checked


def _read(spec: SettingSpec, raw: object, place: str, problem: type[UsageProblem]) -> Any:
    try:
        return spec.read(raw)
    except ValueError as error:
        got = "" if spec.secret or isinstance(raw, dict) else f", got {_shown(raw)}"
        raise problem(f"{place}: expected {error}{got}.") from None


def _shown(raw: object) -> str:
    return f"'{clip(raw, 60)}'" if isinstance(raw, str) else clip(str(raw), 60)


def suggest(name: str, known: Collection[str]) -> str:
    """The end of a message about an unknown name: the most similar known one, else all of them."""
    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else f"; known: {', '.join(sorted(known))}"


def _mode(file: BinaryIO) -> int:
    """Permission bits of an open file; 0600 where the platform has none."""
    return stat.S_IMODE(os.fstat(file.fileno()).st_mode) if os.name == "posix" else 0o600


def unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    """Variables that look like ours but are unknown; probably misspelt."""
    return (name for name in sorted(environ) if name.startswith("GUMNUT_TUI_") and name not in VARIABLES)
