"""A demo library that imitates the service; it shares no code with the client."""
