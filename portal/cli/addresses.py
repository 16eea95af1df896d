"""The commands on the onion's address: a signed card that shows it, and the check of a card."""

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from onion.errors import KeyOfAnother
from onion.identity.address import address_of
from onion.identity.card import Card, read_card, signed_card
from onion.identity.ed25519 import public_key
from onion.identity.key import KEY_FILE_BYTES, parse_secret, read_secret
from portal.cli.terminal import HelpCommand, Terminal
from portal.domain.edition.edition import Edition
from portal.domain.event.languages import words_of
from portal.domain.language import N_
from portal.origin.installation import now, present_edition
from portal.server.server import run
from portal.settings import Settings
from portal.site.times import in_zone

TRUE: Final = 0
FALSE: Final = 1
STANDARD_INPUT: Final = Path("-")

_CARD_IS_TRUE: Final = N_("This card is true: the owner of its onion address signed it, word for word.")
_CARD_IS_FALSE: Final = N_(
    "This card is FALSE: it was altered, or the owner of its onion address never signed it. Believe nothing on it."
)
_PROVEN: Final = N_(
    "It proves that whoever owns that onion address gave out this name and these addresses on that day. It does not "
    "prove that the address is that of the event: anybody can sign a card for an address of their own. Compare the "
    "onion address, to its last letter, with one that came to you by another way: a poster, a friend, an organiser."
)


def add_card(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal onion card`."""
    _ = terminal.translate
    key_help = _(
        "The onion's key: Tor's file hs_ed25519_secret_key, or - to read it from standard input (the portal's own)."
    )

    @app.command("card", cls=HelpCommand, help=_("Print a card with the addresses, signed by the onion's own key."))
    def card(
        key: Annotated[Path | None, terminal.option("--key", _("FILE"), key_help)] = None,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        settings = terminal.settings(data=data)
        typer.echo(_card(settings, run(present_edition(settings)), key), nl=False)


def verify_card(card: Path, terminal: Terminal) -> int:
    """Print whether the address card in a file is true; return the exit status. Raises `OnionError`."""
    found, is_true = read_card(card)
    if not is_true:
        terminal.say(_CARD_IS_FALSE)
        return FALSE
    terminal.say(_CARD_IS_TRUE)
    for line in _lines_of(found, terminal):
        typer.echo(f"    {line}")
    terminal.say(_PROVEN)
    return TRUE


def _card(settings: Settings, edition: Edition, key: Path | None) -> str:
    """Return the card of `edition`, dated today. Raises `OnionError`."""
    event, file = edition.event, key or settings.data / "keys" / "onion"
    if file == STANDARD_INPUT:
        secret = parse_secret(sys.stdin.buffer.read(KEY_FILE_BYTES), N_("The standard input"))
    else:
        secret = read_secret(file)
    found = address_of(public_key(secret))
    known = settings.onion_address or (edition.addresses.onion or "").removeprefix("http://")
    if known not in ("", found):
        raise KeyOfAnother(file=file, found=found, known=known)
    web = edition.addresses.clearnet or settings.public_url
    return signed_card(words_of(event, event.name, event.language), web, in_zone(event, now()).date(), secret)


def _lines_of(card: Card, terminal: Terminal) -> list[str]:
    web = card.web or terminal.translate(N_("none"))
    return [card.event, card.onion, web, card.day.isoformat()]
