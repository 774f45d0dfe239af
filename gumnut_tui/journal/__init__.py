"""The journal: what was read of each library, kept on disk after the service has forgotten it."""
