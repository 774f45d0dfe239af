"""Settings and the API key: where they come from, what they may be."""
