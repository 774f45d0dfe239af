"""The command line: arguments, exit codes and the wiring."""
