"""The news as a feed (Atom, RFC 4287), for people with a feed reader."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup, escape

from portal.domain.edition.announcement_changes import ANNOUNCED, WITHDRAWN
from portal.domain.edition.edition import Edition, HistoryEntry
from portal.domain.event.event import Announcement
from portal.domain.event.exported_ids import key_of
from portal.domain.event.languages import own_language_of
from portal.domain.language import Language, Text
from portal.domain.text import stable_id
from portal.site import changelog
from portal.site.catalogue import catalogue
from portal.site.paths import PageName, page_path
from portal.site.public_urls import public_address
from portal.site.view import View

ATOM: Final = "application/atom+xml; charset=utf-8"
"""The media type of a feed (RFC 4287 §7)."""

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"


def event_feed(edition: Edition, language: Language) -> bytes:
    """Return a feed in `language`: the announcements in force, and the newest editions, with what each changed.

    Ids (§4.2.6) are made of the event's and name no host. Links are absolute once an address is published, for many
    readers resolve no others; before that they are relative to where the feed was fetched from (RFC 3986 §5.1.3).
    The edition of an announcement appears as the announcement alone.
    """
    return _Feed(edition, language).content()


@dataclass(frozen=True, slots=True)
class _FeedView(View):
    """View of a feed, whose links are absolute where the site has an `address`."""

    address: str | None

    def href(self, page: PageName, id: str = "", language: Language | None = None) -> str:
        """Return the link to a page, in this language unless another is named."""
        if self.address is None:
            return View.href(self, page, id, language)
        return f"{self.address}/{page_path(page, language or self.language, id)}"


class _Feed:
    """The builder of one feed."""

    def __init__(self, edition: Edition, language: Language) -> None:
        self.edition = edition
        self.language = language
        self.own_language = own_language_of(edition.event, language)
        self.translate = catalogue(self.own_language).gettext
        path, address = page_path("feed", language), public_address(edition)
        self.view = _FeedView(edition.event, path, language, "feed", "", address)

    def content(self) -> bytes:
        event, view = self.edition.event, self.view
        feed = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": self.language})
        _add(feed, "id", self._id("feed"))
        self._add_text(feed, "title", event.name)
        self._add_text(feed, "subtitle", event.lead)
        _add(feed, "updated", _moment(self.edition.published))
        _add(SubElement(feed, "author"), "name", event.collective.name)
        _add(feed, "link", rel="self", type="application/atom+xml", href=view.href("feed"))
        _add(feed, "link", rel="alternate", type="text/html", href=view.href("news"))
        entries = sorted((*self._announcements(), *self._editions()), key=lambda pair: pair[0], reverse=True)
        for _, entry in entries:
            feed.append(entry)
        content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
        return content

    def _announcements(self) -> Iterator[tuple[datetime, Element]]:
        for announcement in self.edition.event.announcements:
            yield announcement.published, self._announcement(announcement)

    def _announcement(self, announcement: Announcement) -> Element:
        entry = self._entry("announcement", announcement.id, announcement.published, self._corrected(announcement))
        self._add_text(entry, "title", announcement.title)
        page = f"{self.view.href('home')}#announcement-{announcement.id}"
        _add(entry, "link", rel="alternate", type="text/html", href=page)
        if announcement.text.languages:
            _add(entry, "content", self.view.long_text(announcement.text), type="html")
        return entry

    def _corrected(self, announcement: Announcement) -> datetime | None:
        """Return the publication of the newest edition that changed the announcement; None where none did (§4.2.15)."""
        for step in self.edition.history:
            for change in step.changes:
                is_new = change.text in (ANNOUNCED, WITHDRAWN)
                if not is_new and ("title", announcement.title) in change.details:
                    return step.published
        return None

    def _editions(self) -> Iterator[tuple[datetime, Element]]:
        steps = [step for step in changelog.newest_steps(self.edition) if not changelog.is_announcement(step)]
        for news in changelog.edition_news(self.edition, steps, self.language):
            yield news.step.published, self._step(news.step, news)

    def _step(self, step: HistoryEntry, news: changelog.EditionNews) -> Element:
        entry = self._entry("edition", self._name(step), step.published)
        number = self.translate("Edition %(number)s") % {"number": step.number}
        spoken = self.edition.event.language if news.comment else self.language
        _add(entry, "title", news.comment or next(iter(news.changes), number), **self._foreign(spoken))
        _add(entry, "link", rel="alternate", type="text/html", href=f"{self.view.href('news')}#edition-{step.number}")
        _add(entry, "content", self._list(number, news), type="html")
        return entry

    def _name(self, step: HistoryEntry) -> str:
        """Return the number of an edition, and its moment: a portal made from the file of another begins at 1 again."""
        return f"{step.number} {_moment(step.published)}" if self.edition.event.uid else str(step.number)

    def _list(self, number: str, news: changelog.EditionNews) -> Markup:
        """Return the changes of an edition as HTML."""
        items = [*news.changes]
        if news.more:
            items.append(changelog.further_changes(news.more, self.own_language))
        lines = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
        return Markup("<p>{}</p>").format(number) + (Markup("<ul>{}</ul>").format(lines) if items else escape(""))

    def _entry(self, kind: str, name: str, published: datetime, updated: datetime | None = None) -> Element:
        entry = Element("entry")
        _add(entry, "id", self._id(kind, name))
        _add(entry, "published", _moment(published))
        _add(entry, "updated", _moment(max(published, updated or published)))
        return entry

    def _id(self, *parts: str) -> str:
        return stable_id(key_of(self.edition.event), self.language, *parts)

    def _add_text(self, parent: Element, name: str, text: Text) -> None:
        """Add a text construct (§3.1), plain, marked where it is in another language."""
        shown, spoken = self.view.spoken(text)
        _add(parent, name, shown, **self._foreign(spoken))

    def _foreign(self, spoken: Language) -> dict[str, str]:
        return {} if spoken == self.language else {"xml:lang": spoken}


def _add(parent: Element, tag: str, content: str = "", **attributes: str) -> None:
    # Plain, for the markup of a page escapes whatever is put into it, and the writer of the feed would be put into it.
    SubElement(parent, tag, attributes).text = str(content) or None


def _moment(moment: datetime) -> str:
    """Return a moment in UTC as RFC 3339 has it (§3.3): `2026-12-02T13:05:00Z`."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
