"""A figure of the bench: two things measured side by side in one run, and the ratio that is wanted of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ours` beside `reference`, in words with their units; `value` is to be at least, or at most, `target`."""

    name: str
    ours: str
    reference: str
    value: float
    target: float
    is_ceiling: bool = False
    unit: str = "×"

    @property
    def is_reached(self) -> bool:
        """Return whether the value is on the right side of the target."""
        return self.value <= self.target if self.is_ceiling else self.value >= self.target

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        wanted = f"{'≤' if self.is_ceiling else '≥'} {self.target:g} {self.unit}"
        return self.name, self.ours, self.reference, f"{self.value:.2f} {self.unit}", wanted, self._verdict

    @property
    def _verdict(self) -> str:
        return "reached" if self.is_reached else "MISSED"


def table(figures: Sequence[Figure]) -> str:
    """One line for each of `figures`, in columns."""
    rows = [("", "the portal", "beside", "ratio", "wanted", ""), *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
