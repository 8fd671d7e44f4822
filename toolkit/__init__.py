"""Lokta: an article in one language becomes reviewed editions in others.

    article -> segment -> catalog -> translation -> review -> edition

Each stage is a folder of that name; they meet in `pipeline`, and the gettext catalog on disk is the only state.
"""

__version__ = "0.1.0"
