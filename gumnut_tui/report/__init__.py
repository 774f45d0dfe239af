"""The deletion report: what was removed, what that means now, and what can be restored."""
