"""States of the onion service: phase, message, advice, proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from onion.errors import N_

TURNED_OFF: Final = N_("The onion service is off.")
LOOKING: Final = N_("Looking for Tor.")
JOINING: Final = N_("Tor is joining its network: %(percent)s %%.")
UPLOADING: Final = N_("Tor is publishing the onion service: %(done)s of %(asked)s directories have its description.")
PROVING: Final = N_("The onion service is published; the portal is fetching a page of its own through Tor.")
REACHABLE: Final = N_("The onion service is reachable: the portal has fetched a page of its own through Tor.")
PUBLISHING_ANEW: Final = N_("The onion service is being published again.")
LOOKING_AGAIN: Final = N_("Looking for Tor, to publish the onion service again.")


class OnionPhase(StrEnum):
    """Phases of the service. `UNPROVEN` is published by a Tor through which the portal cannot fetch itself."""

    OFF = "off"
    CONNECTING = "connecting"
    BOOTSTRAPPING = "bootstrapping"
    UPLOADING = "uploading"
    PROVING = "proving"
    REACHABLE = "reachable"
    UNPROVEN = "unproven"
    UNREACHABLE = "unreachable"
    HEALING = "healing"


ADVICE: Final[Mapping[OnionPhase, str]] = {
    OnionPhase.OFF: N_("To add it, start the portal again with --onion auto or --onion launch."),
    OnionPhase.CONNECTING: N_("Nothing to do: it takes a moment."),
    OnionPhase.BOOTSTRAPPING: N_(
        "Nothing to do for a minute or two. If the number then stays where it is, this machine does not reach the Tor "
        "network: look at its connection and its clock, or give Tor a bridge."
    ),
    OnionPhase.UPLOADING: N_("Nothing to do: it takes a minute at most."),
    OnionPhase.PROVING: N_("Nothing to do: it takes a minute at most."),
    OnionPhase.REACHABLE: N_("Nothing to do: the portal looks again every five minutes."),
    OnionPhase.UNPROVEN: N_("Until then, look at the address yourself with Tor Browser; the pages do not point to it."),
    OnionPhase.UNREACHABLE: N_("The portal tries again by itself; until it succeeds, its pages do not point there."),
    OnionPhase.HEALING: N_("Nothing to do: the portal is mending it, and its address stays the same."),
}
"""Advice for each phase, in addition to the text of the state."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message and the details to put into it."""

    text: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """The portal reached itself: at `last`, in `seconds`, and `since` then without a failure. In UTC."""

    since: datetime
    last: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class OnionState:
    """The `phase`, the `address` (`….onion`) as soon as it is known, and a message: its text and details.

    While `UNREACHABLE` or `UNPROVEN` the message is that of the error. `warnings` name missing defences. There is a
    `proof` while it is `REACHABLE`.
    """

    phase: OnionPhase = OnionPhase.OFF
    address: str | None = None
    text: str = TURNED_OFF
    details: Mapping[str, object] = field(default_factory=dict)
    warnings: tuple[Notice, ...] = ()
    proof: Proof | None = None

    @property
    def advice(self) -> str:
        """Return the advice for the phase: a message without details."""
        return ADVICE[self.phase]
