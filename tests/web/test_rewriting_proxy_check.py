"""Our address, spelled so that who reads it can put it together and who rewrites it does not find it."""

from hypothesis import given
from hypothesis import strategies as st

from portal.web.rewriting_proxy_check import in_groups
from tests.factories.sample import ONION


def test_onion_is_spelled_in_groups() -> None:
    assert in_groups(ONION) == f"{' '.join(['a' * 8] * 7)} . onion"


def test_clearnet_is_spelled_with_its_port() -> None:
    assert in_groups("https://journee.event.example:8443") == "journee . event . example: 8443"


@given(st.from_regex(r"https?://[a-z0-9]{1,30}(\.[a-z0-9]{1,30}){1,3}", fullmatch=True))
def test_spelled_address_is_the_same_without_its_blanks_and_is_not_found_by_its_host(address: str) -> None:
    host = address.partition("://")[2]
    assert in_groups(address).replace(" ", "") == host
    assert host not in in_groups(address)
