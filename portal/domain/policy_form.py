"""The policy of registration as an organiser writes it: the fields of a form, and back."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from portal.domain.errors import InputError
from portal.domain.input_errors import CapacityRefused, ClosesTooSoon, FewLeftRefused, MomentRefused, MomentSkipped
from portal.domain.limits import CAPACITY_SEATS
from portal.domain.registration import FEW_LEFT, Mode, Policy

FIELDS: Final = ("mode", "capacity", "waiting_list", "few_left", "opens", "closes")
"""The fields of the form, in its order: moments are those of the clocks in the event's zone, `2026-12-01T09:00`."""

_YES: Final = "yes"
# Before 1972 clocks differed from UTC by seconds somewhere.
_MOMENT: Final = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


def fields_of(policy: Policy, zone: str) -> dict[str, str]:
    """The fields that would give `policy` back; no capacity and no moment are empty ones."""
    return {
        "mode": policy.mode.value,
        "capacity": "" if policy.capacity is None else str(policy.capacity),
        "waiting_list": _YES if policy.waiting_list else "no",
        "few_left": str(policy.few_left),
        "opens": _shown(policy.opens, zone),
        "closes": _shown(policy.closes, zone),
    }


def policy_of(fields: Mapping[str, str], zone: str) -> Policy:
    """The policy of the fields, with its moments in UTC. Raises `InputError` on one of them."""
    mode = next((mode for mode in Mode if mode.value == fields.get("mode")), None)
    if mode is None:
        raise InputError("mode")
    capacity, few_left = fields.get("capacity", "").strip(), fields.get("few_left", "").strip()
    opens, closes = (_moment(name, fields.get(name, ""), zone) for name in ("opens", "closes"))
    if opens is not None and closes is not None and closes <= opens:
        raise ClosesTooSoon("closes")
    return Policy(
        mode,
        _seats(capacity, CapacityRefused("capacity", most=CAPACITY_SEATS)) if capacity else None,
        fields.get("waiting_list") == _YES,
        _seats(few_left, FewLeftRefused("few_left", most=CAPACITY_SEATS, usual=FEW_LEFT)) if few_left else FEW_LEFT,
        opens,
        closes,
    )


def _seats(typed: str, refusal: InputError) -> int:
    """A number of seats, with blanks between its digits if any; raises `refusal` where there is none."""
    digits = "".join(typed.split())
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(CAPACITY_SEATS))
    if not is_number or int(digits) > CAPACITY_SEATS:
        raise refusal
    return int(digits)


def _moment(field: str, typed: str, zone: str) -> datetime | None:
    """What the clocks of `zone` show, in UTC; of an hour that they show twice, the first."""
    if not typed.strip():
        return None
    try:
        if not _MOMENT.fullmatch(typed.strip()):
            raise ValueError
        shown = datetime.fromisoformat(typed.strip()).replace(second=0, tzinfo=ZoneInfo(zone))
        moment = shown.astimezone(UTC)
    except ValueError:
        raise MomentRefused(field, example="2026-12-01T09:00") from None
    if _shown(moment, zone) != shown.replace(tzinfo=None).isoformat(timespec="minutes"):
        raise MomentSkipped(field)
    return moment


def _shown(moment: datetime | None, zone: str) -> str:
    """A moment as a form has it (HTML, clause 2.3.5.5): `2026-12-01T09:00`."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="minutes")
