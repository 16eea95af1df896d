"""How far it is with what takes long."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Hears how many files of how many are there."""


def unheard(done: int, of: int) -> None:
    """The `Progress` that nobody looks at."""
