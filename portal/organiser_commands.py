"""The commands on organisers: what somebody with a shell on the server can do for them."""

import random
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Protocol, TypeVar

import typer

from onion.client_key import new_client_key
from portal.domain.language import N_, Language
from portal.domain.organiser import organiser_name
from portal.domain.organiser_errors import LastReader, LossNotConfirmed, OrganiserUnknown
from portal.installation import add_organiser, edition_in_force, opened, private_key_by, reset_passphrase
from portal.organisers_onion import recorded_host
from portal.server import run
from portal.settings import Settings
from portal.storage.contract import Store
from portal.terminal import HelpCommand, Terminal

Answer = TypeVar("Answer", covariant=True)

_YES: Final = N_("Do not ask, even where pseudonyms become unreadable for ever.")
_READS_LATER: Final = N_(
    "With it they can do everything but read pseudonyms, until an organiser who can lets them, on the page “Team”."
)
_NOBODY_READS: Final = N_(
    "Nobody can read the pseudonyms that were given until now. On the page “Team”, an organiser can make another key, "
    "for those given from now on."
)


class _Losing(Protocol[Answer]):
    """Work on the store that may leave nobody to read pseudonyms, if `loses_readers`; else it raises `LastReader`."""

    def __call__(self, store: Store, language: Language, *, loses_readers: bool = False) -> Awaitable[Answer]: ...


def add_organiser_commands(app: typer.Typer, terminal: Terminal) -> None:
    """`portal organiser add`, `passphrase`, `remove` and `onion-key`."""

    @app.callback()
    def organiser() -> None:
        pass

    for add in (_add_add, _add_passphrase, _add_remove, _add_onion_key):
        add(app, terminal)


def show_passphrase(terminal: Terminal, name: str, secret: str) -> None:
    """The passphrase stands alone between blank lines, to be noted or copied whole."""
    terminal.say(N_("The passphrase of the organiser “%(name)s”:"), {"name": organiser_name(name)})
    typer.echo(f"\n    {secret}\n")
    terminal.say(N_("Write it down now: it is not shown again."))


def _add_add(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @app.command("add", cls=HelpCommand, help=_("Add an organiser, and show their new passphrase, once."))
    def add(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        reader: Annotated[str | None, _reader_option(terminal)] = None,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)
        private_key = _private_key(terminal, settings, reader)

        async def added(store: Store, language: Language) -> str:
            return await add_organiser(settings, store, known, language, private_key)

        show_passphrase(terminal, name, run(_with_store(settings, added)))
        _show_reading(terminal, settings, known)


def _add_passphrase(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Give an organiser who lost theirs another passphrase, and show it, once.")

    @app.command("passphrase", cls=HelpCommand, help=about)
    def passphrase(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        reader: Annotated[str | None, _reader_option(terminal)] = None,
        yes: Annotated[bool, typer.Option("--yes", help=_(_YES))] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)
        private_key = _private_key(terminal, settings, reader)

        async def reset(store: Store, language: Language, *, loses_readers: bool = False) -> str:
            return await reset_passphrase(settings, store, known, language, private_key, loses_readers=loses_readers)

        show_passphrase(terminal, name, _unless_lost(terminal, settings, reset, yes))
        _show_reading(terminal, settings, known)


def _add_remove(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Remove an organiser: they are signed out everywhere, at once. The last one stays.")

    @app.command("remove", cls=HelpCommand, help=about)
    def remove(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        yes: Annotated[bool, typer.Option("--yes", help=_(_YES))] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)

        async def removed(store: Store, language: Language, *, loses_readers: bool = False) -> None:
            if not await store.remove_organiser(known, loses_readers=loses_readers):
                raise OrganiserUnknown(name=known)

        _unless_lost(terminal, settings, removed, yes)
        terminal.say(N_("“%(name)s” is no organiser any more, and was signed out everywhere."), {"name": known})
        if not run(_with_store(settings, _readers)):
            terminal.say(_NOBODY_READS)


def _add_onion_key(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Make the key that opens the organisers' own onion to one of them, and show it, once.")

    @app.command("onion-key", cls=HelpCommand, help=about)
    def onion_key(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known, key = terminal.settings(data=data), organiser_name(name), new_client_key(random.SystemRandom())

        async def kept(store: Store, language: Language) -> None:
            if not await store.set_onion_key(known, key.public):
                raise OrganiserUnknown(name=known)

        run(_with_store(settings, kept))
        terminal.say(N_("The onion key of “%(name)s”, which Tor Browser asks for at the address:"), {"name": known})
        typer.echo(f"\n    {key.private}\n")
        if host := recorded_host(settings.data):
            terminal.say(N_("The address: %(address)s"), {"address": f"http://{host}/"})
        if not settings.organisers_onion:
            terminal.say(N_("There is no such onion yet: write organisers_onion = true into portal.toml."))
        terminal.say(N_("It is not shown again. A key that they had before opens nothing any more, within a minute."))


def _reader_option(terminal: Terminal) -> object:
    """`--with`, of a command that makes a passphrase."""
    _ = terminal.translate
    about = _("Let them read pseudonyms, with the passphrase of this organiser, who can. It is asked for.")
    return terminal.option("--with", _("OTHER"), about)


def _private_key(terminal: Terminal, settings: Settings, reader: str | None) -> bytes | None:
    """Return the key that opens pseudonyms by the passphrase of `reader`, if one was named."""
    if reader is None:
        return None
    name = organiser_name(reader)
    typed = terminal.ask_passphrase(name)

    async def opened_by(store: Store, language: Language) -> bytes:
        return await private_key_by(settings, store, name, typed)

    return run(_with_store(settings, opened_by))


def _unless_lost(terminal: Terminal, settings: Settings, work: _Losing[Answer], yes: bool) -> Answer:
    """Return the answer of `work`, once it is confirmed where nobody could read pseudonyms after it.

    Raises `LossNotConfirmed`.
    """
    try:
        return run(_with_store(settings, work))
    except LastReader as error:
        number = run(_with_store(settings, _registrations))
        if number:
            terminal.say(error.text, error.details)
            terminal.say(
                N_("Registrations whose pseudonym nobody could read any more: %(number)s."), {"number": number}
            )
            if not yes and not terminal.ask_number(number):
                raise LossNotConfirmed("number", number=number) from None
    return run(_with_store(settings, partial(work, loses_readers=True)))


def _show_reading(terminal: Terminal, settings: Settings, name: str) -> None:
    """Say whether the organiser `name` can read pseudonyms, and what to do if not."""
    readers = run(_with_store(settings, _readers))
    if name in readers:
        terminal.say(N_("With it they can read the pseudonyms of those who register."))
    elif readers:
        terminal.say(_READS_LATER)
    else:
        terminal.say(_NOBODY_READS)


async def _readers(store: Store, language: Language) -> tuple[str, ...]:
    return await store.readers()


async def _registrations(store: Store, language: Language) -> int:
    counts = await store.counts()
    return counts.taken + counts.waiting


async def _with_store(settings: Settings, work: Callable[[Store, Language], Awaitable[Answer]]) -> Answer:
    """What `work` answers, on the store of `settings` and in the language of its event. Raises `DataMissing`."""
    async with opened(settings.data) as store:
        edition = await edition_in_force(store, settings.data)
        return await work(store, edition.event.language)
