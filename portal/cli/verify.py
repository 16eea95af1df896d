"""The command `portal verify`: verify what is at an address, or on a card."""

import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import typer

from portal.cli.addresses import verify_card
from portal.cli.source_options import root_option, socks_option, source_of
from portal.cli.terminal import HelpCommand, Terminal, spinner
from portal.domain.edition.edition import Edition
from portal.domain.language import N_
from portal.domain.trust.signing import in_groups
from portal.mirror.client.banner import due_sentences, sentences
from portal.mirror.client.fetching import Source, ignore_progress
from portal.mirror.client.tuf_client import roots_up_to, verified_metadata
from portal.mirror.client.verify import Verdict, edition_at, verify
from portal.origin.installation import now

SHOWN: Final = N_("The fingerprint, as printed on the programme, in quotes; otherwise it is shown.")
TRUE: Final = 0
UNTRUE: Final = 1


def add_verify(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal verify`."""
    _ = terminal.translate
    address_help = _("An address of the event or of a copy, a folder, or the file of an address card.")

    @app.command(
        "verify", cls=HelpCommand, help=_("Verify a copy or an address card (status 0 if it is true, else 1 or 2).")
    )
    def verify_address(
        address: Annotated[str, typer.Argument(metavar=_("ADDRESS"), help=address_help)],
        root: Annotated[str | None, root_option(terminal, SHOWN)] = None,
        socks: Annotated[str | None, socks_option(terminal)] = None,
    ) -> int:
        if is_card(address):
            return verify_card(Path(address), terminal)
        settings = terminal.settings(tor_socks=socks)
        with closing(source_of(address, settings, socks)) as source, spinner(_("Comparing"), sys.stderr):
            verdict = verdict_on(source, root)
        return _say(terminal, address, verdict, root)


def is_card(address: str) -> bool:
    """Return whether `address` is the path of a file, and so no mirror."""
    return "://" not in address and Path(address).exists() and not Path(address).is_dir()


def verdict_on(source: Source, fingerprint: str | None) -> Verdict:
    """Compare every file of `source`. Raises `MirrorError`.

    A mirror that took another edition meanwhile is compared once more, for its pages are not those of the first.
    """
    root = roots_up_to(source, fingerprint)[-1]
    verdict = _verdict_once(source, root)
    if verdict.altered and verified_metadata(source, root, now()).snapshot != verdict.signed.snapshot:
        return _verdict_once(source, root)
    return verdict


def _verdict_once(source: Source, root: bytes) -> Verdict:
    signed = verified_metadata(source, root, now())
    is_origin = is_of(edition_at(source, signed), source.address)
    banner = due_sentences(sentences(), signed.until, now())
    return verify(source, signed, list(signed.targets.targets), banner, is_origin, ignore_progress)


def is_of(edition: Edition | None, address: str) -> bool:
    """Return whether `address` is the origin's: the signed edition lists it, or it is of this machine."""
    known = (edition.addresses.clearnet, edition.addresses.onion) if edition else ()
    return address.rstrip("/").lower() in known or urlsplit(address).hostname in ("127.0.0.1", "localhost", "::1")


def _say(terminal: Terminal, address: str, verdict: Verdict, wanted: str | None) -> int:
    details = {"address": address, "edition": verdict.signed.edition, "count": verdict.files}
    is_late = verdict.signed.until <= now()
    for path in verdict.altered:
        terminal.say(N_("Altered or missing: %(path)s"), {"path": path})
    if verdict.altered:
        terminal.say(N_("%(address)s is NOT a true copy of edition %(edition)s."), details)
    elif is_late:
        until = {"when": f"{verdict.signed.until:%Y-%m-%d %H:%M} UTC"}
        terminal.say(
            N_("%(address)s shows edition %(edition)s, unaltered: all %(count)s files are exactly as signed."),
            details,
        )
        terminal.say(N_("But nothing has confirmed since %(when)s that it is the newest edition."), until)
    else:
        terminal.say(
            N_("%(address)s is true: edition %(edition)s, all %(count)s files are exactly as signed."), details
        )
    if wanted is None:
        terminal.say(N_("That holds if this fingerprint is the one that the organisers gave out:"))
        typer.echo(f"\n    {in_groups(verdict.signed.fingerprint)}\n")
    return UNTRUE if verdict.altered or is_late else TRUE
