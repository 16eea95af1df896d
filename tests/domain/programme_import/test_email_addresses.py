"""E-mail addresses in the programmes of other programs."""

from typing import Final

import pytest

from portal.domain.programme_import.file_format import read_programme
from portal.domain.programme_import.programme import ImportedPerson, Programme, Remark
from tests.factories.programmes import event_of_json, schedule_of_json

READ_BY_ALL: Final = "Texts with e-mail addresses, which everybody will be able to read: %(count)s"
LINKS: Final = "Texts with links to e-mail addresses, of which only the words are kept: %(count)s"
OF_SPEAKERS: Final = "E-mail addresses of speakers, which are never taken over: %(count)s"


def programme_of(speakers: str = "", description: str = "") -> Programme:
    cells = ";".join('"' + cell.replace('"', '""') + '"' for cell in ("Alpha", speakers, description))
    return read_programme(f"date;start;end;title;speakers;description\n2027-06-12;9:30;10:15;{cells}".encode(), "a.csv")


SPEAKERS: Final = {
    "angle brackets": ("Ada Lorem <ada@lorem.example>", ["Ada Lorem"], "Ada Lorem"),
    "quotes around the name": ('"Ada Lorem" <ada@lorem.example>', ["Ada Lorem"], "Ada Lorem"),
    "parentheses": ("Ada Lorem (ada.l+x@lorem.example)", ["Ada Lorem"], "Ada Lorem"),
    "a dash": ("Ada Lorem - ada@mail.lorem.example", ["Ada Lorem"], "Ada Lorem"),
    "a link": ("Ada Lorem mailto:ada@lorem.example", ["Ada Lorem"], "Ada Lorem"),
    "an address alone": ("ada@lorem.example, Bo", ["Bo"], "Alpha"),
    "the name of an account": ("Ada @ada@lorem.example", ["Ada @ada@lorem.example"], None),
    "a name with an @": ("Ada @ Lorem", ["Ada @ Lorem"], None),
}


@pytest.mark.parametrize(("cell", "names", "about"), SPEAKERS.values(), ids=SPEAKERS.keys())
def test_speaker_loses_the_address(cell: str, names: list[str], about: str | None) -> None:
    programme = programme_of(speakers=cell)
    assert [person.name for person in programme.sessions[0].persons] == names
    assert programme.lost == ((Remark(OF_SPEAKERS, 1, (about,)),) if about else ())


TEXTS: Final = {
    "a link of HTML": ('<p>Un <a href="mailto:ada@lorem.example?subject=a b">mot</a></p>', "Un mot", (LINKS,), ()),
    "a link of Markdown": (
        "Un [mot](mailto:ada@lorem.example) et [deux](MAILTO:b@c.example)",
        "Un mot et deux",
        (LINKS,),
        (),
    ),
    "a link whose words are the address": (
        '<a href="mailto:ada@lorem.example">ada@lorem.example</a>',
        "ada@lorem.example",
        (LINKS,),
        (READ_BY_ALL,),
    ),
    "an address alone": ("Questions: ada@lorem.example.", "Questions: ada@lorem.example.", (), (READ_BY_ALL,)),
    "a link in angle brackets": ("<ada@lorem.example>", "<ada@lorem.example>", (), (READ_BY_ALL,)),
    "an account": ("@ada@lorem.example, https://lorem.example/@ada", None, (), ()),
    "a package with its version": ("lorem@1.2.3 and a@b", None, (), ()),
}


@pytest.mark.parametrize(("raw", "text", "lost", "assumed"), TEXTS.values(), ids=TEXTS.keys())
def test_address_in_a_text_is_said(raw: str, text: str | None, lost: tuple[str, ...], assumed: tuple[str, ...]) -> None:
    programme = programme_of(description=raw)
    assert programme.sessions[0].description == (text or raw)
    assert programme.lost == tuple(Remark(each, 1, ("Alpha",)) for each in lost)
    assert programme.assumed == tuple(Remark(each, 1, ("Alpha",)) for each in assumed)


def test_addresses_are_counted_once_for_each_text() -> None:
    persons = [{"name": "Ada <ada@lorem.example>", "biography": "[Moi](mailto:ada@lorem.example), bo@lorem.example"}]
    events = [
        event_of_json(guid=guid, title=guid, url="", origin_url="", feedback_url="", persons=persons) for guid in "ab"
    ]
    programme = read_programme(schedule_of_json(*events), "a.json")
    assert [session.persons for session in programme.sessions] == [
        (ImportedPerson("Ada", "Moi, bo@lorem.example"),)
    ] * 2
    assert programme.lost == (Remark(OF_SPEAKERS, 2, ("Ada",)), Remark(LINKS, 2, ("Ada",)))
    assert programme.assumed == (Remark(READ_BY_ALL, 1, ("Ada",)),)
