"""`gumnut-tui` and `python -m gumnut_tui`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from gumnut_tui.cli.main import run
    from gumnut_tui.cli.outside import Outside

    sys.exit(run(sys.argv[1:], Outside.real()))


if __name__ == "__main__":
    main()
