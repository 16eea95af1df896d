"""The commands `portal init`, `export`, `check` and `limits`, and `portal` alone."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from portal import __version__
from portal.cli.limits import limits_in_words
from portal.cli.organisers import show_passphrase
from portal.cli.serve import add_serve
from portal.cli.terminal import HelpCommand, Terminal, spinner
from portal.domain.disk_faults import reason_of
from portal.domain.draft.new_event import new_event, texts_left
from portal.domain.draft.warnings import warnings_of
from portal.domain.edition.edition import Edition
from portal.domain.errors import EventFileError, Problem
from portal.domain.event.event import Event
from portal.domain.event.event_file import lines_of_problems, read_event
from portal.domain.event.languages import own_language_of, words_of
from portal.domain.event.line_numbers import with_lines
from portal.domain.language import N_, Language
from portal.domain.limits import CAPACITY_SEATS, EVENT_FILE_KIB, USUAL_CAPACITY_SEATS
from portal.mirror.export import export
from portal.origin.app import is_dynamic
from portal.origin.installation import edition_in_force, is_set_up, now, open_installation, set_up
from portal.origin.signing import EditionSigner, edition_to_show
from portal.server.server import run
from portal.settings import Settings
from portal.site.bundled import SAMPLE, TEMPLATE, bundled, bundled_event
from portal.site.catalogue import translated
from portal.site.edition_files import edition_files
from portal.site.links import broken_links
from portal.storage.skeletons import skeletons_in

FIRST_ORGANISER: Final = "organisation"
FIRST_COMMENT: Final = N_("The first edition.")
_SEATS: Final = N_("Seats: %(seats)s. The organisers can change that, and reserve some for invitations.")
_NO_LIMIT: Final = N_(
    "There is no limit to the seats: a patient program can register without end. The organisers can set one."
)


def add_start(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal` alone, which shows its help, and `portal --version`."""
    _ = terminal.translate

    @app.callback(invoke_without_command=True)
    def start(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help=_("Show the version."))] = False,
    ) -> None:
        if version:
            typer.echo(f"portal {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())


def add_commands(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal init`, `export`, `check` and `limits`."""
    for add in (_add_init, add_serve, _add_export, _add_check, _add_limits):
        add(app, terminal)


def _add_init(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    event_help = _("The event's file; without it, the event that comes along with the portal.")
    new_help = _("Start with an empty event of this name: its texts say what they wait for.")
    missing_help = _("Do nothing if there is already a portal.")
    capacity_help = _("Seats, until the organisers decide (500).")
    unlimited_help = _("No limit: people can register without end, and so can a patient program.")

    @app.command("init", cls=HelpCommand, help=_("Set up a portal: its event, its keys, its first organiser."))
    def init(
        event: Annotated[Path | None, terminal.option("--event", _("FILE"), event_help)] = None,
        new: Annotated[str, terminal.option("--new", _("NAME"), new_help)] = "",
        data: Annotated[Path | None, terminal.data_option()] = None,
        organiser: Annotated[
            str, terminal.option("--organiser", _("NAME"), _("The first organiser's name (organisation)."))
        ] = FIRST_ORGANISER,
        capacity: Annotated[
            int | None, typer.Option("--capacity", metavar=_("SEATS"), min=0, max=CAPACITY_SEATS, help=capacity_help)
        ] = None,
        unlimited: Annotated[bool, typer.Option("--no-limit", help=unlimited_help)] = False,
        if_missing: Annotated[bool, typer.Option("--if-missing", help=missing_help)] = False,
        past: Annotated[bool, terminal.past_option()] = False,
    ) -> None:
        if unlimited and capacity is not None:
            raise typer.BadParameter("", param_hint="'--capacity --no-limit'")
        if new and event is not None:
            raise typer.BadParameter("", param_hint="'--event --new'")
        settings, seats = terminal.settings(data=data), USUAL_CAPACITY_SEATS if capacity is None else capacity
        if if_missing and run(_is_set_up(settings)):
            return
        read = _first_event(event, new, past, terminal.language)
        comment = translated(own_language_of(read, read.language), FIRST_COMMENT)
        with spinner(_("Setting up the portal"), sys.stderr):
            secret = run(set_up(settings, read, comment, organiser, None if unlimited else seats))
        name = words_of(read, read.name, terminal.language)
        terminal.say(N_("“%(name)s” is set up in the folder %(data)s."), {"name": name, "data": settings.data})
        terminal.say(_NO_LIMIT if unlimited else _SEATS, {"seats": seats})
        show_passphrase(terminal, organiser, secret)


def _add_export(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    folder_help = _("Where to: a new or empty folder, or an earlier copy.")

    @app.command("export", cls=HelpCommand, help=_("Write the public site to a folder that any web server can serve."))
    def write_copy(
        folder: Annotated[Path, typer.Argument(metavar=_("FOLDER"), help=folder_help)],
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings = terminal.settings(data=data)
        editions, signatures = run(_editions(settings)), EditionSigner(settings.data, now)
        with spinner(_("Making the pages"), sys.stderr):
            signatures.begin()
            edition = edition_to_show(editions, signatures.signing())
            files = edition_files(edition, skeletons_in(settings.data))
            count = export(signatures.with_files(files, is_dynamic, edition.number), folder)
        details = {"count": count, "number": edition.number, "folder": folder}
        terminal.say(N_("Edition %(number)s is in %(folder)s: %(count)s files."), details)


def _add_check(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @app.command("check", cls=HelpCommand, help=_("Check an event file, and write nothing."))
    def check(
        file: Annotated[Path, typer.Argument(metavar="EVENT.toml", help=_("The event's file."))],
        past: Annotated[bool, terminal.past_option()] = False,
    ) -> None:
        content = content_of(file)
        event = read_event(content, str(file), None if past else now())
        details = {"file": file, "count": len(event.sessions), "name": words_of(event, event.name, terminal.language)}
        terminal.say(N_("%(file)s is valid: “%(name)s”. Sessions: %(count)s."), details)
        of_sample = texts_left(event, bundled_event(TEMPLATE), bundled_event(SAMPLE))
        if found := (*warnings_of(event), *broken_links(event), *of_sample):
            warnings = with_lines(found, content.decode("utf-8-sig"))
            terminal.say(N_("Warnings, which keep nothing from being published: %(count)s"), {"count": len(warnings)})
            for line in lines_of_problems(str(file), warnings, terminal.translate):
                typer.echo(line)


def _add_limits(app: typer.Typer, terminal: Terminal) -> None:
    @app.command("limits", cls=HelpCommand, help=terminal.translate(N_("Show every limit of the portal.")))
    def limits() -> None:
        rows = list(limits_in_words(terminal.translate))
        width = max(len(words) for words, value in rows)
        for words, value in rows:
            typer.echo(f"{words:<{width}}  {value}")


def _first_event(file: Path | None, new: str, past: bool, language: Language) -> Event:
    """Return the event of `file`, the sample without one, or a new one that is called `new`."""
    if new:
        return new_event(bundled_event(TEMPLATE), new, language, now().date())
    return _read_event(file or bundled("events") / SAMPLE, past or file is None)


def _read_event(file: Path, past: bool) -> Event:
    """Read the event of `file`; with `past`, it may be over. Raises `EventFileError`."""
    return read_event(content_of(file), str(file), None if past else now())


def content_of(file: Path, max_kib: int = EVENT_FILE_KIB) -> bytes:
    """Read the content of a `file`, up to one byte more than it may have. Raises `EventFileError`."""
    try:
        with file.open("rb") as opened_file:
            return opened_file.read(max_kib * 1024 + 1)  # one more than it may have: it will be refused
    except OSError as error:
        problem = Problem("", "", N_("it cannot be read: %(reason)s"), (("reason", reason_of(error)),))
        raise EventFileError(str(file), [problem]) from None


async def _is_set_up(settings: Settings) -> bool:
    async with open_installation(settings) as store:
        return await is_set_up(store)


async def _editions(settings: Settings) -> tuple[Edition, ...]:
    async with open_installation(settings) as store:
        await edition_in_force(store, settings.data)
        return await store.editions()
