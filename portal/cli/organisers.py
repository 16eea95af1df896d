"""The commands on organisers: for somebody with a shell on the server: add, passphrase, remove, onion-key."""

import random
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from onion.identity.client_key import new_client_key
from portal.cli.confirmation import Loss, confirm, yes_option
from portal.cli.terminal import HelpCommand, Terminal
from portal.domain.event.languages import own_language_of
from portal.domain.language import N_, Language
from portal.domain.organisers.organiser import organiser_name
from portal.domain.organisers.organiser_errors import LastReader, OrganiserUnknown
from portal.origin.installation import (
    add_organiser,
    edition_in_force,
    now,
    open_installation,
    private_key_by,
    reset_passphrase,
)
from portal.server.server import run
from portal.settings import Settings
from portal.storage.contract import Store
from portal.tor.organisers_onion import recorded_onion_host

_KEY_LOST: Final = N_("The onion key of “%(name)s” stops working within a minute.")
_READS_LATER: Final = N_(
    "With it they can do everything but read pseudonyms, until an organiser who can lets them, on the page “Team”."
)
_NOBODY_READS: Final = N_(
    "Nobody can read the pseudonyms that were given until now. On the page “Team”, an organiser can make another key, "
    "for those given from now on."
)
Result = TypeVar("Result")


