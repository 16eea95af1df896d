"""The policy of registration as an organiser writes it: three fields of a form, and back."""

from collections.abc import Mapping
from typing import Final

from portal.domain.errors import InputError
from portal.domain.input_errors import CapacityRefused
from portal.domain.limits import CAPACITY_SEATS
from portal.domain.registration import Mode, Policy

_WAITING: Final = "yes"


def fields_of(policy: Policy) -> dict[str, str]:
    """The fields that would give `policy` back; no capacity is an empty one."""
    return {
        "mode": policy.mode.value,
        "capacity": "" if policy.capacity is None else str(policy.capacity),
        "waiting_list": _WAITING if policy.waiting_list else "no",
    }


def policy_of(fields: Mapping[str, str]) -> Policy:
    """The policy of the fields `mode`, `capacity` and `waiting_list`. Raises `InputError` on one of the first two."""
    mode = next((mode for mode in Mode if mode.value == fields.get("mode")), None)
    if mode is None:
        raise InputError("mode")
    return Policy(mode, _capacity(fields.get("capacity", "")), fields.get("waiting_list") == _WAITING)


def _capacity(typed: str) -> int | None:
    digits = "".join(typed.split())
    if not digits:
        return None
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(CAPACITY_SEATS))
    if not is_number or int(digits) > CAPACITY_SEATS:
        raise CapacityRefused("capacity", most=CAPACITY_SEATS)
    return int(digits)
