"""An edition to its public files. Pure: no clock, no host name, no request, and equal editions give equal bytes."""

from types import ModuleType
from typing import Final

from markupsafe import Markup

from portal.domain.edition import Edition
from portal.domain.language import LANGUAGES, Language
from portal.domain.stored_fields import STORED_BESIDE, STORED_FIELDS
from portal.site import changelog, programme, times
from portal.site.calendar import CALENDAR, event_calendar
from portal.site.environment import environment
from portal.site.feed import ATOM, event_feed
from portal.site.files import File, Files
from portal.site.pages import public_pages
from portal.site.paths import PageName, is_of_organisers, page_path
from portal.site.qr import qr_image
from portal.site.style import content_security_policy, organisers_stylesheet, style_hash, stylesheet
from portal.site.view import View

HTML: Final = "text/html; charset=utf-8"
"""The media type of a page."""

_ROOMS_OF_HELP: Final[dict[str, ModuleType]] = {"changelog": changelog, "programme": programme, "times": times}


class Renderer:
    """Makes every page that looks like `edition`: the public ones, and those that the origin makes for one person."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        style, of_organisers = stylesheet(edition.event), organisers_stylesheet(edition.event)
        self.style_hash = style_hash(style)
        self.organisers_style_hash = style_hash(of_organisers)
        self._look, self._look_of_organisers = _look(style), _look(of_organisers)
        self._same_for_all = {
            "edition": edition,
            "onion_qr": qr_image(edition.addresses.onion) if edition.addresses.onion else "",
            "stored_fields": STORED_FIELDS,
            "stored_beside": STORED_BESIDE,
            **_ROOMS_OF_HELP,
        }

    def page(
        self,
        template: str,
        path: str,
        language: Language,
        page: PageName | None = None,
        *,
        id: str = "",
        **context: object,
    ) -> bytes:
        """`template` as UTF-8, for an answer at `path` (the request's, without its leading slash).

        `page` and `id` say which page this is, for the menu and for the link to the same page in the other language;
        without them that link leads home. `context` is what the template needs beside the names of `View`.
        """
        view = View(self.edition.event, path, language, page, id)
        look = self._look_of_organisers if page is not None and is_of_organisers(page) else self._look
        names = {**self._same_for_all, **look, **view.names(), **context}
        return environment(language).get_template(template).render(names).encode()


def _look(style: str) -> dict[str, Markup]:
    """The style of a page, and the policy that allows it."""
    return {
        "style": Markup(style),  # noqa: S704 - made of our own files and of checked colours
        "policy": Markup(content_security_policy(style)),  # noqa: S704 - its quotes stand in double quotes
    }


def render(edition: Edition) -> Files:
    """Every public file of `edition` by its path: pages, a calendar, a feed in each language, the root, a 404."""
    renderer, files = Renderer(edition), dict[str, File]()
    first = edition.event.language
    for language in LANGUAGES:
        for page, id, template in public_pages(edition):
            path = page_path(page, language, id)
            content = renderer.page(template, path, language, page, id=id)
            files[f"{path}index.html"] = File(content, HTML)
        files[page_path("calendar", language)] = File(event_calendar(edition, language), CALENDAR)
        files[page_path("feed", language)] = File(event_feed(edition, language), ATOM)
    files["index.html"] = File(renderer.page("public/home.html", "", first, "home"), HTML)
    files["404.html"] = File(renderer.page("errors/page.html", "404.html", first, status=404, message=""), HTML)
    return files
