"""The rules of registration as a form has them."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InputError
from portal.domain.input_errors import (
    CapacityAmbiguous,
    CapacityRefused,
    ClosesTooSoon,
    FewLeftRefused,
    MomentRefused,
    MomentSkipped,
    ReservedRefused,
)
from portal.domain.limits import CAPACITY_SEATS
from portal.domain.registration.policy_form import fields_of, policy_of
from portal.domain.registration.registration import FEW_LEFT, Mode, Policy

PARIS: Final = "Europe/Paris"
MODE: Final = {"mode": "open", "limited": "no"}
SEATS: Final = {"mode": "open", "limited": "yes", "capacity": "40"}
MOMENTS: Final = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - as UTC below
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
SPANS: Final = st.tuples(st.none() | MOMENTS, st.none() | MOMENTS).filter(
    lambda span: span[0] is None or span[1] is None or span[0] < span[1]
)
POLICIES: Final = st.builds(
    lambda mode, seats, waiting_list, few_left, span, at_once, draw_at: Policy(
        mode, seats and seats[-1], waiting_list, few_left, span[0], span[1], at_once, draw_at, seats[0] if seats else 0
    ),
    st.sampled_from(Mode),
    st.none() | st.lists(st.integers(0, CAPACITY_SEATS), min_size=2, max_size=2).map(sorted),
    st.booleans(),
    st.integers(0, CAPACITY_SEATS),
    SPANS,
    st.booleans(),
    st.none() | MOMENTS,
)


@given(POLICIES)
def test_policy_survives_its_form(policy: Policy) -> None:
    assert policy_of(fields_of(policy, "UTC"), "UTC") == policy


@given(st.text())
def test_capacity_is_a_number_within_the_limit_or_refused(typed: str) -> None:
    try:
        policy = policy_of({"mode": "open", "capacity": typed}, PARIS)
    except InputError as error:
        assert error.field == "capacity"
    else:
        assert policy.capacity is not None
        assert 0 <= policy.capacity <= CAPACITY_SEATS


@given(st.text() | st.datetimes().map(datetime.isoformat), st.sampled_from((PARIS, "UTC", "Pacific/Kiritimati")))
def test_moment_is_none_a_minute_in_utc_or_refused(typed: str, zone: str) -> None:
    try:
        opens = policy_of(MODE | {"opens": typed}, zone).opens
    except InputError as error:
        assert error.field == "opens"
    else:
        assert opens is None or (opens.tzinfo, opens.second, opens.microsecond) == (UTC, 0, 0)


FORMS: Final[dict[str, tuple[dict[str, str], Policy]]] = {
    "the mode and the seats alone": (
        {"mode": "invitation", "capacity": "40"},
        Policy(Mode.INVITATION, 40, False, FEW_LEFT),
    ),
    "no limit, chosen": (MODE, Policy(waiting_list=False)),
    "no limit, of which nothing is reserved": (MODE | {"reserved": "7"}, Policy(waiting_list=False)),
    "seats of which some are reserved": (SEATS | {"reserved": " 7"}, Policy(Mode.OPEN, 40, False, reserved=7)),
    "seats that are all reserved": (SEATS | {"reserved": "40"}, Policy(Mode.OPEN, 40, False, reserved=40)),
    "a winter's moment": (
        MODE | {"opens": "2026-12-01T09:00"},
        Policy(waiting_list=False, opens=datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ),
    "a summer's moment, with a blank and seconds": (
        MODE | {"closes": " 2026-07-01 09:00:59 "},
        Policy(waiting_list=False, closes=datetime(2026, 7, 1, 7, tzinfo=UTC)),
    ),
    "an hour that the clocks show twice, the first time": (
        MODE | {"opens": "2026-10-25T02:30"},
        Policy(waiting_list=False, opens=datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ),
    "no few seats": (MODE | {"few_left": "0"}, Policy(waiting_list=False, few_left=0)),
}


@pytest.mark.parametrize(("fields", "policy"), FORMS.values(), ids=FORMS.keys())
def test_form_makes_a_policy(fields: dict[str, str], policy: Policy) -> None:
    assert policy_of(fields, PARIS) == policy


WRONG: Final[dict[str, tuple[dict[str, str], type[InputError], str]]] = {
    "no mode": ({"mode": ""}, InputError, "mode"),
    "a mode in capitals": ({"mode": "OPEN"}, InputError, "mode"),
    "a mode that is none": ({"mode": "ajar"}, InputError, "mode"),
    "too many seats": (SEATS | {"capacity": "100001"}, CapacityRefused, "capacity"),
    "no number of seats": (SEATS | {"capacity": " "}, CapacityRefused, "capacity"),
    "nothing about seats": ({"mode": "open"}, CapacityRefused, "capacity"),
    "no limit beside a number": (MODE | {"capacity": "40"}, CapacityAmbiguous, "limited"),
    "more reserved seats than seats": (SEATS | {"reserved": "41"}, ReservedRefused, "reserved"),
    "reserved seats that are no number": (SEATS | {"reserved": "some"}, ReservedRefused, "reserved"),
    "few seats that are no number": (MODE | {"few_left": "-1"}, FewLeftRefused, "few_left"),
    "more few seats than there can be": (MODE | {"few_left": "100001"}, FewLeftRefused, "few_left"),
    "a day without a time": (MODE | {"opens": "2026-12-01"}, MomentRefused, "opens"),
    "a moment with a zone of its own": (MODE | {"closes": "2026-12-01T09:00Z"}, MomentRefused, "closes"),
    "a day that does not exist": (MODE | {"opens": "2026-02-30T09:00"}, MomentRefused, "opens"),
    "a moment before all time": (MODE | {"opens": "0001-01-01T00:00"}, MomentRefused, "opens"),
    "a moment when clocks had seconds of their own": (MODE | {"opens": "1900-01-01T00:00"}, MomentRefused, "opens"),
    "an hour that the clocks skip": (MODE | {"opens": "2026-03-29T02:30"}, MomentSkipped, "opens"),
    "a close before the opening": (
        MODE | {"opens": "2026-12-01T09:00", "closes": "2026-12-01T09:00"},
        ClosesTooSoon,
        "closes",
    ),
}


@pytest.mark.parametrize(("fields", "kind", "field"), WRONG.values(), ids=WRONG.keys())
def test_form_is_refused_beside_its_field(fields: dict[str, str], kind: type[InputError], field: str) -> None:
    with pytest.raises(InputError) as caught:
        policy_of(fields, PARIS)
    assert (type(caught.value), caught.value.field) == (kind, field)
