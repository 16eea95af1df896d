"""The language of an answer, and the way to another page."""

from types import SimpleNamespace

import pytest
from starlette.requests import Request

from portal.routes.context import language_of, redirect_to
from portal.routes.current_edition import CurrentEdition
from portal.site.paths import PageName
from tests.factories.sample import edition

APP = SimpleNamespace(state=SimpleNamespace(current=CurrentEdition(edition(), lambda _: True)))


def request_for(path: str) -> Request:
    return Request({"type": "http", "path": path, "app": APP})


@pytest.mark.parametrize(
    ("path", "language"),
    [("/fr/", "fr"), ("/en/ticket/", "en"), ("/", "fr"), ("/english/", "fr"), ("*", "fr"), ("//en/", "fr")],
)
def test_answer_is_in_the_language_of_its_path_or_of_the_event(path: str, language: str) -> None:
    assert language_of(request_for(path)) == language


@pytest.mark.parametrize(
    ("path", "page", "location"),
    [
        ("/fr/inscription/", "ticket", "../../fr/billet/"),
        ("/en/organisers/sessions/welcome/", "draft_programme", "../../../../en/organisers/programme/"),
    ],
)
def test_way_to_another_page_names_no_host(path: str, page: PageName, location: str) -> None:
    response = redirect_to(request_for(path), page)
    assert (response.status_code, response.headers["location"]) == (303, location)
