"""What can be done to a library: each action changes entities and leaves its events in the feed."""
