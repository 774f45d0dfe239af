"""From what was lost to how to get it back: plans that a person runs; this program never sends them."""
