"""The Gumnut REST API: HTTP in, models out."""

import sys

# httpx would load its own command line, a syntax highlighter with it: a third of its time. It can do without.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