def add_organiser_commands(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal organiser add`, `passphrase`, `remove` and `onion-key`."""

    @app.callback()
    def organiser() -> None:
        pass

    for add in (_add_add, _add_passphrase, _add_remove, _add_onion_key):
        add(app, terminal)


def show_passphrase(terminal: Terminal, name: str, secret: str) -> None:
    """Print the passphrase alone between blank lines, to be written down or copied whole."""
    terminal.say(N_("The passphrase of the organiser “%(name)s”:"), {"name": organiser_name(name)})
    typer.echo(f"\n    {secret}\n")
    terminal.say(N_("Write it down now: it is not shown again."))


def _add_add(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @app.command("add", cls=HelpCommand, help=_("Add an organiser, and show their new passphrase once."))
    def add(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        reader: Annotated[str | None, _reader_option(terminal)] = None,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)
        private_key = _private_key(terminal, settings, reader)

        async def add_to(store: Store, language: Language) -> str:
            return await add_organiser(settings, store, known, language, private_key)

        show_passphrase(terminal, name, run(_with_store(settings, add_to)))
        _show_reading(terminal, settings, known)


def _add_passphrase(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Give an organiser who lost theirs a new passphrase, and show it once.")

    @app.command("passphrase", cls=HelpCommand, help=about)
    def passphrase(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        reader: Annotated[str | None, _reader_option(terminal)] = None,
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)
        found = run(_with_store(settings, partial(_access, known)))
        private_key = _private_key(terminal, settings, reader)
        confirm(terminal, _reset_losses(found, reads_on=private_key is not None), yes)

        async def reset(store: Store, language: Language) -> str:
            loses_readers = found.unreadable is not None
            return await reset_passphrase(settings, store, known, language, private_key, loses_readers=loses_readers)

        show_passphrase(terminal, name, run(_with_store(settings, reset)))
        _show_reading(terminal, settings, known)


def _add_remove(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Remove an organiser, and sign them out everywhere. The last one stays.")

    @app.command("remove", cls=HelpCommand, help=about)
    def remove(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known = terminal.settings(data=data), organiser_name(name)
        found = run(_with_store(settings, partial(_access, known)))
        if found.others:
            confirm(terminal, _removal_losses(found), yes)

        async def remove_from(store: Store, language: Language) -> None:
            if not await store.remove_organiser(known, loses_readers=found.unreadable is not None):
                raise OrganiserUnknown(name=known)

        run(_with_store(settings, remove_from))
        terminal.say(N_("“%(name)s” is no organiser any more, and was signed out everywhere."), {"name": known})
        if not run(_with_store(settings, _readers)):
            terminal.say(_NOBODY_READS)


def _add_onion_key(app: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Make the key that opens the organisers' own onion to one of them, and show it once.")

    @app.command("onion-key", cls=HelpCommand, help=about)
    def onion_key(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The name that they sign in with."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings, known, key = terminal.settings(data=data), organiser_name(name), new_client_key(random.SystemRandom())
        if run(_with_store(settings, partial(_has_onion_key, known))):
            confirm(terminal, [(_KEY_LOST, {"name": known})], yes)

        async def set_key(store: Store, language: Language) -> None:
            if not await store.set_onion_key(known, key.public):
                raise OrganiserUnknown(name=known)

        run(_with_store(settings, set_key))
        terminal.say(N_("The onion key of “%(name)s”, which Tor Browser asks for at the address:"), {"name": known})
        typer.echo(f"\n    {key.private}\n")
        if host := recorded_onion_host(settings.data):
            terminal.say(N_("The address: %(address)s"), {"address": f"http://{host}/"})
        if not settings.organisers_onion:
            terminal.say(N_("There is no such onion yet: write organisers_onion = true into portal.toml."))
        terminal.say(N_("It is not shown again. Any key that they had before stops working within a minute."))


@dataclass(frozen=True, slots=True)
class _Access:
    """The access of an organiser: sign-ins, onion key, the set-up codes that they gave; and how many `others` stay.

    `unreadable` is the number of registrations whose pseudonym they alone can read, None where others can.
    """

    name: str
    sign_ins: int
    has_onion_key: bool
    given: tuple[str, ...]
    others: int
    unreadable: int | None


async def _access(name: str, store: Store, language: Language) -> _Access:
    """Return the access of the organiser of this name. Raises `OrganiserUnknown`."""
    known = await store.organiser(name)
    if known is None:
        raise OrganiserUnknown(name=name)
    sign_ins, others = await store.sign_ins(name, now()), len(await store.organisers()) - 1
    given = tuple(code.name for code in await store.set_up_codes(now()) if code.giver == name)
    counts = await store.counts()
    unreadable = counts.taken + counts.waiting if await store.readers() == (name,) else None
    return _Access(name, len(sign_ins), bool(known.onion_key), given, others, unreadable)


async def _has_onion_key(name: str, store: Store, language: Language) -> bool:
    """Return whether the organiser of this name, or the holder of a set-up code for it, has an onion key."""
    known, codes = await store.organiser(name), await store.set_up_codes(now())
    return any(person.onion_key for person in (known, *codes) if person is not None and person.name == name)


def _sign_out_losses(found: _Access, text: str) -> Iterator[Loss]:
    yield text, {"name": found.name}
    yield N_("Browsers that are signed out: %(count)s"), {"count": found.sign_ins}


def _reader_losses(found: _Access) -> Iterator[Loss]:
    if found.unreadable:
        yield LastReader.text, {"name": found.name}
        yield N_("Registrations whose pseudonym nobody could read any more: %(number)s."), {"number": found.unreadable}


def _reset_losses(found: _Access, *, reads_on: bool) -> Iterator[Loss]:
    """Yield the losses of a new passphrase; with `reads_on`, the organiser goes on reading pseudonyms with it."""
    yield from _sign_out_losses(found, N_("The passphrase of “%(name)s” will no longer work."))
    if not reads_on:
        yield from _reader_losses(found)


def _removal_losses(found: _Access) -> Iterator[Loss]:
    """Yield the losses of removing an organiser."""
    yield from _reader_losses(found)
    yield from _sign_out_losses(found, N_("“%(name)s” will be removed, and their passphrase will no longer work."))
    if found.has_onion_key:
        yield _KEY_LOST, {"name": found.name}
    if found.given:
        names = ", ".join(found.given)
        yield N_("Set-up codes that are withdrawn with them: %(names)s."), {"names": names}
    yield N_("Organisers who are left: %(count)s"), {"count": found.others}


def _reader_option(terminal: Terminal) -> Any:  # noqa: ANN401 - what typer itself says it returns
    """Return `--with`, of a command that makes a passphrase."""
    _ = terminal.translate
    about = _("Let them read pseudonyms, with the passphrase of this organiser, who can. You are asked for it.")
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


def _show_reading(terminal: Terminal, settings: Settings, name: str) -> None:
    """Say whether the organiser `name` can read pseudonyms, and what to do if not."""
    readers = run(_with_store(settings, _readers))
    if name in readers:
        terminal.say(N_("With it they can read the pseudonyms of those who register."))
    else:
        terminal.say(_READS_LATER if readers else _NOBODY_READS)


async def _readers(store: Store, language: Language) -> tuple[str, ...]:
    return await store.readers()


async def _with_store(settings: Settings, work: Callable[[Store, Language], Awaitable[Result]]) -> Result:
    """Return the result of `work` on the store of `settings`, in the language of its event. Raises `DataMissing`."""
    async with open_installation(settings) as store:
        edition = await edition_in_force(store, settings.data)
        return await work(store, own_language_of(edition.event, edition.event.language))
