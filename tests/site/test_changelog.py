"""The news: every edition in words, once, in the language of the page, on pages that stay light."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.edition.announcement_changes import ANNOUNCED
from portal.domain.edition.change import Change, changed
from portal.domain.edition.edition import Edition
from portal.domain.event.languages import languages_of
from portal.domain.language import Language, Text
from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, CHANGES_A_PAGE, EDITIONS_A_PAGE
from portal.site import changelog
from portal.site.catalogue import translated
from portal.site.render import render
from portal.web.padding import compress_public
from tests.factories.document import Document
from tests.factories.editions import RENAMED, edition_of, long_history, step
from tests.factories.sample import EVENT

STRIKE: Final = changed(ANNOUNCED, title=Text("Grève", "Strike"))
NAMED: Final = changed(RENAMED, old=Text("Outils", "Tools"), new=Text("Nos outils", "Our tools"))
FIRST: Final = step(1, "Première édition.")


def sections(path: str, edition: Edition) -> list[str]:
    """Return the text of each edition on a page, its spaces joined."""
    found = Document(render(edition)[path].content.decode())
    return [" ".join(section.text.split()) for section in found.all("section")]


def test_page_tells_every_edition_the_newest_first_in_french() -> None:
    edition = edition_of(step(2, "Un nom plus clair.", NAMED), FIRST)
    assert sections("fr/nouveautes/index.html", edition) == [
        "Édition 2 dimanche 1er novembre 2026 à 11 h Un nom plus clair. « Outils » s’appelle désormais « Nos outils ».",
        "Édition 1 dimanche 1er novembre 2026 à 10 h Première édition.",
    ]


def test_comment_is_marked_as_foreign_in_the_other_language_and_changes_are_in_its_own() -> None:
    found = Document(
        render(edition_of(step(2, "Un nom plus clair.", NAMED), FIRST))["en/news/index.html"].content.decode()
    )
    foreign = [paragraph.text for paragraph in found.all("p") if paragraph.attributes.get("lang") == "fr"]
    assert foreign == ["Un nom plus clair.", "Première édition."]
    assert [item.text for item in found.all("li") if "called" in item.text] == ["“Tools” is now called “Our tools”."]


@pytest.mark.parametrize(
    ("language", "sentence"), [("fr", "Annonce\xa0: «\xa0Grève\xa0»."), ("en", "Announcement: “Strike”.")]
)
def test_edition_of_an_announcement_is_told_once_in_each_language(language: Language, sentence: str) -> None:
    comment = translated("fr", ANNOUNCED, {"title": "Grève"})
    edition = edition_of(step(2, comment, STRIKE), FIRST)
    (news,) = changelog.edition_news(edition, edition.history[:1], language)
    assert (news.comment, news.changes, news.more) == ("", (sentence,), 0)


PAGES: Final[dict[str, tuple[int, list[int]]]] = {
    "one edition": (1, []),
    "as many as a page holds": (EDITIONS_A_PAGE, []),
    "one more": (EDITIONS_A_PAGE + 1, [1]),
    "twice as many": (2 * EDITIONS_A_PAGE, [1]),
    "twice as many and one": (2 * EDITIONS_A_PAGE + 1, [2, 1]),
}


@pytest.mark.parametrize(("editions", "pages"), PAGES.values(), ids=PAGES.keys())
def test_older_editions_go_to_pages_of_their_own(editions: int, pages: list[int]) -> None:
    edition = long_history(editions, 1)
    assert list(changelog.older_pages(edition)) == pages
    shown = {step.number for step in changelog.newest_steps(edition)}
    shown |= {step.number for page in pages for step in changelog.steps_on_page(edition, page)}
    assert shown == set(range(1, editions + 1))


def test_page_of_older_editions_tells_the_same_whatever_follows() -> None:
    edition = long_history(3 * EDITIONS_A_PAGE, 1)
    later = replace(edition, history=(step(3 * EDITIONS_A_PAGE + 1), *edition.history))
    assert changelog.steps_on_page(edition, 1) == changelog.steps_on_page(later, 1)


def test_changes_that_are_too_many_are_summed_up_and_the_newest_edition_goes_first() -> None:
    edition = edition_of(step(3, "", *[NAMED] * CHANGES_A_PAGE), step(2, "", *[NAMED] * CHANGES_A_PAGE), FIRST)
    newest, older, first = changelog.edition_news(edition, edition.history, "fr")
    share = CHANGES_A_PAGE // EDITIONS_A_PAGE
    assert (len(newest.changes), newest.more) == (CHANGES_A_PAGE - share, share)
    assert (len(older.changes), older.more) == (share, CHANGES_A_PAGE - share)
    assert (first.changes, first.more) == ((), 0)
    assert f"Et {CHANGES_A_PAGE - share} autres changements." in sections("fr/nouveautes/index.html", edition)[1]


@pytest.mark.parametrize(("editions", "changes"), [(45, 20), (300, 2), (9, 500)])
def test_page_of_many_changes_fits_the_first_window_of_a_connection(editions: int, changes: int) -> None:
    files = render(long_history(editions, changes))
    pages = [path for path in files if "/nouveautes/" in path or "/news/" in path]
    assert len(pages) == len(languages_of(EVENT)) * (1 + len(list(changelog.older_pages(long_history(editions, 0)))))
    assert [path for path in pages if len(compress_public(files[path].content)) > BODY_BYTES_ON_THE_WIRE] == []


def test_every_page_leads_to_the_edition_that_it_is_of() -> None:
    files = render(edition_of(step(2), FIRST, event=EVENT))
    for path, file in files.items():
        if path.endswith(".html"):
            links = [
                link
                for link in Document(file.content.decode()).all("a")
                if link.attributes["href"].endswith("#edition-2")
            ]
            assert len(links) == 1, path


def test_comment_and_titles_are_shown_as_they_were_typed() -> None:
    named = changed(RENAMED, old=Text("a", "a"), new=Text("<b>&amp;", "<b>&amp;"))
    (newest, _) = sections("fr/nouveautes/index.html", edition_of(step(2, "</section><script>", named), FIRST))
    assert newest.endswith("</section><script> « a » s’appelle désormais « <b>&amp; ».")


DATED: Final = {
    "the day": (
        changed("%(what)s: “%(old)s” becomes “%(new)s”.", what="The day", old="2027-06-12", new="2027-06-13"),
        "Le jour\xa0: «\xa0samedi 12 juin 2027\xa0» devient «\xa0dimanche 13 juin 2027\xa0».",
        "The day: “Saturday 12 June 2027” becomes “Sunday 13 June 2027”.",
    ),
    "the days": (
        changed(
            "%(what)s: “%(old)s” becomes “%(new)s”.",
            what="The days",
            old="2027-06-12 09:00–18:00",
            new="2027-06-12 09:00–18:00, 2027-06-13 10:00–02:00",
        ),
        "Les jours\xa0: «\xa0samedi 12 juin 2027 09:00–18:00\xa0» devient "
        "«\xa0samedi 12 juin 2027 09:00–18:00, dimanche 13 juin 2027 10:00–02:00\xa0».",
        "The days: “Saturday 12 June 2027 09:00–18:00” becomes "
        "“Saturday 12 June 2027 09:00–18:00, Sunday 13 June 2027 10:00–02:00”.",
    ),
    "a session of several days": (
        changed(
            "Removed: “%(title)s”, %(when)s.",
            title=Text("Bal", "Ball"),
            when=Text("2027-06-12, 22\xa0h – 23\xa0h", "2027-06-12, 22:00 – 23:00"),
        ),
        "Retirée du programme\xa0: «\xa0Bal\xa0», samedi 12 juin 2027, 22\xa0h – 23\xa0h.",
        "Removed: “Ball”, Saturday 12 June 2027, 22:00 – 23:00.",
    ),
    "a title that is a date": (
        changed(RENAMED, old=Text("2027-06-12", "2027-06-12"), new=Text("Bal", "Ball")),
        "«\xa02027-06-12\xa0» s’appelle désormais «\xa0Bal\xa0».",
        "“2027-06-12” is now called “Ball”.",
    ),
    "what looks like a date and is none": (
        changed("%(what)s: “%(old)s” becomes “%(new)s”.", what="The day", old="2027-13-12", new="2027-06-13"),
        "Le jour\xa0: «\xa02027-13-12\xa0» devient «\xa0dimanche 13 juin 2027\xa0».",
        "The day: “2027-13-12” becomes “Sunday 13 June 2027”.",
    ),
}


@pytest.mark.parametrize(("change", "french", "english"), DATED.values(), ids=DATED)
def test_change_says_its_dates_in_words(change: Change, french: str, english: str) -> None:
    assert changelog.in_words(change, EVENT, "fr") == french
    assert changelog.in_words(change, EVENT, "en") == english
