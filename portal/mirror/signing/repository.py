"""The origin's side of the signatures: editions are signed with what keys are here, published when that is enough.

What is not enough waits for further holders, each of whom adds a signature. Everything is on the disk at each step, and
a step that was cut off is finished by the next one, whichever it is.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from securesystemslib.signer import Signature, Signer
from tuf.api.metadata import Metadata, Root, Targets, Timestamp

from portal.domain.edition.edition_file import EDITION_FILE
from portal.domain.errors import DataMissing, StorageError
from portal.domain.limits import TIMESTAMP_HOURS, TIMESTAMP_RENEWED_HOURS
from portal.domain.trust.signing import Signing
from portal.domain.trust.signing_errors import NothingToSign
from portal.mirror.client.metadata import (
    PREFIX,
    TIMESTAMP,
    edition_of,
    first_root,
    next_root,
    reissued,
    signed,
    snapshot_of,
    targets_of,
    timestamp_of,
)
from portal.mirror.signing.edition_archive import SITE_FILE, packed, unpacked
from portal.mirror.signing.key_holders import new_portal_key
from portal.mirror.signing.keys import (
    HOLDER,
    PORTAL,
    PORTALS,
    has_signer,
    make_signer,
    public_path,
    read_public,
    read_signer,
    remove_signer,
)
from portal.mirror.signing.metadata_store import WAITING, MetadataStore, Published, site_of
from portal.mirror.signing.quorum import Signable, SigningState, check_signature, is_enough, publishable, signing_status
from portal.site.files import JSON, File, Files
from portal.storage.disk import locked

_LEFT_WHEN_RENEWED: Final = timedelta(hours=TIMESTAMP_HOURS - TIMESTAMP_RENEWED_HOURS)


class Repository:
    """The signatures of the portal in the folder `data`. `clock` gives the present time in UTC.

    Every method may raise `StorageError`; methods block, and are safe to be called from several processes.
    """

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self._data: Final = data
        self._clock: Final = clock
        self._shelf: Final = MetadataStore(data / "tuf")

    def expect(self) -> None:
        """Raises `DataMissing` where there is no root of trust, and no portal to sign for."""
        if not self._shelf.is_begun():
            raise DataMissing(folder=self._data)

    def begin(self, holder: str) -> None:
        """Make the portal's key, a key for `holder`, and a root of trust in which that one signs alone.

        What a run that was cut off left is finished; nothing where it was done before.
        """
        with self._changing():
            if self._shelf.is_begun():
                return
            names = {HOLDER: holder, PORTAL: PORTAL}
            signers = {
                name: read_signer(self._data, name)
                if has_signer(self._data, name)
                else make_signer(self._data, name, whose)
                for name, whose in names.items()
            }
            root = first_root([signers[HOLDER].public_key], signers[PORTAL].public_key, self._clock())
            self._shelf.put("1.root.json", signed(root, [signers[HOLDER]]).to_bytes())

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> Signing:
        """Sign edition number `edition`, made of `files` (see `targets_of`); it is published where that is enough.

        Nothing changes where these very files, or a later edition, are published or wait already.
        """
        with self._changing():
            state = self._state()
            now = state.published.targets
            targets = targets_of(files, dynamic, edition, now.signed.version + 1 if now else 1, self._clock())
            known = [one.signed for one in (now, state.targets) if one]
            if not any(one.targets == targets.targets or edition_of(one) > edition for one in known):
                self._shelf.put_waiting(SITE_FILE, packed(files))
                self._shelf.put_waiting("edition.json", files[EDITION_FILE].content)
                self._shelf.put_waiting("targets.json", signed(targets, self._holders_here()).to_bytes())
            elif now and now.signed.targets == targets.targets and self._shelf.read(site_of(now)) is None:
                self._shelf.put(site_of(now), packed(files))
            return self._advance()

    def change_keys(self, edit: Callable[[Root], None]) -> Signing:
        """Let `edit` change the root that waits, or the next one, and sign it; it is published once that is enough.

        An edition in force whose signatures would no longer do waits to be signed anew along with it.
        """
        with self._changing():
            state = self._state()
            root = next_root(state.published.root.signed, self._clock())
            if state.root:
                root.keys, root.roles = state.root.signed.keys, state.root.signed.roles
            edit(root)
            self._shelf.put_waiting("root.json", signed(root, self._holders_here()).to_bytes())
            return self._advance()

    def change_portals_key(self) -> Signing:
        """Let a new key of the portal's own vouch for the editions; the present one does until holders have signed."""
        with self._changing():
            root = self._shelf.published().root.signed
            spare = next(name for name in PORTALS if not self._is_of(root, name))
        remove_signer(self._data, spare)
        return self.change_keys(new_portal_key(make_signer(self._data, spare, PORTAL).public_key))

    def add_signature(self, role: str, signature: Signature) -> Signing:
        """Take the signature of a holder over what waits as `role`, `root` or `targets`.

        Raises `SignatureUnfit` and `NothingToSign`.
        """
        with self._changing():
            state = self._state()
            metadata: Signable | None = {Root.type: state.root, Targets.type: state.targets}.get(role)
            if metadata is None:
                raise NothingToSign
            check_signature(state, metadata, signature)
            if metadata.signatures.get(signature.keyid) == signature:  # anybody can read it there, and send it again
                return signing_status(state)
            metadata.signatures[signature.keyid] = signature
            self._shelf.put_waiting(f"{role}.json", metadata.to_bytes())
            return self._advance()

    def renew(self) -> bool:
        """Publish a new timestamp if the present one was made some hours ago; whether it was done."""
        with self._changing():
            self._advance()
            published = self._shelf.published()
            if published.targets is None or published.timestamp is None:
                return False
            if published.timestamp.signed.expires - self._clock() > _LEFT_WHEN_RENEWED:
                return False
            self._publish(published, published.root, published.targets)
            return True

    def stamp(self) -> object:
        """Changes whenever something on the disk does. Cheap; raises nothing."""
        return self._shelf.stamp()

    def signing(self) -> Signing:
        """How things stand."""
        with self._changing():
            return self._advance()

    def files(self) -> Files:
        """The metadata as public files below `PREFIX`, what waits too; the timestamp, which vouches for all, last."""
        with self._changing():
            state = self._state()
        found = {f"{number}.root.json": root for number, root in enumerate(state.published.roots, 1)}
        waiting: dict[str, Signable | None] = {"root": state.root, "targets": state.targets}
        found |= {f"{WAITING}/{name}.json": one.to_bytes() for name, one in waiting.items() if one}
        if state.targets and (edition := self._shelf.waiting_edition()):
            found[f"{WAITING}/edition.json"] = edition
        published = state.published
        if published.targets and published.snapshot and published.timestamp:
            found[f"{published.targets.signed.version}.targets.json"] = published.targets.to_bytes()
            found[f"{published.snapshot.signed.version}.snapshot.json"] = published.snapshot.to_bytes()
            found[TIMESTAMP] = published.timestamp.to_bytes()
        return {f"{PREFIX}{name}": File(content, JSON) for name, content in found.items()}

    def signed_files(self, edition: int) -> Files | None:
        """The files of edition number `edition` as they were signed.

        None where another one is in force, and where what was kept of it is missing or damaged.
        """
        with self._changing():
            now = self._shelf.published().targets
            content = self._shelf.read(site_of(now)) if now and edition_of(now.signed) == edition else None
        return unpacked(content, now.signed.targets) if now and content else None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        try:
            self._shelf.make()
            with locked(self._shelf.folder / ".lock"):
                yield
        except OSError as error:
            raise StorageError from error

    def _holders_here(self) -> list[Signer]:
        return [read_signer(self._data, HOLDER)] if has_signer(self._data, HOLDER) else []

    def _is_of(self, root: Root, name: str) -> bool:
        public = public_path(self._data, name)
        return public.exists() and read_public(public).keyid in root.roles[Timestamp.type].keyids

    def _vouching(self, root: Root) -> Signer:
        """The key that vouches by `root`. Raises `KeyUnusable`."""
        return read_signer(self._data, next((name for name in PORTALS if self._is_of(root, name)), PORTAL))

    def _state(self) -> SigningState:
        published = self._shelf.published()
        root, targets = self._shelf.waiting_root(), self._shelf.waiting_targets()
        newest = published.targets.signed.version if published.targets else 0
        return SigningState(
            published,
            root if root and root.signed.version > published.root.signed.version else None,
            targets if targets and targets.signed.version > newest else None,
        )

    def _advance(self) -> Signing:
        """Publish what has all its signatures, and tell how things stand then."""
        self._ask_anew(self._state())
        state = self._state()
        if found := publishable(state):
            self._publish(*found)
            self._ask_anew(self._state())
            state = self._state()
        return signing_status(state)

    def _ask_anew(self, state: SigningState) -> None:
        """Let the edition in force wait for the signatures that it will need by the root that waits."""
        now = state.published.targets
        if state.root and now and not state.targets and not is_enough(state.root.signed, now):
            targets = reissued(now.signed, now.signed.version + 1, self._clock())
            self._shelf.put_waiting("targets.json", signed(targets, self._holders_here()).to_bytes())

    def _publish(self, before: Published, root: Metadata[Root], targets: Metadata[Targets]) -> None:
        """Put on the shelf what follows `before`, the timestamp last: it is what makes the rest be in force."""
        now, portal = self._clock(), self._vouching(root.signed)
        if root.signed.version > before.root.signed.version:
            self._shelf.put(f"{root.signed.version}.root.json", root.to_bytes())
        self._shelf.put(f"{targets.signed.version}.targets.json", targets.to_bytes())
        self._put_site(before.targets, targets)
        snapshot = before.snapshot
        if snapshot is None or targets is not before.targets or not is_enough(root.signed, snapshot):
            version = snapshot.signed.version + 1 if snapshot else 1
            snapshot = signed(snapshot_of(targets, version, now), [portal])
            self._shelf.put(f"{version}.snapshot.json", snapshot.to_bytes())
        version = before.timestamp.signed.version + 1 if before.timestamp else 1
        self._shelf.put(TIMESTAMP, signed(timestamp_of(snapshot, version, now), [portal]).to_bytes())
        self._drop_done()
        self._shelf.sweep()

    def _put_site(self, before: Metadata[Targets] | None, targets: Metadata[Targets]) -> None:
        """Keep the files of `targets`: those of `before` where these are signed anew as they are, else what waits."""
        if targets is before:
            return
        is_anew = before is not None and before.signed.targets == targets.signed.targets
        content = self._shelf.read(site_of(before) if before and is_anew else f"{WAITING}/{SITE_FILE}")
        if content:
            self._shelf.put(site_of(targets), content)

    def _drop_done(self) -> None:
        state = self._state()
        if state.root is None:
            self._shelf.drop_waiting("root.json")
        if state.targets is None:
            self._shelf.drop_waiting("targets.json", "edition.json", SITE_FILE)
