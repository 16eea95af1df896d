"""The public names of an event: listed, renamed and removed everywhere at once."""

from dataclasses import replace
from typing import Final

import pytest

from portal.domain.errors import EventFileError
from portal.domain.event.event import Event, Speaker
from portal.domain.event.speakers import speaker_removed, speaker_renamed, speakers_of
from portal.domain.language import Text
from tests.factories.sample import EVENT

NAMES: Final = ((), ("Grace", "ada"), ("Ada",), (), ("Grace",))


def event_with(names: tuple[tuple[str, ...], ...] = NAMES) -> Event:
    """Return the sample with these names in its sessions, in their order."""
    sessions = zip(EVENT.sessions, names, strict=True)
    return replace(EVENT, sessions=tuple(replace(session, speakers=named) for session, named in sessions))


def test_every_name_is_listed_with_its_sessions() -> None:
    listed = {name: [session.id for session in sessions] for name, sessions in speakers_of(event_with()).items()}
    assert list(listed.items()) == [("Ada", ["caisse"]), ("ada", ["outils"]), ("Grace", ["outils", "ag"])]


RENAMED: Final = {
    "to a new name": ("Grace", "Grace H.", ((), ("Grace H.", "ada"), ("Ada",), (), ("Grace H.",))),
    "to a name that is there": ("ada", "Ada", ((), ("Grace", "Ada"), ("Ada",), (), ("Grace",))),
    "to a name of the same session": ("ada", "Grace", ((), ("Grace",), ("Ada",), (), ("Grace",))),
    "that nobody has": ("Linus", "Ada", NAMES),
}


@pytest.mark.parametrize(("old", "new", "names"), RENAMED.values(), ids=RENAMED.keys())
def test_name_is_changed_everywhere(old: str, new: str, names: tuple[tuple[str, ...], ...]) -> None:
    assert speaker_renamed(event_with(), old, new) == event_with(names)


ADA: Final = Speaker("ada", "Ada", Text("Elle.", "She."))
GRACE: Final = Speaker("grace", "Grace", Text("Une amirale.", "An admiral."))
EMPTY: Final = Speaker("the-grace", "Grace")
TEXTS: Final[dict[str, tuple[tuple[Speaker, ...], str, str, tuple[Speaker, ...]]]] = {
    "to a new name": ((ADA, GRACE), "Ada", "Ada L.", (replace(ADA, name="Ada L."), GRACE)),
    "to a name that has a text": ((ADA, GRACE), "Ada", "Grace", (GRACE,)),
    "to a name with an entry and no text": ((ADA, EMPTY), "Ada", "Grace", (replace(ADA, name="Grace"),)),
    "without a text to a name with an entry": ((EMPTY,), "Ada", "Grace", (EMPTY,)),
    "to the same name": ((ADA,), "Ada", "Ada", (ADA,)),
    "without a text": ((GRACE,), "Ada", "Ada L.", (GRACE,)),
}


@pytest.mark.parametrize(("before", "old", "new", "after"), TEXTS.values(), ids=TEXTS.keys())
def test_text_goes_with_the_name(before: tuple[Speaker, ...], old: str, new: str, after: tuple[Speaker, ...]) -> None:
    assert speaker_renamed(replace(event_with(), speakers=before), old, new).speakers == after


def test_text_is_removed_with_the_name() -> None:
    assert speaker_removed(replace(event_with(), speakers=(ADA, GRACE)), "Ada").speakers == (GRACE,)


def test_name_is_listed_for_which_there_is_a_text_alone() -> None:
    alan = Speaker("alan", "Alan", Text("Lui.", "He."))
    assert list(speakers_of(replace(event_with(), speakers=(alan,)))) == ["Ada", "ada", "Alan", "Grace"]


def test_name_is_removed_everywhere() -> None:
    assert speaker_removed(event_with(), "Grace") == event_with(((), ("ada",), ("Ada",), (), ()))


@pytest.mark.parametrize("new", ["", "  ", "a\nb", "x" * 8_001, "a\x07"])
def test_what_is_no_name_is_refused(new: str) -> None:
    with pytest.raises(EventFileError) as caught:
        speaker_renamed(event_with(), "Grace", new)
    assert {problem.key for problem in caught.value.problems} == {"name"}
