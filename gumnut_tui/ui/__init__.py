"""What is drawn: screens and widgets that show what they are given and say what happened."""
