"""Ids that name no host and stay the same from edition to edition, on whatever server they are read."""

from typing import Final
from uuid import UUID, uuid5

_PORTAL: Final = UUID("ce676b51-a7b4-4074-904d-a5d55f245ea3")


def stable_id(*parts: str) -> str:
    """The same `urn:uuid:…` for the same `parts` for ever (RFC 9562, clause 5.5), and another for any others."""
    return uuid5(_PORTAL, "\n".join(parts)).urn
