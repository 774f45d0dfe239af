"""The deletion report: what went away, what that means now, and what can be had back."""
