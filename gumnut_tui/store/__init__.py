"""The events read so far, in columns, and filtered views of them."""
