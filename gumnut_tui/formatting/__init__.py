"""Pure functions from events and entities to text for a person."""
