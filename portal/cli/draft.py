"""The commands `portal draft export` and `portal draft import`: the draft as a file, in the terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from portal.cli.confirmation import Loss, confirm, yes_option
from portal.cli.event import content_of
from portal.cli.terminal import HelpCommand, Terminal
from portal.domain.draft.restore import lost_changes
from portal.domain.edition.change import Change
from portal.domain.edition.changes import changes
from portal.domain.edition.edition import Draft
from portal.domain.event.event import Event
from portal.domain.event.event_file import read_draft
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import JournalEntry
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

    @app.command("import", cls=HelpCommand, help=_("Replace the draft by an event file; publish it in the browser."))
    def read_file(
        file: Annotated[Path, typer.Argument(metavar="EVENT.toml", help=_("The event's file."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
        past: Annotated[bool, terminal.past_option()] = False,
    ) -> None:
        settings = terminal.settings(data=data)
        event = read_draft(content_of(file), str(file), None if past else now())
        draft, published = run(_draft_and_edition(settings))
        for change in changes(draft.event, event):
            terminal.say(change.text, change.details_in(terminal.language))
        if event != draft.event:
            losses = _losses(lost_changes(published, draft.event, event), terminal.language)
            confirm(terminal, [*losses, *run(_erasures(settings, event, published))], yes)
            run(_replace(settings, event, draft.revision))
        terminal.say(N_("The draft is now that of %(file)s; nobody sees it before you publish it."), {"file": file})


def _losses(lost: Sequence[Change], language: Language) -> Iterator[Loss]:
    """Yield the changes of the draft that are not in the newest edition, and are lost with the draft."""
    yield N_("Unpublished changes of the draft that are lost: %(count)s"), {"count": len(lost)}
    for change in lost:
        yield change.text, change.details_in(language)


async def _draft(settings: Settings) -> Draft:
    async with open_installation(settings.data) as store:
        return await store.draft()


async def _draft_and_edition(settings: Settings) -> tuple[Draft, Event]:
    """Return the draft, and the event of the newest edition; before the first edition, that of the draft."""
    async with open_installation(settings.data) as store:
        draft, edition = await store.draft(), await store.edition()
        return draft, edition.event if edition else draft.event


async def _erasures(settings: Settings, event: Event, published: Event) -> list[Loss]:
    """Return the registrations that publishing `event` in place of `published` would erase soon, in words."""
    async with open_installation(settings.data) as store:
        loss = data_loss(event, published, await store.retained(), now())
    if loss is None:
        return []
    return [(_WOULD_ERASE, {"number": loss.registrations, "when": f"{in_zone(event, loss.earliest):%Y-%m-%d %H:%M}"})]


async def _replace(settings: Settings, event: Event, revision: int) -> None:
    """Keep `event` as the draft that follows `revision`, and say so in the journal. Raises `DraftChanged`."""
    async with open_installation(settings.data) as store:
        await store.save_draft(event, revision)
        who = translated(event.language, N_("Somebody in the terminal"))
        await store.note(JournalEntry(in_zone(event, now()).date(), who, N_("Draft replaced by an event file")))
