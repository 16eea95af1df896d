"""Links to other sites: nothing but a web address is followed, and its host is always in sight."""

from typing import Final

import pytest

from portal.domain.event.event import Link
from portal.site.outgoing import OutgoingLink, outgoing

LINKS: Final = {
    "with a label": (
        Link("https://slides.example/a?b=1", "Slides"),
        OutgoingLink("https://slides.example/a?b=1", "Slides", "slides.example"),
    ),
    "without a label": (Link("http://a.example/b"), OutgoingLink("http://a.example/b", "a.example/b", "")),
    "a script": (Link("javascript:alert(1)", "Slides"), OutgoingLink("", "Slides", "")),
    "data": (Link("data:text/html,x"), OutgoingLink("", "data:text/html,x", "")),
    "no host": (Link("https:///path", "Slides"), OutgoingLink("", "Slides", "")),
    "another host before the real one": (
        Link("https://bank.example@thief.example/", "Slides"),
        OutgoingLink("https://bank.example@thief.example/", "Slides", "thief.example"),
    ),
}


@pytest.mark.parametrize(("link", "shown"), LINKS.values(), ids=LINKS.keys())
def test_link_shows_its_words_and_its_host(link: Link, shown: OutgoingLink) -> None:
    assert outgoing(link) == shown
