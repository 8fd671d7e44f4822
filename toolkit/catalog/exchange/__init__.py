"""Formats in which other tools take and give translations."""
