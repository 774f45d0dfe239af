"""The tests mirror the package: the test of `x/y.py` is `tests/x/test_y.py`, and what deviates is told here, with why.

A module with many rules may have more files: `test_y_<part>.py`.
"""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "gumnut_tui"

WITHOUT_MODULE = {
    # The house as a whole
    "test_imports": "what loads what",
    "test_mirror": "this",
    "test_readme": "the README is true",
    "test_screenshots": "the pictures of the README are made by their script",
    "test_web": "the screen in a browser",
    # One side against another
    "api/test_against_demo": "client and demo agree in each form of the API",
    "demo/test_actions": "the demo plays what actions tell of",
    "demo/test_sdk": "the official client reads the demo",
    "demo/test_faults": "the tests' own faulty line",
    # What a package itself holds
    "ui/test_later": "the timer that screens and widgets share",
    # The program as a process
    "app/test_terminal": "in a terminal of its own",
    "app/test_tmux": "in a terminal that others wrote",
    "cli/test_combinations": "every command in every environment",
    "cli/test_process": "pipes, signals, what it loads",
    "journal/test_kill": "a sync that is killed again and again",
    # The whole screen, or every command, against what is wild
    "app/test_faults_on_screen": "faults of the program, on the screen",
    "app/test_hostile": "names that would do harm",
    "app/test_snapshots": "each state one meets, as it looks",
    "app/test_wild_answers": "answers no server should give, on the screen",
    "cli/test_wild_answers": "answers no server should give, to commands",
    "simulation/test_interleavings": "everything that reads the feed, while it is written to, breaks and is restored",
}

COVERED_BY = {
    "api/test_decode": ("api/envelope",),
    "app/test_detail_controller": ("app/action_describer", "app/action_details"),
    "app/test_startup": ("app/services",),
    "app/test_incidents_controller": ("app/headings",),
    "app/test_restore_controller": ("app/text_viewer",),
    "app/test_journal_access": ("app/journal_controller",),
    "cli/test_main": ("cli/help",),
    "usecases/test_reading": ("cli/reading",),
    "report/test_difference": ("usecases/difference",),
    "cli/test_process": ("__main__",),
    "cli/commands/test_deletions": ("cli/output_file",),
    "cli/commands/test_entity": ("cli/commands/entity_answer", "cli/printing"),
    "cli/commands/test_undo": ("cli/copy_search",),
    "config/test_settings": ("config/values",),
    "demo/http/test_routes_changes": (
        "demo/world/edits/albums",
        "demo/world/edits/change",
        "demo/world/edits/editor",
        "demo/world/edits/found",
        "demo/world/edits/libraries",
        "demo/world/edits/people",
        "demo/world/edits/photos",
        "demo/world/edits/stacks",
    ),
    "demo/http/test_query": ("demo/http/refusals",),
    "demo/pictures/test_drawing": (
        "demo/pictures/closeups",
        "demo/pictures/landscapes",
        "demo/pictures/shapes",
    ),
    "demo/world/test_documents": ("demo/world/clustering", "demo/world/titles"),
    "demo/world/test_events": (
        "demo/world/actions/albums",
        "demo/world/actions/assets",
        "demo/world/actions/libraries",
        "demo/world/actions/people",
        "demo/world/actions/stacks",
        "demo/world/service",
    ),
    "demo/world/test_script": ("demo/world/chores", "demo/world/imports"),
    "formatting/test_event_lines": ("formatting/facts",),
    "store/test_actions": ("store/anchors", "store/attribution", "store/payload_ids", "store/blocks", "store/chains"),
    "feed/test_feed": ("feed/backfill",),
    "report/test_as_of": ("usecases/history",),
    "report/test_history": ("report/sights",),
    "undo/test_script": (
        "undo/build",
        "undo/situation",
        "usecases/situation_reader",
        "usecases/undo",
    ),
    "undo/test_forms": ("undo/plan", "undo/words"),
    "usecases/test_action_reader": ("usecases/action_entries",),
    "usecases/test_copies": ("usecases/hash_cache",),
}
"""Modules whose rules show only through another: drawing, wiring, or a part of a whole that is told apart nowhere."""

NOTHING_BUT_NAMES = {
    "app/ports",
    "app/subject",
    "demo/http/library_world",
    "demo/world/entity_filters",
    "demo/world/people_names",
    "demo/world/places",
    "demo/world/records",
    "demo/world/themes",
    "domain/defaults",
    "domain/ports",
    "journal/records",
    "report/model",
}
"""Protocols, records and tables: there is nothing in them that could go wrong by itself."""


def modules() -> set[str]:
    """Every module with code, as `room/module`."""
    found = (path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    return {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in found}


def named_tests() -> set[str]:
    """Every file of tests, as `room/test_module`."""
    return {path.relative_to(TESTS).with_suffix("").as_posix() for path in TESTS.rglob("test_*.py")}


def module_of(test: str, known: set[str]) -> str | None:
    """The module a test is named after: the one of the longest name."""
    room, _, name = test.rpartition("/")
    words = name.removeprefix("test_").split("_")
    names = ("_".join(words[:count]) for count in range(len(words), 0, -1))
    return next((each for name in names if (each := f"{room}/{name}".lstrip("/")) in known), None)


def test_every_test_has_its_module() -> None:
    """A test one cannot find from its module is found by nobody."""
    known = modules()
    strangers = {test for test in named_tests() if module_of(test, known) is None}
    assert strangers == set(WITHOUT_MODULE), "move it to its module's name, or tell here what it is about"


def test_every_module_has_its_test() -> None:
    """Or a reason not to have one: another test covers it, or there is nothing to test."""
    known = modules()
    own = {module_of(test, known) for test in named_tests()}
    covered = {module for modules_covered in COVERED_BY.values() for module in modules_covered}
    assert known - own == covered | NOTHING_BUT_NAMES, "write its test, or tell here where it is tested"
    assert not covered & NOTHING_BUT_NAMES


def test_what_covers_others_is_there() -> None:
    """A reason that names a test that is gone is none."""
    assert set(COVERED_BY) <= named_tests()
