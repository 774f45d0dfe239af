"""One library's events, read on demand at both ends, and the names they need."""
