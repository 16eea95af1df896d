"""Form of the policy of registration: its fields, and the policy read from them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from portal.domain.errors import InputError
from portal.domain.input_errors import (
    CapacityAmbiguous,
    CapacityRefused,
    ClosesTooSoon,
    DrawMisplaced,
    FewLeftRefused,
    ReservedRefused,
)
from portal.domain.limits import CAPACITY_SEATS
from portal.domain.registration.registration import FEW_LEFT, Mode, Policy
from portal.domain.times import moment_of, shown_moment

_YES: Final = "yes"
_NO: Final = "no"


def fields_of(policy: Policy, zone: str) -> dict[str, str]:
    """Return the fields that give `policy` again; no capacity and no moment are empty."""
    return {
        "mode": policy.mode.value,
        "limited": _NO if policy.capacity is None else _YES,
        "capacity": "" if policy.capacity is None else str(policy.capacity),
        "reserved": str(policy.reserved),
        "waiting_list": _YES if policy.waiting_list else _NO,
        "few_left": str(policy.few_left),
        "opens": shown_moment(policy.opens, zone),
        "closes": shown_moment(policy.closes, zone),
        "draws_at_once": _YES if policy.draws_at_once else _NO,
        "draw_at": shown_moment(policy.draw_at, zone),
    }


def policy_of(fields: Mapping[str, str], zone: str) -> Policy:
    """Return the policy of the fields, with its moments in UTC. Raises `InputError` on a field."""
    mode = next((mode for mode in Mode if mode.value == fields.get("mode")), None)
    if mode is None:
        raise InputError("mode")
    capacity, few_left = _capacity(fields), fields.get("few_left", "").strip()
    opens, closes, draw_at = (moment_of(name, fields.get(name, ""), zone) for name in ("opens", "closes", "draw_at"))
    if opens is not None and closes is not None and closes <= opens:
        raise ClosesTooSoon("closes")
    return Policy(
        mode,
        capacity,
        fields.get("waiting_list") == _YES,
        _seats(few_left, FewLeftRefused("few_left", most=CAPACITY_SEATS, usual=FEW_LEFT)) if few_left else FEW_LEFT,
        opens,
        closes,
        fields.get("draws_at_once", _YES) == _YES,
        draw_at,
        _reserved(fields.get("reserved", "").strip(), capacity),
    )


def check_moment_of_draw(policy: Policy, now: datetime, end: datetime) -> None:
    """Raise `DrawMisplaced` where the draw is past, before registration opens, or not before the `end` of the event.

    The first two could not be undone; after the third, nobody would have had a seat at the event.
    """
    moment = policy.draw_at
    if moment is not None and not max(now, policy.opens or now) < moment < end:
        raise DrawMisplaced("draw_at")


def _capacity(fields: Mapping[str, str]) -> int | None:
    """Return the number of seats; None where "no limit" was chosen and no number was typed."""
    typed = fields.get("capacity", "").strip()
    if fields.get("limited", _YES) == _YES:
        return _seats(typed, CapacityRefused("capacity", most=CAPACITY_SEATS))
    if typed:
        raise CapacityAmbiguous("limited")
    return None


def _reserved(typed: str, capacity: int | None) -> int:
    """Return the number of reserved seats, 0 where there is no limit."""
    if capacity is None or not typed:
        return 0
    error = ReservedRefused("reserved", most=capacity)
    if (reserved := _seats(typed, error)) > capacity:
        raise error
    return reserved


def _seats(typed: str, error: InputError) -> int:
    """Return a number of seats, typed with or without spaces between its digits. Raises `error` if it is none."""
    digits = "".join(typed.split())
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(CAPACITY_SEATS))
    if not is_number or int(digits) > CAPACITY_SEATS:
        raise error
    return int(digits)
