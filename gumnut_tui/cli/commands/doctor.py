"""`gumnut-tui doctor`: what is configured, what works, and what the terminal can do."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from gumnut_tui.cli.commands.config import setting_lines
from gumnut_tui.cli.exit_codes import Exit, exit_code
from gumnut_tui.cli.options import CommandOptions, JournalOptions, journal_option, library_option, settings_options
from gumnut_tui.cli.session import Session, session_command
from gumnut_tui.config.network import Network, Trust
from gumnut_tui.config.settings import unknown_variables
from gumnut_tui.domain.errors import ConfigProblem, GumnutError, JournalProblem, clip
from gumnut_tui.domain.models import User
from gumnut_tui.domain.ports import EventQuery
from gumnut_tui.domain.service_clock import ServiceClock
from gumnut_tui.formatting.escape import visible
from gumnut_tui.formatting.facts import in_words
from gumnut_tui.formatting.quantities import byte_size, plural
from gumnut_tui.formatting.times import clock_words, zone_name
from gumnut_tui.journal.journal_file import identify
from gumnut_tui.usecases.account import choose_library_id, listed_libraries

if TYPE_CHECKING:
    from gumnut_tui.api.client import Client

EXAMPLES = ("gumnut-tui doctor", "gumnut-tui doctor --profile work", "gumnut-tui doctor --demo")
LABEL_WIDTH = 14


@dataclass(frozen=True, kw_only=True)
class DoctorOptions(CommandOptions):
    """Options of `doctor`."""

    journal: JournalOptions = field(default_factory=JournalOptions)


@session_command("doctor", DoctorOptions, EXAMPLES)
@library_option
@journal_option
@settings_options
def command(session: Session[DoctorOptions]) -> int:
    """Show what is configured and where it comes from, whether the key works, and what the terminal supports.

    The key itself is never printed. The exit code is that of the first failure.
    """
    report = _Report(session)
    report.heading("Settings")
    for line in setting_lines(session.settings):
        report.plain(line)
    for name in unknown_variables(session.runtime.environ):
        report.line("unknown", f"{name} is set, but this program has no such setting")
    _theme(session.settings.theme, report)
    report.heading("Service")
    asyncio.run(_service(session, report))
    report.heading("This machine")
    _machine(session, report)
    return report.code


class _Report:
    """Prints findings and keeps the exit code of the first thing that failed."""

    def __init__(self, session: Session[DoctorOptions]) -> None:
        self._output = session.runtime.output
        self._begun = False
        self.code = Exit.DONE

    def heading(self, text: str) -> None:
        self._output.line(f"\n{text}" if self._begun else text)
        self._begun = True

    def plain(self, text: str) -> None:
        self._output.line(f"  {text}")

    def line(self, label: str, text: str) -> None:
        self.plain(f"{label:<{LABEL_WIDTH}}  {text}")

    def failure(self, label: str, error: GumnutError) -> None:
        first, *rest = in_words(error)
        self.line(label, f"✗ {first}")
        for line in rest:
            self.line("", line)
        if self.code is Exit.DONE:
            self.code = exit_code(error)


def _theme(theme: str | None, report: _Report) -> None:
    """Only the screen knows its themes, and starts with its own when there is none of that name."""
    from textual.theme import BUILTIN_THEMES

    if theme is not None and theme not in BUILTIN_THEMES:
        near = " or ".join(get_close_matches(theme, BUILTIN_THEMES))
        known = f"did you mean {near}?" if near else f"there are {', '.join(sorted(BUILTIN_THEMES))}."
        report.failure("theme", ConfigProblem(f"There is no theme '{clip(theme, 60)}'; {known}"))


async def _service(session: Session[DoctorOptions], report: _Report) -> None:
    if not session.is_demo:
        _way_there(session, report)
    try:
        found = None if session.is_demo else session.required_key()
        report.line("key", f"from {found.origin}" if found else "the demo's own")
    except GumnutError as problem:
        report.failure("key", problem)
        return
    try:
        async with session.client(found) as client:
            await _questions(session, client, report)
    except GumnutError as problem:
        report.failure("address", problem)


def _way_there(session: Session[DoctorOptions], report: _Report) -> None:
    """What the environment says about proxies and certificates, where it applies to the configured address."""
    from gumnut_tui.api.address import origin_of
    from gumnut_tui.api.http import tls_context

    network = Network(session.runtime.environ)
    try:
        origin = origin_of(session.settings.base_url)
    except GumnutError:
        return  # told as the address is used
    if origin.is_loopback:
        report.line("proxy", "none, the address is on this machine")
        return
    try:
        proxy = network.proxy_for(origin.scheme, origin.host, origin.port)
        report.line("proxy", f"{visible(proxy.shown, 80)}, from {proxy.variable}" if proxy else "none")
    except GumnutError as problem:
        report.failure("proxy", problem)
    try:
        tls_context(network.trust)
        report.line("certificates", visible(_trusted(network.trust), 200))
    except GumnutError as problem:
        report.failure("certificates", problem)


def _trusted(trust: Trust) -> str:
    named = [
        f"{path}, from {variable}"
        for variable, path in (("SSL_CERT_FILE", trust.file), ("SSL_CERT_DIR", trust.folder))
        if path is not None
    ]
    if trust.key_log is not None:
        named.append(f"TLS keys are logged to {trust.key_log} (SSLKEYLOGFILE)")
    return "; ".join(named) or "those bundled with this program"


def _clock_line(clock: Callable[[], datetime]) -> str | None:
    """How far this machine's clock is from the service's; None while no answer has shown it."""
    if not isinstance(clock, ServiceClock) or not clock.is_set:
        return None
    return clock_words(clock.ahead) if clock.ahead else "within a few seconds of the service's"


async def _questions(session: Session[DoctorOptions], client: Client, report: _Report) -> None:
    report.line("address", visible(client.base_url))
    if not await _ask(report, "reachable", client.ping, lambda _: "✓ answers"):
        return
    if not await _ask(report, "key accepted", client.me, _account):
        return
    await _libraries(client, report)

    async def feed() -> str:
        library_id = await choose_library_id(client, session.settings.library)
        page = await client.events(EventQuery(library_id, limit=1))
        generation = client.generation.value if client.generation else "unknown"
        return f"✓ {generation} form, {'with events' if page.events else 'no events yet'}"

    await _ask(report, "event feed", feed, str)
    report.line("requests", f"{client.requests} sent")


async def _libraries(client: Client, report: _Report) -> None:
    try:
        libraries = await listed_libraries(client, "all")
    except GumnutError as problem:
        report.failure("libraries", problem)
        return
    if libraries is None:
        report.line("libraries", "this key may not list them; name one by its id with --library")
        return
    report.line("libraries", plural(len(libraries), "library", "libraries"))
    for library in libraries:
        report.line(
            "", f"{visible(library.name, 40)}  {visible(library.id)}{'  in the trash' if library.trashed else ''}"
        )


async def _ask(
    report: _Report, label: str, question: Callable[[], Awaitable[Any]], words: Callable[[Any], str]
) -> bool:
    """Report the answer to a request, or why there is none; returns whether there is one."""
    try:
        answer = await question()
    except GumnutError as problem:
        report.failure(label, problem)
        return False
    report.line(label, words(answer))
    return True


def _account(user: User) -> str:
    name = " ".join(part for part in (user.first_name, user.last_name) if part)
    return f"✓ {visible(name or user.email or user.id, 80)}"


def _machine(session: Session[DoctorOptions], report: _Report) -> None:
    runtime, environ = session.runtime, session.runtime.environ
    report.line("time zone", zone_name(session.zone, runtime.clock()))
    for notice in session.notices:
        report.line("", notice)
    if (clock := _clock_line(runtime.clock)) is not None:
        report.line("clock", clock)
    report.line("journal", _journal(session))
    report.line("terminal", _terminal(session))
    report.line("TERM", visible(environ.get("TERM") or "not set", 60))
    report.line("colours", _colours(session))
    report.line("unicode", _unicode(runtime.output.encoding))
    report.line("images", _images())
    report.line("keyring", "available" if runtime.keyring() else "not available")
    report.line("Python", sys.version.split()[0])


def _journal(session: Session[DoctorOptions]) -> str:
    path = session.journal_path(session.options.journal)
    shown = visible(str(path), 200)
    if not path.exists():
        return f"none yet; it would be {shown}"
    try:
        identify(path)
    except JournalProblem as problem:
        return in_words(problem)[0]
    return f"{shown}, {byte_size(path.stat().st_size)}"


def _terminal(session: Session[DoctorOptions]) -> str:
    output = session.runtime.output
    if not output.is_terminal:
        return "output goes to a file or a pipe"
    return f"{output.columns} columns{', too narrow below 80' if output.columns < 80 else ''}"


def _colours(session: Session[DoctorOptions]) -> str:
    environ = session.runtime.environ
    if environ.get("NO_COLOR"):
        return "none, NO_COLOR is set"
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million"
    term = environ.get("TERM", "")
    if term in ("", "dumb"):
        return "none"
    return "256" if "256" in term else "16, or more than TERM claims"


def _unicode(encoding: str) -> str:
    try:
        "✗▁▀⊕".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return f"no, the encoding is {encoding}; set LANG to a UTF-8 locale"
    return f"yes, {encoding}"


def _images() -> str:
    if find_spec("PIL") is not None:
        return "Pillow is installed: photos are shown as thumbnails"
    return "Pillow is not installed: photos are shown blurred (pip install 'gumnut-tui[images]')"
