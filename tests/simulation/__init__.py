"""A service that is not there: it keeps a feed as the API describes one, and shares no code with what reads it."""
