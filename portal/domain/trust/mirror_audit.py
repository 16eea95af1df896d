"""What is known of the copies that others keep: one standing for each of their addresses, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a copy stands at one of its addresses."""

    TRUE = "true"
    LATE = "late"
    ALTERED = "altered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What was found at an address of a copy, the last time `at` a whole minute in UTC.

    `since` then every look has found the same standing. It shows `edition`, 0 where that is not known, and is `behind`
    by so many; one that is late and not behind could not be renewed since `until`. `path` is what is altered, of the
    files that were looked at. `reason` is a message of the catalogue with its `details`.
    """

    standing: Standing
    at: datetime
    since: datetime
    edition: int = 0
    behind: int = 0
    until: datetime | None = None
    path: str = ""
    reason: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


AuditResults = Mapping[str, AuditResult]
"""The last look at each address."""


def with_since(before: AuditResult | None, now: AuditResult) -> AuditResult:
    """`now`, with the moment from which on the standing is the same as `before`."""
    return replace(now, since=before.since) if before and before.standing is now.standing else now


def altered_addresses(results: AuditResults) -> tuple[str, ...]:
    """The addresses at which something else was found than what was signed."""
    return tuple(address for address, result in results.items() if result.standing is Standing.ALTERED)
