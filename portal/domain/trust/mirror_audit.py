"""Results of the audits of mirrors: a standing for each of their addresses, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """Standing of a mirror at an address."""

    TRUE = "true"
    LATE = "late"
    ALTERED = "altered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Result of the last audit of an address of a mirror, `at` a whole minute in UTC.

    Every audit `since` then has found the same standing. It shows `edition`, 0 where that is not known, and is `behind`
    by so many; one that is late and not behind could not be renewed since `until`. `path` is what is altered, of the
    files that were compared. `reason` is a message of the catalogue with its `details`.
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
"""Result of the last audit of each address."""


def with_since(before: AuditResult | None, now: AuditResult) -> AuditResult:
    """Return `now`, whose `since` is that of `before` where the standing is the same."""
    return replace(now, since=before.since) if before and before.standing is now.standing else now


def altered_addresses(results: AuditResults) -> tuple[str, ...]:
    """Return the addresses that serve something else than what was signed."""
    return tuple(address for address, result in results.items() if result.standing is Standing.ALTERED)
