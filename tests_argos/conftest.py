"""No test sees the models, caches and settings of the person who runs it."""

from tests.conftest import _apart

__all__ = ["_apart"]
