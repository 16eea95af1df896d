"""The commands `portal draft export` and `portal draft import`: the draft as a file, in the terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from portal.cli.confirmation import Loss, confirm, yes_option
from portal.cli.event import content_of
from portal.cli.terminal import HelpCommand, Terminal, harmless
from portal.domain.draft.restore import lost_changes
from portal.domain.edition.change import Change
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Draft
from portal.domain.errors import LanguageUnknown
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_draft
from portal.domain.event.languages import languages_of, own_language_of, words_of
from portal.domain.language import N_, Language
from portal.domain.limits import IMPORTED_FILE_KIB
from portal.domain.organisers.organiser import JournalEntry
from portal.domain.programme_import.file_format import read_programme, recognise
from portal.domain.programme_import.plan import Plan, ids_taken, plan_import
from portal.domain.programme_import.programme import Remark
from portal.domain.programme_import.session_plan import Choices
from portal.domain.registration.retention import data_loss
from portal.origin.installation import now, open_installation
from portal.server.server import run
from portal.settings import Settings
from portal.site.catalogue import translated
from portal.site.event_toml import event_toml
from portal.site.times import in_zone

_WOULD_ERASE: Final = N_(
    "Publishing it would erase registrations for good, from %(when)s on: %(number)s. The page asks you to confirm that."
)


def add_draft_commands(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal draft export` and `portal draft import`."""
    _ = terminal.translate

    @app.callback()
    def drafts() -> None:
        pass

    @app.command("export", cls=HelpCommand, help=_("Show the draft as a file that “portal check” reads."))
    def show_draft(data: Annotated[Path | None, terminal.data_option()] = None) -> None:
        draft = run(_draft(terminal.settings(data=data)))
        typer.echo(event_toml(draft.event), nl=False)

    import_help = _("Import a programme, or an event file that replaces the draft; publish it in the browser.")
    formats = _("schedule.xml or .json, CSV, iCalendar or TOML.")

    @app.command("import", cls=HelpCommand, help=import_help)
    def read_file(
        file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=formats)],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
        past: Annotated[bool, terminal.past_option()] = False,
        language: Annotated[str, _language_option(terminal)] = "",
        cancel_gone: Annotated[bool, _gone_option(terminal)] = False,
    ) -> None:
        settings = terminal.settings(data=data)
        content = content_of(file, IMPORTED_FILE_KIB)
        draft, editions = run(_draft_and_editions(settings))
        plan = _plan(str(file), content, [draft.event, *editions], _Options(past, language, cancel_gone))
        _say(terminal, plan, draft.event)
        if plan.event != draft.event:
            published = (editions or [draft.event])[0]
            losses = lost_changes(published, draft.event, plan.event)
            lines = _losses(losses, terminal.language) if losses or plan.is_whole else ()
            confirm(terminal, [*lines, *run(_erasures(settings, plan.event, published))], yes)
            run(_replace(settings, plan, draft.revision))
        terminal.say(_DONE_WHOLE if plan.is_whole else _DONE, {"file": file})


_DONE: Final = N_("The draft has the programme of %(file)s; nobody sees it before you publish it.")
_DONE_WHOLE: Final = N_("The draft is now that of %(file)s; nobody sees it before you publish it.")
_COUNTS: Final = N_("Sessions that it adds: %(added)s; changes: %(changed)s; leaves as they are: %(unchanged)s.")


@dataclass(frozen=True, slots=True)
class _Options:
    """Options of an import: an event may be `past`, the `language` of texts, whether sessions are cancelled."""

    past: bool
    language: str
    cancels_gone: bool


def _language_option(terminal: Terminal) -> Any:  # noqa: ANN401 - what typer itself says it returns
    help = terminal.translate(N_("The language of the texts of a programme (the main one)."))
    return terminal.option("--language", terminal.translate(N_("TAG")), help)


def _gone_option(terminal: Terminal) -> Any:  # noqa: ANN401 - what typer itself says it returns
    return typer.Option("--cancel-gone", help=terminal.translate(N_("Cancel the sessions no longer in the file.")))


def _plan(file: str, content: bytes, events: Sequence[Event], options: _Options) -> Plan:
    """Return what importing `content` makes of the first of `events`, the draft; the others are editions.

    Raises `EventFileError` and `LanguageUnknown`.
    """
    if recognise(content, file) == "toml":
        return Plan(read_draft(content, file, None if options.past else now()), is_whole=True)
    languages = languages_of(events[0])
    language = options.language or languages[0]
    if language not in languages:
        raise LanguageUnknown(tag=language, languages=", ".join(languages))
    choices = Choices(language, translated(language, N_("Untitled")), options.cancels_gone)
    return plan_import(events[0], read_programme(content, file), choices, ids_taken(events))


def _say(terminal: Terminal, plan: Plan, before: Event) -> None:
    """Print what a plan does, and what it cannot keep or has assumed."""
    if not plan.is_whole:
        terminal.say(_COUNTS, {"added": plan.added, "changed": plan.changed, "unchanged": plan.unchanged})
        titles = tuple(words_of(before, title, terminal.language) for title in plan.gone)
        gone = [Remark(N_("Sessions that are no longer in the file: %(count)s"), len(titles), titles)] if titles else []
        for remark in (*plan.lost, *plan.assumed, *gone):
            typer.echo(harmless(remark.sentence(terminal.translate)))
    for change in changes(before, plan.event):
        terminal.say(change.text, change.details_in(terminal.language))


def _losses(lost: Sequence[Change], language: Language) -> Iterator[Loss]:
    """Yield the changes of the draft that are not in the newest edition, and are lost with the draft."""
    yield N_("Unpublished changes of the draft that are lost: %(count)s"), {"count": len(lost)}
    for change in lost:
        yield change.text, change.details_in(language)


async def _draft(settings: Settings) -> Draft:
    async with open_installation(settings) as store:
        return await store.draft()


async def _draft_and_editions(settings: Settings) -> tuple[Draft, list[Event]]:
    """Return the draft, and the events of the editions, the newest first."""
    async with open_installation(settings) as store:
        return await store.draft(), [edition.event for edition in await store.editions()]


async def _erasures(settings: Settings, event: Event, published: Event) -> list[Loss]:
    """Return the registrations that publishing `event` in place of `published` would erase soon, in words."""
    async with open_installation(settings) as store:
        loss = data_loss(event, published, await store.retained(), now())
    if loss is None:
        return []
    return [(_WOULD_ERASE, {"number": loss.registrations, "when": f"{in_zone(event, loss.earliest):%Y-%m-%d %H:%M}"})]


async def _replace(settings: Settings, plan: Plan, revision: int) -> None:
    """Keep the event of `plan` as the draft that follows `revision`, with a line in the journal.

    Raises `DraftChanged`.
    """
    async with open_installation(settings) as store:
        await store.save_draft(plan.event, revision)
        own, (action, details) = own_language_of(plan.event, plan.event.language), plan.action()
        who = translated(own, N_("Somebody in the terminal"))
        values = tuple((name, str(value)) for name, value in details.items())
        await store.note(JournalEntry(in_zone(plan.event, now()).date(), who, action, values))
