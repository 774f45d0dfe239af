"""gumnut-tui: audit the activity of a Gumnut photo library in the terminal."""

__version__ = "0.1.0"
