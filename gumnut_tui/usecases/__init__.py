"""What the command line and the screen both do, in one place."""
