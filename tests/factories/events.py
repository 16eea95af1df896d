"""Events for the tests: a small one, as a file, and any at all, as a strategy of hypothesis."""

from datetime import UTC, date, datetime, time
from typing import Final

from hypothesis import strategies as st

from portal.domain.event.event import (
    Announcement,
    Collective,
    Colours,
    Day,
    Event,
    Link,
    Mirror,
    Place,
    Room,
    Session,
    SessionKind,
    Speaker,
    Texts,
    Theme,
)
from portal.domain.language import Text
from portal.domain.text import is_invisible

SMALL: Final = """\
[event]
id = "small"
name.fr = "Petit"
name.en = "Small"
lead.fr = "Une journée"
admission.fr = "Gratuite"
setting.fr = "Seule"
language = "fr"
day = "2026-12-15"
start = "11:00"
end = "17:30"
zone = "Europe/Paris"
retention_days = 7

[collective]
name = "collectif"
presentation.fr = "Un collectif."

[place]
name.fr = "Ici"
address = "1 rue"
city = "Paris"

[colours]
accent = "#a3241c"
ink = "#1d1a16"
paper = "#fbf8f1"

[texts]
manifesto.fr = "M"
access.fr = "A"
accessibility.fr = "Acc"
conduct.fr = "C"

[[themes]]
id = "libre"
name.fr = "Libre"

[[rooms]]
id = "salle-1"
name.fr = "Salle 1"

[[rooms]]
id = "salle-2"
name.fr = "Salle 2"

[[sessions]]
id = "accueil"
kind = "welcome"
title.fr = "Accueil"
start = "11:00"
end = "11:30"

[[sessions]]
id = "logiciel"
kind = "talk"
title.fr = "Logiciel"
room = "salle-1"
theme = "libre"
start = "11:30"
end = "12:30"
speakers = ["collectif"]

[[sessions]]
id = "ag"
kind = "assembly"
title.fr = "AG"
room = "salle-2"
start = "15:30"
end = "17:30"
"""

_signs = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")
lines = st.text(_signs, min_size=1, max_size=20).filter(lambda line: not is_invisible(line))
paragraphs = st.text(_signs | st.sampled_from("\n\t"), max_size=40)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
colours = st.from_regex(r"#[0-9A-Fa-f]{6}", fullmatch=True)

titles = st.builds(lambda fr, en, kab: Text(fr, en, kab=kab), lines, st.just("") | lines, st.just("") | lines)
proses = st.builds(lambda fr, en, de: Text(fr, en, de=de), paragraphs, paragraphs, st.just("") | paragraphs)
needed_proses = proses.filter(
    lambda text: (
        not text.is_blank()
        and not any(text[language].strip() and is_invisible(text[language]) for language in text.languages)
    )
)
tags = st.sampled_from(("fr", "pt-BR", "zh-Hant-TW", "de-CH-1996"))
links = st.builds(
    Link,
    url=st.from_regex(r"https?://[a-z]{1,8}\.example(/[a-z]{1,4})?", fullmatch=True),
    label=st.just("") | lines,
)

sessions = st.builds(
    Session,
    id=slugs,
    kind=st.sampled_from(SessionKind) | lines,
    title=titles,
    abstract=proses,
    start=clocks,
    end=clocks,
    rooms=st.lists(lines, max_size=2).map(tuple),
    themes=st.lists(lines, max_size=2).map(tuple),
    speakers=st.lists(lines, max_size=2).map(tuple),
    cancelled=st.booleans(),
    day=st.integers(1, 3),
    subtitle=st.just(Text()) | titles,
    description=proses,
    language=st.none() | tags,
    everywhere=st.none() | st.booleans(),
    shares_room=st.booleans(),
    links=st.lists(links, max_size=2).map(tuple),
    tags=st.lists(lines, max_size=2).map(tuple),
    guid=st.none() | lines,
)

rooms = st.builds(
    Room,
    id=slugs,
    name=titles,
    description=proses,
    capacity=st.none() | st.integers(1, 100_000),
    access_notes=proses,
)

moments = st.builds(
    lambda day, clock: datetime.combine(day, clock, UTC),
    st.dates(date(1000, 1, 1), date(9998, 1, 1)),
    clocks,
)
announcements = st.builds(
    Announcement,
    id=slugs,
    title=titles,
    text=proses,
    published=moments,
    important=st.booleans(),
    until=st.none() | moments,
)
web_addresses = st.from_regex(r"https://[a-z]{1,8}\.example(/[a-z0-9]{1,4}){0,2}/?", fullmatch=True) | st.from_regex(
    r"http://[a-z2-7]{56}\.onion", fullmatch=True
)
mirrors = st.builds(
    Mirror,
    id=slugs,
    name=lines,
    operator=lines,
    addresses=st.lists(web_addresses, min_size=1, max_size=2).map(tuple),
)

events: Final = st.builds(
    Event,
    id=slugs,
    name=titles,
    lead=titles,
    admission=titles,
    setting=titles,
    language=st.sampled_from(("fr", "en")),
    days=st.lists(
        st.builds(Day, date=st.dates(date(1000, 1, 1), date(9998, 12, 31)), start=clocks, end=clocks),
        min_size=1,
        max_size=3,
    ).map(tuple),
    zone=st.sampled_from(("Europe/Paris", "UTC", "America/Argentina/Buenos_Aires")),
    retention_days=st.integers(1, 365),
    collective=st.builds(Collective, name=lines, presentation=needed_proses),
    place=st.builds(Place, name=titles, address=lines, city=lines),
    colours=st.builds(Colours, accent=colours, ink=colours, paper=colours),
    texts=st.builds(
        Texts,
        manifesto=needed_proses,
        access=needed_proses,
        accessibility=needed_proses,
        conduct=needed_proses,
        agenda=proses,
    ),
    themes=st.lists(st.builds(Theme, id=slugs, name=titles, description=proses), max_size=3).map(tuple),
    rooms=st.lists(rooms, max_size=3).map(tuple),
    sessions=st.lists(sessions, max_size=3).map(tuple),
    speakers=st.lists(st.builds(Speaker, id=slugs, name=lines, biography=proses), max_size=2).map(tuple),
    announcements=st.lists(announcements, max_size=3).map(tuple),
    mirrors=st.lists(mirrors, max_size=3).map(tuple),
    uid=st.none() | slugs,
)
"""Every event that may be stored, whether or not its programme is in order."""
