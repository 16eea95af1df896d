"""The one cookie."""

import random
from hashlib import sha256

import pytest
from starlette.requests import Request
from starlette.responses import Response

from portal.web.listeners import Listener, clearnet_listener, local_listener, onion_listener, organisers_listener
from portal.web.sign_in_cookie import (
    delete_sign_in_cookie,
    new_id,
    secret_of,
    set_sign_in_cookie,
    stored_id,
    stored_id_of,
)

ID = "0123456789abcdef" * 4
PUBLIC = clearnet_listener("https://event.example")
AT_HOME = clearnet_listener("")
BEHIND_TOR = onion_listener(lambda: f"http://{'a' * 56}.onion")


def request_at(listener: Listener, cookie: str = "") -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode("latin-1"))], "portal.listener": listener})


COOKIES: dict[str, tuple[Listener, str, str]] = {
    "by https": (PUBLIC, "__Host-sign_in", "; Secure"),
    "on this machine": (AT_HOME, "sign_in", ""),
    "at the organisers' own listener on it": (local_listener(), "sign_in", ""),
    "at the onion": (BEHIND_TOR, "sign_in", ""),
    "at the organisers' own onion": (organisers_listener(lambda: f"http://{'b' * 56}.onion"), "sign_in", ""),
    "by plain http": (clearnet_listener("http://event.example"), "sign_in", ""),
}


@pytest.mark.parametrize(("listener", "name", "secure"), COOKIES.values(), ids=COOKIES.keys())
def test_cookie_is_for_this_host_alone_and_out_of_reach(listener: Listener, name: str, secure: str) -> None:
    response = Response()
    set_sign_in_cookie(request_at(listener), response, ID)
    assert response.headers.getlist("set-cookie") == [f"{name}={ID}; HttpOnly; Path=/; SameSite=strict{secure}"]
    request = request_at(listener, f"{name}={ID}")
    assert (stored_id_of(request), secret_of(request)) == (stored_id(ID), bytes.fromhex(ID))


@pytest.mark.parametrize(("listener", "name", "secure"), COOKIES.values(), ids=COOKIES.keys())
def test_cookie_is_taken_back_without_telling_the_time(listener: Listener, name: str, secure: str) -> None:
    response = Response()
    delete_sign_in_cookie(request_at(listener), response)
    assert response.headers.getlist("set-cookie") == [
        f'{name}=""; HttpOnly; Max-Age=0; Path=/; SameSite=strict{secure}'
    ]


def test_cookie_that_another_host_could_have_written_is_nothing_by_https_and_goes_with_the_next() -> None:
    request, response = request_at(PUBLIC, f"sign_in={ID}"), Response()
    assert (stored_id_of(request), secret_of(request)) == (None, None)
    set_sign_in_cookie(request, response, ID)
    assert response.headers.getlist("set-cookie") == [
        f"__Host-sign_in={ID}; HttpOnly; Path=/; SameSite=strict; Secure",
        'sign_in=""; HttpOnly; Max-Age=0; Path=/; SameSite=strict; Secure',
    ]


def test_cookie_of_https_is_nothing_elsewhere() -> None:
    assert stored_id_of(request_at(AT_HOME, f"__Host-sign_in={ID}")) is None


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
