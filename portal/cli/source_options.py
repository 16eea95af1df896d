"""Options of the commands that fetch, the source at an address, and the root of trust to pin."""

import sys
from collections.abc import Sequence
from typing import Final

import typer

from onion.tor.addresses import SOCKS_PORT
from portal.cli.confirmation import answers_yes
from portal.cli.terminal import Terminal, spinner
from portal.domain.language import N_
from portal.domain.trust.mirror_errors import MirrorError
from portal.domain.trust.signing import in_groups, read_fingerprint
from portal.domain.trust.signing_errors import FingerprintUnfit, RootNotConfirmed
from portal.mirror.client.fetching import Source, source_at
from portal.mirror.client.folder import MirrorFolder
from portal.mirror.client.metadata import fingerprint_of
from portal.mirror.client.tuf_client import roots_of, roots_up_to
from portal.settings import Settings

ROOT_HELP: Final = N_("The fingerprint, as printed on the programme, in quotes; otherwise you are asked.")


def root_option(terminal: Terminal, help: str = ROOT_HELP) -> object:
    """Return `--root`, of every command that takes a root of trust; `help` says what is done without it."""
    _ = terminal.translate
    return typer.Option("--root", metavar=_("FINGERPRINT"), help=_(help), callback=_fingerprint)


def _fingerprint(typed: str | None) -> str | None:
    """Return the fingerprint that was `typed`, if any. Raises `FingerprintUnfit`."""
    if typed is None:
        return None
    if (fingerprint := read_fingerprint(typed)) is None:
        raise FingerprintUnfit
    return fingerprint


def socks_option(terminal: Terminal) -> object:
    """Return `--socks`, of every command that fetches."""
    help = terminal.translate(
        N_("Use this SOCKS proxy, for example Tor's; without it, onion addresses use 127.0.0.1:9050.")
    )
    return terminal.option("--socks", terminal.translate(N_("HOST:PORT")), help)


def source_of(address: str, settings: Settings, socks: str | None) -> Source:
    """Return the source at `address`: an onion through the Tor of the `settings`, everything where `socks` was typed.

    Raises `AddressUnfit`.
    """
    tor = settings.tor_socks or SOCKS_PORT
    return source_at(address, tor if socks else None, tor)


def pin(terminal: Terminal, trust: MirrorFolder, sources: Sequence[Source], wanted: str | None) -> None:
    """Pin the root of trust of the first of `sources` that has one, unless that was done before.

    It is the one with the fingerprint `wanted`, else one that somebody confirms. Raises `RootNotConfirmed` and, where
    no source has it, `MirrorError`.
    """
    if trust.pinned() is not None:
        return
    with spinner(terminal.translate(N_("Asking for the fingerprint")), sys.stderr):
        source, roots = _first_roots(sources, wanted)
    if wanted is None and not answers_yes(terminal, _root_question(terminal, source, roots)):
        raise RootNotConfirmed
    trust.begin(roots)


def _root_question(terminal: Terminal, source: Source, roots: Sequence[bytes]) -> str:
    """Print the fingerprint of each of `roots`, any of which may be on paper; return the question about them."""
    is_single = len(roots) == 1
    singular = N_("The portal at %(address)s has this fingerprint:")
    plural = N_("The portal at %(address)s has had these fingerprints, the newest first; each is good:")
    terminal.say(singular if is_single else plural, {"address": source.address})
    lines = "\n".join(f"    {in_groups(fingerprint_of(root))}" for root in reversed(roots))
    typer.echo(f"\n{lines}\n")
    question = N_("Is it the one that the organisers gave out?")
    return terminal.translate(question if is_single else N_("Is one of them the one that the organisers gave out?"))


def _first_roots(sources: Sequence[Source], fingerprint: str | None) -> tuple[Source, tuple[bytes, ...]]:
    why = MirrorError()
    for source in sources:
        try:
            return source, roots_up_to(source, fingerprint) if fingerprint else roots_of(source)
        except MirrorError as error:
            why = error
    raise why
