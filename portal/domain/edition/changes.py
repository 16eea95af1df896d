"""Changes from one event to another, and of the addresses and mirrors, for the organisers and for the public."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from portal.domain.edition.announcement_changes import announcement_changes
from portal.domain.edition.change import (
    REPLACED,
    REWRITTEN,
    Change,
    are_reordered,
    changed,
    entries_in_both,
    entries_without,
    text_changed,
)
from portal.domain.edition.edition import Addresses
from portal.domain.edition.programme_changes import room_changes, speaker_changes, theme_changes
from portal.domain.edition.session_changes import session_changes
from portal.domain.event.event import Event
from portal.domain.event.languages import language_names, languages_of
from portal.domain.language import N_, Language, Text
from portal.domain.times import clock_text, day_text, span_text
from portal.domain.trust.signing import in_groups

_LANGUAGES: Final[Mapping[Language, str]] = {"fr": N_("French"), "en": N_("English")}


def changes(old: Event, new: Event) -> tuple[Change, ...]:
    """Return every change, in the order of the event's file; none when the two are equal. Ids must be unique.

    Each is shown as `translated(language, change.text, change.details_in(language))`.
    """
    return tuple(
        chain(
            _fact_changes(old, new),
            _text_changes(old, new),
            theme_changes(old, new),
            room_changes(old, new),
            session_changes(old, new),
            speaker_changes(old, new),
            announcement_changes(old, new),
            mirror_changes(old, new),
        )
    )


def _fact_changes(old: Event, new: Event) -> Iterator[Change]:
    has_one_day = len(old.days) == len(new.days) == 1
    after = _facts(new, has_one_day)
    for what, before in _facts(old, has_one_day).items():
        yield from _fact_changed(what, before, after[what])


def _fact_changed(what: str, before: object, after: object) -> Iterator[Change]:
    if isinstance(before, Text) and isinstance(after, Text):
        yield from text_changed(REPLACED, before, after, what=what)
    elif before != after:
        yield changed(REPLACED.in_several, what=what, old=before, new=after)


def _facts(event: Event, has_one_day: bool) -> Mapping[str, object]:
    """Return the values that fit on a line, by their names."""
    return {
        N_("The short name in addresses"): event.id,
        N_("The name of the event"): event.name,
        N_("The sentence under the name"): event.lead,
        N_("Who may come"): event.admission,
        N_("The setting of the event"): event.setting,
        N_("The language of the event"): _LANGUAGES.get(event.language) or language_names(event, (event.language,)),
        N_("The languages of the site"): language_names(event, sorted(languages_of(event))),
        **_days(event, has_one_day),
        N_("The time zone"): event.zone,
        N_("The days until registrations are erased"): event.retention_days,
        N_("The name of the collective"): event.collective.name,
        N_("The place"): event.place.name,
        N_("The address"): event.place.address,
        N_("The city"): event.place.city,
        N_("The accent colour"): event.colours.accent,
        N_("The ink colour"): event.colours.ink,
        N_("The paper colour"): event.colours.paper,
    }


def _days(event: Event, has_one_day: bool) -> Mapping[str, object]:
    """Return the days, by their names; the opening and the closing time of an only day."""
    languages = languages_of(event)
    if has_one_day:
        (day,) = event.days
        opening, closing = clock_text(day.start, languages), clock_text(day.end, languages)
        times = {N_("The opening time"): opening, N_("The closing time"): closing}
        return {N_("The day"): day_text(day.date, languages, with_year=True), **times}
    return {N_("The days"): Text(**{language: _days_in(event, language) for language in languages})}


def _days_in(event: Event, language: Language) -> str:
    """Return the days with their times in `language`: `sam. 12 juin 2027, 10 h – 18 h · dim. 13 juin 2027, …`."""
    times = (span_text(day.start, day.end, (language,))[language] for day in event.days)
    dates = (day_text(day.date, (language,), with_year=True)[language] for day in event.days)
    return " · ".join(f"{date}, {time}" for date, time in zip(dates, times, strict=True))


def _text_changes(old: Event, new: Event) -> Iterator[Change]:
    after = _texts(new)
    for what, before in _texts(old).items():
        yield from text_changed(REWRITTEN, before, after[what], what=what)


def _texts(event: Event) -> Mapping[str, Text]:
    """Return the texts of several lines, by their names."""
    return {
        N_("The presentation of the collective"): event.collective.presentation,
        N_("The manifesto"): event.texts.manifesto,
        N_("How to come"): event.texts.access,
        N_("Accessibility"): event.texts.accessibility,
        N_("The code of conduct"): event.texts.conduct,
        N_("The agenda of the assembly"): event.texts.agenda,
    }


def mirror_changes(old: Event, new: Event) -> Iterator[Change]:
    """Yield the mirrors added, taken out, changed, put in another order."""
    for mirror in entries_without(new.mirrors, old.mirrors):
        yield changed(N_("New copy: “%(title)s”."), title=mirror.name)
    for mirror in entries_without(old.mirrors, new.mirrors):
        yield changed(N_("Copy removed from the list: “%(title)s”."), title=mirror.name)
    for before, after in entries_in_both(old.mirrors, new.mirrors):
        if before != after:
            yield changed(N_("The entry of the copy “%(title)s” has changed."), title=after.name)
    if are_reordered(old.mirrors, new.mirrors):
        yield changed(N_("The copies are in another order."))


def address_changes(old: Addresses, new: Addresses) -> Iterator[Change]:
    """Yield the change of the addresses, then that of the fingerprint."""
    if (old.onion, old.clearnet) != (new.onion, new.clearnet):
        known = ", ".join(address for address in (new.onion, new.clearnet) if address)
        if known:
            yield changed(N_("The addresses of the portal: %(addresses)s"), addresses=known)
        else:
            yield changed(N_("The portal has no public address any more."))
    if old.fingerprint != new.fingerprint:
        if new.fingerprint:
            yield changed(N_("The fingerprint on the pages: %(fingerprint)s"), fingerprint=in_groups(new.fingerprint))
        else:
            yield changed(N_("The pages show no fingerprint any more."))
