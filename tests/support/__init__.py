"""Makers and tools that several tests share."""
