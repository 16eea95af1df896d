"""The request that proves the onion: answered at the onion's listener, once; any other finds nothing at its path."""

import random
from dataclasses import replace
from typing import Final

import httpx
import pytest

from onion.service.proof import Challenges
from portal.origin.app import at_listener, create_app
from portal.settings import Settings
from portal.web.listeners import Listener, clearnet_listener, onion_listener
from tests.factories.portal import Clock, Harness, cheap_hasher
from tests.factories.sample import ONION, edition
from tests.factories.tickets import KEYS
from tests.fakes.memory_store import memory_store

pytestmark = pytest.mark.anyio

LISTENERS: Final = {
    "the onion's": (onion_listener(lambda: ONION), ONION),
    "the clearnet's": (clearnet_listener(""), "http://localhost"),
}


def at(listener: Listener, address: str, questions: Challenges) -> httpx.AsyncClient:
    """Somebody at `listener` of a portal that asks `questions`."""
    harness = Harness(memory_store(), Clock(), KEYS, cheap_hasher(), Settings())
    app = create_app(replace(harness.services(), proof=questions.answer), edition())
    return httpx.AsyncClient(transport=httpx.ASGITransport(at_listener(app, listener)), base_url=address)


async def test_challenge_is_answered_at_the_onion_listener_once() -> None:
    questions = Challenges(random.Random(1))
    async with at(*LISTENERS["the onion's"], questions) as visitor:
        with questions.issue() as path:
            answer = await visitor.get(path)
            again = await visitor.get(path)
    assert (answer.status_code, answer.text) == (200, questions.expected(path))
    assert again.status_code == 404


@pytest.mark.parametrize(("listener", "address"), LISTENERS.values(), ids=LISTENERS.keys())
async def test_path_of_a_question_is_like_any_unknown_path_at_other_times_at(listener: Listener, address: str) -> None:
    questions = Challenges(random.Random(1))
    with questions.issue() as path:
        pass
    async with at(listener, address, questions) as visitor:
        unknown, repeated = await visitor.get("/nothing"), await visitor.get(path)
    assert (repeated.status_code, repeated.headers, repeated.content) == (404, unknown.headers, unknown.content)


async def test_challenge_is_answered_to_get_at_the_onion_and_its_host_alone() -> None:
    questions = Challenges(random.Random(1))
    with questions.issue() as path:
        async with at(*LISTENERS["the clearnet's"], questions) as visitor:
            assert (await visitor.get(path)).status_code == 404
        async with at(*LISTENERS["the onion's"], questions) as visitor:
            assert (await visitor.post(path)).status_code in (403, 404, 405)
            assert (await visitor.get(path, headers={"host": "event.example"})).status_code == 421
            assert (await visitor.get(path)).text == questions.expected(path)
