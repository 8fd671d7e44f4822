"""Drafting: engines by name, the best one for a pair, and the job that fills catalogs.

An article's catalogs are laid out as requests (`drafting`), which go through wrappers (`wrappers`) to an engine
(`engines`), which asks a model (`inference`) unless the draft cache (`cache`) knows what it says.
"""
