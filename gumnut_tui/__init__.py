"""gumnut-tui: audit the activity of a Gumnut photo library in the terminal."""
