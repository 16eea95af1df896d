"""Invitations: codes like a ticket's, which open nothing that a ticket's does."""

import hmac
from hashlib import sha256
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.invitation import invitation_id, new_invitations
from portal.domain.ticket_code import ALPHABET, CODE_SIGNS, locator, parse_code, shown

keys = st.binary(min_size=32, max_size=32)
codes = st.text(st.sampled_from(ALPHABET), min_size=CODE_SIGNS, max_size=CODE_SIGNS)


def test_new_invitations_are_as_many_different_codes() -> None:
    codes = new_invitations(500, Random(20261215))
    assert (len(codes), len(set(codes))) == (500, 500)
    assert [parse_code(shown(code)) for code in codes] == list(codes)


def test_new_invitations_of_none_are_none() -> None:
    assert new_invitations(0, Random(1)) == ()


@given(keys, codes)
def test_invitation_is_never_found_as_a_ticket_of_the_same_signs(key: bytes, code: str) -> None:
    assert invitation_id(key, code) == hmac.new(key, b"invitation\0" + code.encode(), sha256).hexdigest()
    assert invitation_id(key, code) != locator(key, code)


@given(keys, keys, codes)
def test_invitation_of_one_portal_is_none_of_another(one: bytes, other: bytes, code: str) -> None:
    assert (invitation_id(one, code) == invitation_id(other, code)) == (one == other)
