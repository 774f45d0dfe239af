"""The events read so far, in columns, and the views of them that are shown."""
