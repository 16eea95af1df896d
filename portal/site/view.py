"""The view of one page for its template: links, texts, times, all in the language of the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial

from markupsafe import Markup, escape

from portal.domain.event.event import Event, Session, is_undecided
from portal.domain.event.languages import languages_of, own_language_of, surrounding_language
from portal.domain.language import N_, Language, Text
from portal.domain.language_tags import autonym, direction_of, language_name
from portal.domain.registration.retention import erasure_due, retention_days
from portal.domain.times import clock_time
from portal.site.catalogue import translated
from portal.site.links import ForeignAddress, link_target
from portal.site.markdown import markdown
from portal.site.outgoing import outgoing
from portal.site.paths import PageName, page_path, root_of
from portal.site.programme import KIND_NAMES
from portal.site.spans import day_times, session_start, session_times, time_element
from portal.site.times import day_in_words, days_in_words, in_zone, short_day_in_words, zone_in_words
from portal.site.typography import capitalised, typeset


@dataclass(frozen=True, slots=True)
class View:
    """One page at `path` (from the root, no leading slash) in `language`; `page` and `id` say which page it is.

    Where the portal has no words in `language`, they are in another one, by `own_language_of`.
    """

    event: Event
    path: str
    language: Language
    page: PageName | None
    id: str

    def href(self, page: PageName, id: str = "", language: Language | None = None) -> str:
        """Return the relative link from here to a page, in this language unless another is named."""
        return root_of(self.path) + page_path(page, language or self.language, id)

    def text(self, text: Text) -> str:
        """Return `text` for HTML: typeset, marked where it is not in the language of what surrounds it."""
        shown, spoken = self.spoken(text)
        marks = self.marks(spoken)
        return Markup("<span{}>{}</span>").format(marks, shown) if marks else escape(shown)

    def plain(self, text: Text) -> str:
        """Return `text` for places without markup, as a title."""
        return self.spoken(text)[0]

    def long_text(self, text: Text, level: int = 3) -> Markup:
        """Render `text` from Markdown, its headings from `<h{level}>` on, marked where it is in another language."""
        shown, spoken = self.spoken(text)
        if not shown:
            return Markup("")
        html, marks = markdown(shown, level, self._href_of_address), self.marks(spoken)
        return Markup("<div{}>{}</div>").format(marks, html) if marks else html

    def marks(self, spoken: Language) -> Markup:
        """Return the attributes of an element in the language `spoken`; none where its surroundings are in it."""
        return _marks(spoken, surrounding_language(self.event, self.language))

    def field_marks(self, spoken: Language) -> Markup:
        """Return the attributes of what is in the language `spoken` whatever its surroundings are: a field, a link."""
        return self.marks(spoken) or Markup(' lang="{}"').format(spoken)

    def names(self) -> Mapping[str, object]:
        """Return the names under which templates find all this."""
        own = own_language_of(self.event, self.language)
        return {
            "event": self.event,
            "language": self.language,
            "own_language": own,
            "languages": languages_of(self.event),
            "other_languages": [language for language in languages_of(self.event) if language != self.language],
            "direction": direction_of(self.language),
            "body_marks": _marks(surrounding_language(self.event, self.language), self.language),
            "marks": self.marks,
            "field_marks": self.field_marks,
            "language_name": partial(_language_name, own),
            "autonym": autonym,
            "page": self.page,
            "id": self.id,
            "root": root_of(self.path),
            "href": self.href,
            "path_of": partial(_path_of, self.language),
            "text": self.text,
            "plain": self.plain,
            "long_text": self.long_text,
            "day": partial(_day, own),
            "days": partial(_days, self.event, own),
            "hours": partial(_hours, self.event, own),
            "is_undecided": is_undecided,
            "kind_name": partial(_kind_name, own),
            "outgoing": outgoing,
            "session_times": partial(session_times, self.event, own),
            "start_of": partial(session_start, self.event, own),
            "day_times": partial(day_times, self.event, own),
            "short_day": partial(_short_day, own),
            "zone": zone_in_words(self.event.zone, own),
            "clock": partial(_clock, self.event, own),
            "moment": partial(_moment, self.event, own),
        }

    def _href_of_address(self, address: str) -> str | None:
        """Return the link from here to the target of an address in a text, "" for none, None where it is not ours."""
        try:
            target = link_target(self.event, address)
        except ForeignAddress:
            return None
        return self.href(target.page, target.id) if target else ""

    def spoken(self, text: Text) -> tuple[str, Language]:
        """Return `text` for places without markup, and the language that it is in."""
        spoken = text.language_for(self.language, languages_of(self.event))
        return typeset(text[spoken], spoken), spoken


def _language_name(language: Language, tag: Language) -> str:
    """Return the name of the language `tag`."""
    return language_name(tag, language)


def event_names(event: Event) -> Mapping[str, object]:
    """Return the names that are the same on every page of `event`."""
    return {
        "street_address": typeset(event.place.address, event.language),
        "erased_on": in_zone(event, erasure_due(event)).date(),
        "retention_days": retention_days(event),
        "sessions": {session.id: session for session in event.sessions},
        "themes": {theme.id: theme for theme in event.themes},
        "rooms": {room.id: room for room in event.rooms},
    }


def _path_of(language: Language, page: PageName) -> str:
    """Return the path of a page from the root of any site that has it."""
    return page_path(page, language)


@lru_cache(maxsize=512)
def _day(language: Language, day: date, *, alone: bool = False) -> Markup:
    """Return a day in words, readable by machines too; with a capital where it stands `alone`."""
    words = day_in_words(day, language)
    return time_element(day.isoformat(), capitalised(words) if alone else words)


def _short_day(language: Language, day: date, *, brief: bool = False) -> Markup:
    """Return a day among several, without its year, with a capital; `brief` in a list of links."""
    words = capitalised(short_day_in_words(day, language, brief=brief))
    return time_element(day.isoformat(), words)


def _days(event: Event, language: Language, *, alone: bool = False) -> Markup:
    """Return the only day of the event in words, or the first and the last."""
    first, last = event.days[0].date, event.days[-1].date
    if first == last:
        return _day(language, first, alone=alone)
    words = days_in_words(first, last, language)
    return escape(capitalised(words) if alone else words)


def _hours(event: Event, language: Language) -> Markup:
    """Return the times of the only day of the event; "" where it has several."""
    return day_times(event, language, event.days[0]) if len(event.days) == 1 else Markup("")


def _kind_name(language: Language, session: Session) -> str:
    """Return the type of `session`, translated where it is one of ours."""
    return translated(language, KIND_NAMES[session.kind]) if session.kind in KIND_NAMES else session.kind


def _clock(event: Event, language: Language, moment: datetime) -> Markup:
    """Return the time (aware) that the clocks of the event's zone show, readable by machines too (HTML §2.3.5)."""
    local = in_zone(event, moment)
    words = clock_time(local.time(), language)
    return time_element(local.isoformat(timespec="minutes"), words)


def _moment(event: Event, language: Language, moment: datetime) -> Markup:
    """Return a moment (aware) as the event's zone has it, readable by machines too."""
    local = in_zone(event, moment)
    day, clock = day_in_words(local.date(), language), clock_time(local.time(), language)
    words = translated(language, N_("%(day)s, %(clock)s"), {"day": day, "clock": clock})
    return time_element(local.isoformat(timespec="minutes"), words)


@lru_cache(maxsize=512)
def _marks(spoken: Language, around: Language) -> Markup:
    """Return the attributes of an element in the language `spoken` in an element in the language `around`."""
    if spoken == around:
        return Markup("")
    direction = direction_of(spoken)
    turned = Markup(' dir="{}"').format(direction) if direction != direction_of(around) else ""
    return Markup(' lang="{}"{}').format(spoken, turned)
