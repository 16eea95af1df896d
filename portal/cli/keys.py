"""The commands of key holders: `portal key …` on the server and on a holder's own machine."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from portal.cli.confirmation import Loss, confirm, yes_option
from portal.cli.terminal import HelpCommand, HelpGroup, Terminal
from portal.domain.language import N_
from portal.domain.trust.signing import Holder, Pending, Signing, in_groups
from portal.mirror.signing.key_holders import enrolment, new_threshold, replacement, revocation
from portal.mirror.signing.keys import HOLDER, has_signer, holder_name, make_signer, public_path, read_public
from portal.mirror.signing.repository import Repository
from portal.origin.installation import now


def add_keys(app: typer.Typer, terminal: Terminal) -> None:
    """Add `portal key`."""
    _ = terminal.translate
    group = typer.Typer(
        cls=HelpGroup, help=_("The people who sign the editions, each with a key."), rich_markup_mode=None
    )
    app.add_typer(group, name="key")
    for add in (_add_list, _add_new, _add_enrol, _add_threshold, _add_revoke, _add_replace, _add_portal):
        add(group, terminal)


def _add_list(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    about = _("Show the key holders, what is waiting, and the fingerprint to print.")

    @group.command("list", cls=HelpCommand, help=about)
    def list_holders(data: Annotated[Path | None, terminal.data_option()] = None) -> None:
        _print_state(terminal, _repository(terminal, data).signing())


def _add_new(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @group.command("new", cls=HelpCommand, help=_("Create your key on your own machine; it never leaves it."))
    def new(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("Your name, as the other holders know you."))],
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        folder = terminal.settings(data=data).data
        key = make_signer(folder, HOLDER, name).public_key
        details = {"file": public_path(folder, HOLDER), "start": key.keyid[:16]}
        terminal.say(N_("Your key is made. Hand on %(file)s, which is public, to whoever runs the portal."), details)
        terminal.say(N_("Tell them, through another channel, that it begins with %(start)s"), details)


def _add_enrol(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @group.command("enrol", cls=HelpCommand, help=_("Add a key holder."))
    def enrol(
        file: Annotated[Path, typer.Argument(metavar="PUB", help=_("The public key that the holder handed on."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        edit = enrolment(read_public(file))
        _change(terminal, data, yes, lambda repository: repository.change_keys(edit))


def _add_threshold(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @group.command("threshold", cls=HelpCommand, help=_("Set how many holders have to sign each edition."))
    def threshold(
        number: Annotated[int, typer.Argument(metavar=_("NUMBER"), help=_("How many, from 1 to all of them."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        _change(terminal, data, yes, lambda repository: repository.change_keys(new_threshold(number)))


def _add_revoke(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @group.command("revoke", cls=HelpCommand, help=_("Remove a key holder who left, or whose key was stolen."))
    def revoke(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The holder."))],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        edit, losses_of = revocation(name), partial(_revocation_losses, name)
        _change(terminal, data, yes, lambda repository: repository.change_keys(edit), losses_of)


def _add_replace(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate

    @group.command("replace", cls=HelpCommand, help=_("Replace a key that is lost or old."))
    def replace(
        name: Annotated[str, typer.Argument(metavar=_("NAME"), help=_("The holder of the old key."))],
        file: Annotated[
            Path, typer.Argument(metavar="PUB", help=_("The new public key, of the same holder or another."))
        ],
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        edit, losses_of = replacement(name, read_public(file)), partial(_replacement_losses, name)
        _change(terminal, data, yes, lambda repository: repository.change_keys(edit), losses_of)


def _add_portal(group: typer.Typer, terminal: Terminal) -> None:
    _ = terminal.translate
    help = _("Replace the portal's own key, after somebody else had control of the server.")

    @group.command("portal", cls=HelpCommand, help=help)
    def portal(
        yes: Annotated[bool, yes_option(terminal)] = False,
        data: Annotated[Path | None, terminal.data_option()] = None,
    ) -> None:
        lost = N_("The current key of the portal is no longer trusted, once the holders have signed the change.")
        _change(terminal, data, yes, Repository.change_portals_key, lambda signing: [(lost, {})])


def _change(
    terminal: Terminal,
    data: Path | None,
    yes: bool,
    change: Callable[[Repository], Signing],
    losses_of: Callable[[Signing], Iterable[Loss]] = lambda signing: (),
) -> None:
    """Change the keys, once somebody agrees to what is lost by it, if anything is; print the state after it."""
    repository, folder = _repository(terminal, data), terminal.settings(data=data).data
    signing = repository.signing()
    losses = [*losses_of(signing), *_void_signatures(signing, folder)]
    if losses:
        confirm(terminal, losses, yes)
    _print_state(terminal, change(repository))


def _revocation_losses(name: str, signing: Signing) -> Iterator[Loss]:
    text = N_("The key %(start)s of “%(name)s” no longer signs. Key holders who are left: %(left)s")
    for holder in _holders_named(name, signing):
        yield text, {"start": holder.id[:16], "name": holder.name, "left": len(signing.holders) - 1}


def _replacement_losses(name: str, signing: Signing) -> Iterator[Loss]:
    text = N_("The key %(start)s of “%(name)s” no longer signs: the new one replaces it.")
    for holder in _holders_named(name, signing):
        yield text, {"start": holder.id[:16], "name": holder.name}


def _holders_named(name: str, signing: Signing) -> tuple[Holder, ...]:
    """Return the holder with this name or key; nobody where there is none."""
    return tuple(holder for holder in signing.holders if name in (holder.name, holder.id))[:1]


def _void_signatures(signing: Signing, folder: Path) -> Iterator[Loss]:
    """Yield the signatures of others on the pending change, which another change makes void."""
    own = holder_name(read_public(public_path(folder, HOLDER))) if has_signer(folder, HOLDER) else None
    others = [name for name in signing.keys.signed_by if name != own] if signing.keys else []
    if others:
        details = {"count": len(others), "names": ", ".join(others)}
        yield N_("Signatures on the change that waits, which have to be given again: %(count)s (%(names)s)"), details


def _repository(terminal: Terminal, data: Path | None) -> Repository:
    folder = terminal.settings(data=data).data
    repository = Repository(folder, now)
    repository.expect()
    return repository


def _print_state(terminal: Terminal, signing: Signing) -> None:
    """Print who signs, what is pending, and the fingerprint."""
    for holder in signing.holders:
        typer.echo(f"  {holder.name}  {holder.id[:16]}")
    details = {"needed": signing.needed, "holders": len(signing.holders), "edition": signing.edition}
    terminal.say(N_("Signatures needed: %(needed)s of %(holders)s. Newest signed edition: %(edition)s."), details)
    _print_pending(terminal, N_("The change of the key holders is signed by %(count)s of %(needed)s."), signing.keys)
    _print_pending(terminal, N_("Edition %(edition)s is signed by %(count)s of %(needed)s."), signing.next)
    if signing.keys or signing.next:
        terminal.say(N_("The other holders sign with “portal sign ADDRESS”, once the portal runs."))
    terminal.say(N_("Fingerprint, to be given out on paper:"))
    typer.echo(f"\n    {in_groups(signing.fingerprint)}\n")


def _print_pending(terminal: Terminal, text: str, pending: Pending | None) -> None:
    if pending:
        count = len(pending.signed_by)
        terminal.say(text, {"edition": pending.edition, "count": count, "needed": pending.needed})
