"""The commands `portal draft export` and `portal draft import`: the draft as a file, in the terminal."""

from pathlib import Path
from typing import Annotated

import typer

from portal.commands import content_of
from portal.domain.changes import changes
from portal.domain.edition import Draft
from portal.domain.event import Event
from portal.domain.event_file import read_draft
from portal.domain.journal import JournalEntry
from portal.domain.language import N_
from portal.installation import now, opened
from portal.server import run
from portal.settings import Settings
from portal.site.catalogue import translated
from portal.site.event_toml import event_toml
from portal.site.times import in_zone
from portal.terminal import HelpCommand, Terminal


def add_draft_commands(app: typer.Typer, terminal: Terminal) -> None:
    """`portal draft export` and `portal draft import`."""
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
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        event = read_draft(content_of(file), str(file))
        before = run(_replaced(terminal.settings(data=data), event))
        for change in changes(before.event, event):
            terminal.say(change.text, change.details_in(terminal.language))
        terminal.say(N_("The draft is now that of %(file)s; nobody sees it before you publish it."), {"file": file})


async def _draft(settings: Settings) -> Draft:
    async with opened(settings.data) as store:
        return await store.draft()


async def _replaced(settings: Settings, event: Event) -> Draft:
    """Keep `event` as the draft, say so in the journal, and return the draft that it replaced."""
    async with opened(settings.data) as store:
        before = await store.draft()
        if event != before.event:
            await store.save_draft(event, before.revision)
            who = translated(before.event.language, N_("Somebody in the terminal"))
            day = in_zone(before.event, now()).date()
            await store.note(JournalEntry(day, who, N_("Draft replaced by an event file")))
        return before
