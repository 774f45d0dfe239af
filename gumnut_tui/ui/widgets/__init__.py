"""What the screen is made of; widgets draw and say what happened."""
