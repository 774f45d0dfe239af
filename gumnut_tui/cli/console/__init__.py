"""Standard output and error, exit codes, progress, and what a command touches outside this program."""
