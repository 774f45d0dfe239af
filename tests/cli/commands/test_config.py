"""`gumnut-tui config`: settings with their origin, and no secret."""

from __future__ import annotations

from pathlib import Path

from tests.cli.harness import gumnut, runtime

SECRET = "apikey_do_not_show_me"


def test_config_show_never_shows_a_secret(tmp_path: Path) -> None:
    """Every setting with its value and origin; of the key, headers and a command only that they are there."""
    path = tmp_path / "config.toml"
    path.write_text(f'key = "{SECRET}"\n[profiles.x]\nkey_command = "echo {SECRET}"\n[keys]\nquit = "q"\n')
    path.chmod(0o600)
    around = runtime({"GUMNUT_CUSTOM_HEADERS": f"X-Auth: {SECRET}", "GUMNUT_BASE_URL": f"https://me:{SECRET}@x"})
    for profile in ([], ["--profile", "x"]):
        ran = gumnut(around, "config", "show", "--config", str(path), *profile)
        assert ran.code == 0
        assert SECRET not in ran.out + ran.err
    assert "quit = q" in ran.out
    assert "runs echo" in ran.out


def test_config_path_works_when_the_config_does_not(tmp_path: Path) -> None:
    """The path is printed also of a file that cannot be used: that is when one needs it."""
    path = tmp_path / "config.toml"
    path.write_text("nonsense")
    assert gumnut(runtime(config_path=lambda: path), "config", "path").out == f"{path}\n"
    assert gumnut(runtime({"GUMNUT_TUI_CONFIG": "/x/y.toml"}), "config", "path").out == "/x/y.toml\n"


def test_values_are_shown_as_they_are_written(tmp_path: Path) -> None:
    """A choice, a yes or no, with the words of the file."""
    path = tmp_path / "config.toml"
    path.write_text('order = "oldest"\nview = "actions"\ncsv_bom = true\n')
    shown = gumnut(runtime(), "config", "show", "--config", str(path)).out
    values = {line.split()[0]: line.split()[1] for line in shown.splitlines() if len(line.split()) > 1}
    assert (values["order"], values["view"], values["csv_bom"]) == ("oldest", "actions", "true")
