"""The command `portal sign`: a key holder reads in words what is pending at the origin, and signs it or does not."""

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from tuf.api.metadata import Metadata, Root, Targets

from portal.cli.confirmation import answers_yes
from portal.cli.source_options import pin, root_option, socks_option, source_of
from portal.cli.terminal import HelpCommand, Terminal, harmless, spinner
from portal.domain.edition.change import Change
from portal.domain.edition.changes import address_changes, changes
from portal.domain.edition.edition import Edition
from portal.domain.event.event import Event
from portal.domain.language import N_, Text
from portal.domain.trust.signing_errors import NothingToSign, SignatureUnfit
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.signing.key_holders import key_changes
from portal.mirror.signing.keys import HOLDER, read_signer
from portal.mirror.signing.pending import PendingAtOrigin, read_pending, send
from portal.origin.app import is_dynamic
from portal.origin.installation import now
from portal.routes.current_edition import dynamic_paths
from portal.site.edition_files import edition_files
from portal.site.files import Files

KNOWN: Final = N_("    This fingerprint is that of the root of trust in force.")
UNKNOWN: Final = N_(
    "    This fingerprint is NOT that of the root of trust in force. Sign only if you know why: somebody who has the "
    "server could have put it there."
)


def add_sign(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal sign`."""
    _ = terminal.translate

    @app.command(
        "sign", cls=HelpCommand, help=_("Read what waits for signatures at a portal, and sign it with your key.")
    )
    def sign(
        address: Annotated[
            str, typer.Argument(metavar=_("ADDRESS"), help=_("The portal's: https://… or http://….onion"))
        ],
        root: Annotated[str | None, root_option(terminal)] = None,
        socks: Annotated[str | None, socks_option(terminal)] = None,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings = terminal.settings(data=data, tor_socks=socks)
        signer = read_signer(settings.data, HOLDER)
        source, trust = source_of(address, settings, socks), MirrorFolder(settings.data / "trust")
        pin(terminal, trust, [source], root)
        with spinner(_("Fetching what is to be signed"), sys.stderr):
            found = read_pending(trust, source, _rendered, now())
        if found.next_root is None and found.targets is None:
            raise NothingToSign
        show(terminal, found)
        if not answers_yes(terminal, _("Do you sign this?")):
            terminal.say(N_("Nothing was signed."))
            return
        for metadata in to_sign(found, signer.public_key.keyid):
            send(source, signer, metadata)
        terminal.say(N_("Your signature has reached the portal."))


def to_sign(found: PendingAtOrigin, key: str) -> list[Metadata[Any]]:
    """Return what of `found` the `key` signs: a key that is to leave signs its own removal, and nothing after it.

    Raises `SignatureUnfit` where it takes none.
    """
    then = found.next_root.signed if found.next_root else found.root
    signable: list[Metadata[Any]] = []
    if found.next_root and any(key in root.roles[Root.type].keyids for root in (found.root, then)):
        signable.append(found.next_root)
    if found.targets and key in then.roles[Targets.type].keyids:
        signable.append(found.targets)
    if not signable:
        raise SignatureUnfit
    return signable


def _rendered(edition: Edition) -> tuple[Files, Collection[str]]:
    files = edition_files(edition)
    return files, dynamic_paths(files, is_dynamic)


def show(terminal: Terminal, found: PendingAtOrigin) -> None:
    """Print what would be signed, in words."""
    if found.next_root:
        terminal.say(N_("The key holders change:"))
        _show_changes(terminal, key_changes(found.root, found.next_root.signed))
    if found.next_edition:
        current, coming = found.edition, found.next_edition
        details = {"number": coming.number, "comment": coming.comment, "before": current.number}
        terminal.say(N_("Edition %(number)s, “%(comment)s”, makes these changes to edition %(before)s:"), details)
        changed = changes(current.event, coming.event)
        _show_changes(terminal, changed)
        _show_texts(terminal, current.event, coming.event, changed)
        _show_news(terminal, current, coming, changed)
        _show_changes(terminal, address_changes(current.addresses, coming.addresses))
        if coming.addresses.fingerprint not in (None, current.addresses.fingerprint):
            terminal.say(KNOWN if coming.addresses.fingerprint == found.fingerprint else UNKNOWN)
    elif found.targets:
        terminal.say(N_("Edition %(number)s is signed again, unchanged."), {"number": found.edition.number})


def _show_changes(terminal: Terminal, shown: Iterable[Change]) -> None:
    for line in _lines(terminal, shown):
        typer.echo(f"  - {line}")


def _lines(terminal: Terminal, shown: Iterable[Change]) -> list[str]:
    return [terminal.translate(change.text, change.details_in(terminal.language)) for change in shown]


def _show_texts(terminal: Terminal, current: Event, coming: Event, changed: tuple[Change, ...]) -> None:
    """Show what is written in `coming` and not in `current`, and in no change: long texts, links, addresses."""
    shown, before = "\n".join(_lines(terminal, changed)), set(_texts(current))
    texts = [text for text in dict.fromkeys(_texts(coming)) if text not in before and harmless(text) not in shown]
    if texts:
        terminal.say(N_("New on that page:"))
    for text in texts:
        for number, line in enumerate(text.splitlines()):
            typer.echo(f"  {'“' if number == 0 else ' '}{harmless(line)}")


def _texts(value: object) -> Iterator[str]:
    """Yield every text in a part of an event, but for ids."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Text):
        yield from _texts(tuple(value[language] for language in value.languages))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name != "id":
                yield from _texts(getattr(value, field.name))


def _show_news(terminal: Terminal, current: Edition, coming: Edition, changed: tuple[Change, ...]) -> None:
    """Print what the news will say that was not shown: they are no part of the event, and have words of their own."""
    shown = set(_lines(terminal, changed))
    for step in coming.history:
        is_own = (step.number, step.comment) == (coming.number, coming.comment)
        if not (step in current.history or (is_own and shown.issuperset(_lines(terminal, step.changes)))):
            details = {"number": step.number, "comment": step.comment}
            terminal.say(N_("The news will say of edition %(number)s, “%(comment)s”:"), details)
            _show_changes(terminal, step.changes)
    numbers = {step.number for step in coming.history}
    for step in current.history:
        if step.number not in numbers:
            terminal.say(N_("The news will no longer mention edition %(number)s."), {"number": step.number})
