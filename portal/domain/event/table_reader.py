"""Reader of a table of an event file, by the annotations of a dataclass: the file has the shape of the classes."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final, TypeVar

from portal.domain.errors import Problem
from portal.domain.event.table_values import READERS, WrongValue
from portal.domain.event.value_rules import MAY_BE_EMPTY, faults_of_value, outdated_faults_of
from portal.domain.json_values import hints_of
from portal.domain.language import LANGUAGES, N_, Text
from portal.domain.language_tags import canonical_tag
from portal.domain.limits import FAULTS_COUNTED

_Shape = TypeVar("_Shape")

SINGULAR: Final[Mapping[str, str]] = {"rooms": "room", "themes": "theme"}
"""The fields of a session that a file also has in the singular: with an id alone, or with a list of ids."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Result of reading a table: the values of the right type, by field, and every problem.

    `outdated` are those of values that an event of an earlier portal may have, and no other.
    """

    values: Mapping[str, Any]
    problems: tuple[Problem, ...]
    outdated: tuple[Problem, ...] = ()

    def at(self, table: str, id: str = "") -> "Reading":
        """Return the same with `table`, and the `id` of the entry, in its problems."""
        problems, outdated = (
            tuple(replace(problem, table=table, id=id) for problem in several)
            for several in (self.problems, self.outdated)
        )
        return Reading(self.values, problems, outdated)


def read_table(shape: type, mapping: object, only: frozenset[str] | None = None) -> Reading:
    """Read `mapping` as the dataclass `shape`, or as its fields `only`. The problems name a key and no table."""
    if not isinstance(mapping, Mapping):
        return Reading({}, (Problem("", "", N_("a table of keys is expected")),))
    wanted = {field.name: field for field in fields(shape) if only is None or field.name in only}
    values: dict[str, Any] = {}
    keys = {SINGULAR.get(name, name) if name not in mapping else name: name for name in wanted}
    unknown = islice((key for key in mapping if key not in keys), FAULTS_COUNTED + 1)
    problems = [unknown_key(key, list(keys)) for key in unknown]
    for key, name in keys.items():
        field = wanted[name]
        if key in mapping:
            problems.extend(_read_value(shape, name, mapping[key], values))
        elif _is_needed(field):
            problems.append(Problem("", name, N_("it is missing")))
    outdated = (fault for name, value in values.items() for fault in outdated_faults_of(shape, name, value))
    return Reading(values, tuple(problems), tuple(outdated))


def instance_of(shape: type[_Shape], values: Mapping[str, Any]) -> _Shape:
    """Return an instance of the dataclass `shape`; texts that were left out are empty."""
    empty = {name: Text() for name in MAY_BE_EMPTY & shape.__annotations__.keys()}
    return shape(**{**empty, **values})


def unknown_key(key: str, known: list[str]) -> Problem:
    """Return the problem of a key that is not among those `known`, with the likeliest of them."""
    return _unknown(key, next(iter(get_close_matches(key, known, n=1)), ""))


def _unknown(key: str, alike: str) -> Problem:
    if alike:
        return Problem("", key, N_("this name is unknown; did you mean “%(alike)s”?"), (("alike", alike),))
    return Problem("", key, N_("this name is unknown"))


def _is_needed(field: "Field[Any]") -> bool:
    return field.default is MISSING and field.default_factory is MISSING and field.name not in MAY_BE_EMPTY


def _read_value(shape: type, key: str, value: object, values: dict[str, Any]) -> Iterator[Problem]:
    """Put `value` among `values` if it is of the right type; yield its problems."""
    hint = hints_of(shape)[key]
    if hint is Text:
        yield from _read_text(shape, key, value, values)
        return
    try:
        values[key] = READERS[hint]([value] if key in SINGULAR and isinstance(value, str) else value)
    except WrongValue as wrong:
        yield Problem("", key, wrong.text, wrong.details)
    else:
        yield from faults_of_value(shape, key, values[key])


def _read_text(shape: type, key: str, value: object, values: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        text = N_("a text in each language is expected: %(key)s.fr = … and %(key)s.en = …")
        yield Problem("", key, text, (("key", key),))
        return
    problems = list(_problems_of_languages(key, value))
    if not problems:
        values[key] = Text(**value)
        problems.extend(faults_of_value(shape, key, values[key]))
    yield from problems


def _problems_of_languages(key: str, words: Mapping[str, object]) -> Iterator[Problem]:
    for language in islice(words, FAULTS_COUNTED + 1):
        if (known := canonical_tag(language)) != language:
            problem = _unknown(language, known) if known else unknown_key(language, list(LANGUAGES))
            yield replace(problem, key=f"{key}.{language}")
        elif not isinstance(words[language], str):
            yield Problem("", f"{key}.{language}", N_("a text between quotes is expected"))
