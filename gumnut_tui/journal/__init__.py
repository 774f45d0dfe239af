"""The journal: what was read of each library, kept on disk, so that nothing is lost when the service forgets."""
