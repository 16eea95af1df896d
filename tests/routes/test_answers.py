"""The language of an answer, and the way to another page."""

from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request

from portal.app import create_app
from portal.routes.answers import go_to, language_of
from portal.site.paths import PageName
from tests.routes.house import House, open_house
from tests.site.sample import edition

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with open_house() as made:
        yield made


def request_for(house: House, path: str) -> Request:
    return Request({"type": "http", "path": path, "app": create_app(house.services(), edition())})


@pytest.mark.parametrize(
    ("path", "language"),
    [("/fr/", "fr"), ("/en/ticket/", "en"), ("/", "fr"), ("/english/", "fr"), ("*", "fr"), ("//en/", "fr")],
)
async def test_answer_is_in_the_language_of_its_path_or_of_the_event(house: House, path: str, language: str) -> None:
    assert language_of(request_for(house, path)) == language


@pytest.mark.parametrize(
    ("path", "page", "id", "location"),
    [
        ("/fr/inscription/", "ticket", "", "../../fr/billet/"),
        ("/en/organisers/sessions/welcome/", "draft", "lunch", "../../../../en/organisers/sessions/lunch/"),
    ],
)
async def test_way_to_another_page_names_no_host(
    house: House, path: str, page: PageName, id: str, location: str
) -> None:
    response = go_to(request_for(house, path), page, id)
    assert (response.status_code, response.headers["location"]) == (303, location)
