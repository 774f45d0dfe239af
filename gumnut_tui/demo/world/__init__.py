"""The simulated library: people, cameras, uploads, deletions, and the events they leave."""
