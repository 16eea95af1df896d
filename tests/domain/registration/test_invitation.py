"""Invitations: codes like a ticket's, each of them another."""

from random import Random

from portal.domain.registration.ticket_code import new_invitations, parse_code, shown


def test_new_invitations_are_as_many_different_codes() -> None:
    codes = new_invitations(500, Random(20261215))
    assert (len(codes), len(set(codes))) == (500, 500)
    assert [parse_code(shown(code)) for code in codes] == list(codes)


def test_new_invitations_of_none_are_none() -> None:
    assert new_invitations(0, Random(1)) == ()
