"""An edition to its public files. Pure: no clock, no host name, no request, and equal editions give equal bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from types import ModuleType
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from portal.domain import limits
from portal.domain.edition.edition import Addresses, Edition
from portal.domain.event.event import Event
from portal.domain.event.languages import languages_of, own_language_of
from portal.domain.language import Language
from portal.domain.registration.stored_fields import STORED_FIELDS, STORED_TABLES
from portal.domain.trust.signing import in_groups
from portal.site import changelog, grid, times
from portal.site.calendar import CALENDAR, Calendars, stamped
from portal.site.environment import environment
from portal.site.feed import ATOM, event_feed
from portal.site.files import JSON, File, Files
from portal.site.giggity import giggity_menu
from portal.site.pages import OF_ONE_EDITION, public_pages
from portal.site.paths import GIGGITY, SCHEDULE_JSON, SCHEDULE_XML, PageName, is_of_organisers, page_path, root_of
from portal.site.programme import Programme
from portal.site.public_urls import public_address
from portal.site.qr import qr_image
from portal.site.schedule_files import XML, numbered_json, numbered_xml, schedule_json, schedule_xml
from portal.site.style import content_security_policy, organisers_stylesheet, style_hash, stylesheet
from portal.site.view import View, event_names

HTML: Final = "text/html; charset=utf-8"
"""The media type of a page."""

_NEVER: Final = datetime.fromtimestamp(0, UTC)
_STYLE: Final = "style"
_PLACE: Final = b"\0"
"""Mark before and after the name of a part in a skeleton. No text of an event may have it."""
_PARTS_KEPT: Final = 256
"""Parts that a renderer keeps: of each language and depth, and paths that a visitor made up may be of any depth."""

_TEMPLATE_MODULES: Final[dict[str, ModuleType]] = {"changelog": changelog, "grid": grid, "times": times}


@dataclass(frozen=True, slots=True)
class Preview:
    """The notice above every page of a preview.

    `back`: the link from their root to the page of the organisers that they come from; `is_draft`: whether it is no
    edition yet; `has_faults`: whether it could not be published as it is.
    """

    back: str
    is_draft: bool = False
    has_faults: bool = False


@dataclass(frozen=True, slots=True)
class EditionBase:
    """The part of an edition that most pages are rendered from, beside templates/parts.

    It stands in their templates as `edition`. The `event` is without its announcements, which leave it as it is.
    """

    addresses: Addresses
    event: Event


def base_edition(edition: Edition) -> Edition:
    """Return an edition number 0, of no date, with the base of `edition` alone."""
    return Edition(0, _NEVER, "", edition.addresses, replace(edition.event, announcements=()))


class Renderer:
    """Makes every page that looks like `edition`: the public ones, and those that the origin makes for one person.

    With `preview`, each says that the public does not see it.
    """

    def __init__(self, edition: Edition, preview: Preview | None = None) -> None:
        self.edition = edition
        self.preview = preview
        style, of_organisers = stylesheet(edition.event), organisers_stylesheet(edition.event)
        self.style_hash = style_hash(style)
        self.organisers_style_hash = style_hash(of_organisers)
        self._style, self._organisers_style = _style_context(style), _style_context(of_organisers)
        base = base_edition(edition)
        self._base = EditionBase(base.addresses, base.event)
        self.programme = Programme(self._base.event)
        self._shared_context = {
            "edition": edition,
            "onion_qr": qr_image(edition.addresses.onion) if edition.addresses.onion else "",
            "fingerprint": in_groups(edition.addresses.fingerprint or ""),
            "preview": preview,
            "programme": self.programme,
            "limits": limits,
            "schedule_xml": SCHEDULE_XML,
            "schedule_json": SCHEDULE_JSON,
            "giggity": public_address(edition) and GIGGITY,
            "stored_fields": STORED_FIELDS,
            "stored_tables": STORED_TABLES,
            **event_names(edition.event),
            **_TEMPLATE_MODULES,
        }
        self._base_context = {
            **self._shared_context,
            **_style_context(style),
            "edition": self._base,
            "part": _place_of,
            "style": _place_of(_STYLE),
        }
        self._part_once = lru_cache(maxsize=_PARTS_KEPT)(self._part)

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
        """Render `template` as UTF-8, for an answer at `path` (the request's, without its leading slash).

        `page` and `id` say which page this is, for the menu and for the links to the same page in other languages;
        without them those links lead home. `context` is what the template needs beside the names of `View`.
        """
        view = View(self.edition.event, path, language, page, id)
        style = self._organisers_style if page is not None and is_of_organisers(page) else self._style
        part = {"part": partial(self._part_once, root_of(path), language)}
        names = {**self._shared_context, **style, **part, **view.names(), **context}
        return self._environment(language).get_template(template).render(names).encode()

    def skeleton(self, template: str, path: str, language: Language, page: PageName | None, id: str) -> bytes:
        """Render a public page from the base of the edition alone, with places for the style and the parts."""
        view = View(self._base.event, path, language, page, id)
        names = {**self._base_context, **view.names()}
        return self._environment(language).get_template(template).render(names).encode()

    def filled(self, skeleton: bytes, path: str, language: Language) -> bytes:
        """Return the page at `path` of which `skeleton` was made, by this or another edition of the same base."""
        pieces, root = skeleton.split(_PLACE), root_of(path)
        pieces[1::2] = [self._part_once(root, language, name.decode()).encode() for name in pieces[1::2]]
        return b"".join(pieces)

    def _part(self, root: str, language: Language, name: str) -> Markup:
        """Render the part `name` for the pages from which the way back to the root of the site is `root`."""
        if name == _STYLE:
            return self._style[_STYLE]
        view = View(self.edition.event, "" if root == root_of("") else root, language, None, "")
        names = {**self._shared_context, **view.names()}
        return Markup(self._environment(language).get_template(f"parts/{name}.html").render(names))  # noqa: S704 - escaped

    def _environment(self, language: Language) -> Environment:
        return environment(own_language_of(self.edition.event, language))


def _place_of(name: str) -> Markup:
    """Return the place of a part in a skeleton."""
    return Markup(f"\0{name}\0")  # noqa: S704 - our own word


def _style_context(style: str) -> dict[str, Markup]:
    """Return the style of a page, and the policy that allows it."""
    return {
        "style": Markup(style),  # noqa: S704 - made of our own files and of checked colours
        "policy": Markup(content_security_policy(style)),  # noqa: S704 - its quotes stand in double quotes
    }


@dataclass(frozen=True, slots=True)
class SkeletonPage:
    """A page of the base of an edition: its `skeleton`, which may be kept, and the page that is made of one."""

    renderer: Renderer
    template: str
    path: str
    language: Language
    page: PageName
    id: str

    def skeleton(self) -> bytes:
        """Render the skeleton."""
        return self.renderer.skeleton(self.template, self.path, self.language, self.page, self.id)

    def filled(self, skeleton: bytes) -> File:
        """Return the page of its `skeleton`."""
        return File(self.renderer.filled(skeleton, self.path, self.language), HTML)

    def __call__(self) -> File:
        """Render the page."""
        return self.filled(self.skeleton())


@dataclass(frozen=True, slots=True)
class SkeletonFile:
    """A calendar or schedule of an edition: its `skeleton`, of the base alone, and how it is `stamped` as of one."""

    media_type: str
    skeleton: Callable[[], bytes]
    stamped: Callable[[bytes], bytes]

    def filled(self, skeleton: bytes) -> File:
        """Return the file of its `skeleton`."""
        return File(self.stamped(skeleton), self.media_type)

    def __call__(self) -> File:
        """Write the file."""
        return self.filled(self.skeleton())


def render(edition: Edition) -> Files:
    """Return every public file of `edition` by path: pages, calendars and a feed in each language, schedules, a 404."""
    return {path: render_file() for path, render_file in file_renderers(Renderer(edition)).items()}


def file_at(renderer: Renderer, path: str) -> File | None:
    """Return the one file of `render` at `path`, rendered alone; None where the edition has none."""
    render_file = file_renderers(renderer).get(path)
    return None if render_file is None else render_file()


def file_renderers(renderer: Renderer) -> Mapping[str, Callable[[], File]]:
    """Return a function for each file of `render` that renders it, by path: with a skeleton where it can have one."""
    edition, files = renderer.edition, dict[str, Callable[[], File]]()
    first, page_of = edition.event.language, renderer.page
    for language in languages_of(edition.event):
        for page, id, template in public_pages(edition):
            path = page_path(page, language, id)
            files[f"{path}index.html"] = (
                _file(HTML, partial(page_of, template, path, language, page, id=id))
                if page in OF_ONE_EDITION or renderer.preview
                else SkeletonPage(renderer, template, path, language, page, id)
            )
        files |= _calendars(edition, language)
        files[page_path("feed", language)] = _file(ATOM, partial(event_feed, edition, language))
    files["index.html"] = _file(HTML, partial(page_of, "site/home.html", "", first, "home"))
    missing = partial(page_of, "error.html", "404.html", first, status=404, message="")
    return {**files, "404.html": _file(HTML, missing), **_schedules(edition)}


def _calendars(edition: Edition, language: Language) -> dict[str, Callable[[], File]]:
    """Return the files of the calendars in `language`: of the event, and of each session, theme and room."""
    event, calendars, stamp = (
        edition.event,
        Calendars(base_edition(edition), language),
        partial(stamped, edition=edition),
    )
    contents: dict[str, Callable[[], bytes]] = {page_path("calendar", language): calendars.of_event}
    for session in event.sessions:
        contents[page_path("session_calendar", language, session.id)] = partial(calendars.of_session, session)
    for theme in event.themes:
        contents[page_path("theme_calendar", language, theme.id)] = partial(calendars.of_theme, theme)
    for room in event.rooms:
        contents[page_path("room_calendar", language, room.id)] = partial(calendars.of_room, room)
    return {path: SkeletonFile(CALENDAR, content, stamp) for path, content in contents.items()}


def _schedules(edition: Edition) -> dict[str, Callable[[], File]]:
    """Return the files for conference apps, which are in the event's language alone."""
    base, number = base_edition(edition), edition.number
    files: dict[str, Callable[[], File]] = {
        SCHEDULE_XML: SkeletonFile(XML, partial(schedule_xml, base), partial(numbered_xml, number=number)),
        SCHEDULE_JSON: SkeletonFile(JSON, partial(schedule_json, base), partial(numbered_json, number=number)),
    }
    if public_address(edition) is None:
        return files
    return files | {GIGGITY: _file(JSON, partial(giggity_menu, edition))}


def _file(media_type: str, content: Callable[[], bytes]) -> Callable[[], File]:
    return lambda: File(content(), media_type)
