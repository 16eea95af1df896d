"""Seconds to wait when an onion service is published, and when it is proven to be reachable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Times in seconds; pauses between tries are randomised, so that services do not fall into step.

    `first_pause` after a failure to publish, doubled with each in a row up to `longest_pause`. `upload` until the
    service is proven even if few directories have its descriptor. One `attempt` to fetch a page, and all attempts of
    one `proof`; `retry` after the first attempt, twice as long after each. `between_failures` after a failed proof,
    `between_proofs` after a success.
    """

    first_pause: float = 1
    longest_pause: float = 60
    upload: float = 60
    attempt: float = 30
    retry: float = 0.25
    proof: float = 60
    between_failures: float = 20
    between_proofs: float = 300
