"""How long the onion service waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Times in seconds; those between two tries are never kept exactly, so that services do not fall into step.

    `first_pause` after a failure to be published, doubled with each in a row up to `longest_pause`. `upload` until the
    service is looked at even if few directories have it. One `attempt` to fetch a page and all attempts of one `proof`;
    `retry` after the first and twice as long after each. `between_failures` until a proof that failed is tried again,
    `between_proofs` else.
    """

    first_pause: float = 1
    longest_pause: float = 60
    upload: float = 60
    attempt: float = 30
    retry: float = 0.25
    proof: float = 60
    between_failures: float = 20
    between_proofs: float = 300
