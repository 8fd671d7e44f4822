"""The command line, tested by running it."""
