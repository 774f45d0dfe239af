"""Pixels from ThumbHashes and thumbnails, and half blocks from pixels."""
