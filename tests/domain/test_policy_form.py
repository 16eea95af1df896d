"""The rules of registration as a form has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InputError
from portal.domain.limits import CAPACITY_SEATS
from portal.domain.policy_form import fields_of, policy_of
from portal.domain.registration import Mode, Policy

POLICIES = st.builds(
    Policy,
    mode=st.sampled_from(Mode),
    capacity=st.none() | st.integers(0, CAPACITY_SEATS),
    waiting_list=st.booleans(),
)


@given(POLICIES)
def test_policy_survives_its_form(policy: Policy) -> None:
    assert policy_of(fields_of(policy)) == policy


@given(st.text())
def test_capacity_is_none_a_number_within_the_limit_or_refused(typed: str) -> None:
    try:
        policy = policy_of({"mode": "open", "capacity": typed})
    except InputError as error:
        assert error.field == "capacity"
    else:
        assert policy.capacity is None or 0 <= policy.capacity <= CAPACITY_SEATS


@pytest.mark.parametrize("mode", ["", "OPEN", "ajar"])
def test_mode_that_is_none_is_refused(mode: str) -> None:
    with pytest.raises(InputError) as caught:
        policy_of({"mode": mode})
    assert caught.value.field == "mode"
