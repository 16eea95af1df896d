"""The one cookie."""

import random
from hashlib import sha256

import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.web.doors import Door, clearnet_door, onion_door
from portal.web.sign_in_cookie import give, new_id, stored_id, stored_id_of, take_back

ID = "0123456789abcdef" * 4
PUBLIC = clearnet_door("https://event.example")
AT_HOME = clearnet_door("")
BEHIND_TOR = onion_door(lambda: f"http://{'a' * 56}.onion")


def request_at(door: Door, cookie: str = "") -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode("latin-1"))], "portal.door": door})


@pytest.mark.parametrize(("door", "secure"), [(PUBLIC, "; Secure"), (AT_HOME, ""), (BEHIND_TOR, "")])
def test_cookie_is_for_this_host_alone_and_out_of_reach(door: Door, secure: str) -> None:
    response = Response()
    give(request_at(door), response, ID)
    assert response.headers.getlist("set-cookie") == [f"sign_in={ID}; HttpOnly; Path=/; SameSite=strict{secure}"]


@pytest.mark.parametrize(("door", "secure"), [(PUBLIC, "; Secure"), (BEHIND_TOR, "")])
def test_cookie_is_taken_back_without_telling_the_time(door: Door, secure: str) -> None:
    response = Response()
    take_back(request_at(door), response)
    assert response.headers.getlist("set-cookie") == [
        f'sign_in=""; HttpOnly; Max-Age=0; Path=/; SameSite=strict{secure}'
    ]


def test_store_knows_a_hash_of_the_id() -> None:
    assert stored_id(ID) == sha256(ID.encode()).hexdigest()
    assert stored_id_of(request_at(AT_HOME, f"sign_in={ID}")) == stored_id(ID)


@pytest.mark.parametrize(
    "cookie", ["", "sign_in=", f"sign_in={ID[1:]}", f"sign_in={ID}é", f"other={ID}", "sign_in", ";="]
)
def test_what_is_no_id_of_ours_is_none(cookie: str) -> None:
    assert stored_id_of(request_at(AT_HOME, cookie)) is None


def test_ids_are_random_and_fit_the_cookie() -> None:
    ids = {new_id(random.SystemRandom()) for _ in range(50)}
    assert len(ids) == 50
    assert all(stored_id_of(request_at(AT_HOME, f"sign_in={id}")) == stored_id(id) for id in ids)
