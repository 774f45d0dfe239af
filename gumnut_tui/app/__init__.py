"""The screen: what is on it, what its keys do, and who reads what for it."""
