"""TUF repository of an origin: signs editions with the keys on this machine, publishes those with enough signatures.

The others are pending until further holders have added theirs. Everything is on the disk at each step, and a step that
was cut off is finished by the next, whichever it is.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

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
from portal.mirror.signing.metadata_store import ARCHIVE, WAITING, MetadataStore, Published, archive_of, pack, unpack
from portal.mirror.signing.quorum import Signable, SigningState, check_signature, is_enough, publishable, signing_status
from portal.site.files import JSON, File, Files
from portal.storage.disk import locked

_LEFT_WHEN_RENEWED: Final = timedelta(hours=TIMESTAMP_HOURS - TIMESTAMP_RENEWED_HOURS)


class Repository:
    """Signatures of the portal in the folder `data`. `clock` gives the present time in UTC.

    Every method may raise `StorageError`; methods block, and are safe to be called from several processes.
    """

    def __init__(self, data: Path, clock: Callable[[], datetime]) -> None:
        self._data: Final = data
        self._clock: Final = clock
        self._store: Final = MetadataStore(data / "tuf")

    def expect(self) -> None:
        """Raise `DataMissing` where there is no root of trust, and no portal to sign for."""
        if not self._store.is_begun():
            raise DataMissing(folder=self._data)

    def begin(self, holder: str) -> None:
        """Make the portal's key, a key for `holder`, and a root of trust in which that one signs alone.

        A run that was cut off is finished; nothing happens where it was done before.
        """
        with self._locked():
            if self._store.is_begun():
                return
            names = {HOLDER: holder, PORTAL: PORTAL}
            signers = {
                name: read_signer(self._data, name)
                if has_signer(self._data, name)
                else make_signer(self._data, name, whose)
                for name, whose in names.items()
            }
            root = first_root([signers[HOLDER].public_key], signers[PORTAL].public_key, self._clock())
            self._store.put("1.root.json", signed(root, [signers[HOLDER]]).to_bytes())

    def sign(self, files: Files, dynamic: Collection[str], edition: int) -> Signing:
        """Sign edition number `edition`, made of `files` (see `targets_of`); it is published where that is enough.

        Nothing changes where these very files, or a later edition, are published or pending already. The files are kept
        where several holders sign, or will: they would have to sign anew what a newer program makes.
        """
        with self._locked():
            state = self._state()
            keeps_files = _is_signed_by_several(state)
            current = state.published.targets
            targets = targets_of(files, dynamic, edition, current.signed.version + 1 if current else 1, self._clock())
            known = [metadata.signed for metadata in (current, state.targets) if metadata]
            if not any(found.targets == targets.targets or edition_of(found) > edition for found in known):
                self._store.drop_pending(ARCHIVE)
                if keeps_files:
                    self._store.put_pending(ARCHIVE, pack(files))
                self._store.put_pending("edition.json", files[EDITION_FILE].content)
                self._store.put_pending("targets.json", signed(targets, self._local_holders()).to_bytes())
            elif (
                keeps_files
                and current
                and current.signed.targets == targets.targets
                and self._store.read(archive_of(current)) is None
            ):
                self._store.put(archive_of(current), pack(files))
            return self._advance()

    def change_keys(self, edit: Callable[[Root], None]) -> Signing:
        """Let `edit` change the pending root, or the next one, and sign it; it is published once that is enough.

        An edition in force whose signatures would no longer be enough becomes pending along with it.
        """
        with self._locked():
            state = self._state()
            root = next_root(state.published.root.signed, self._clock())
            if state.root:
                root.keys, root.roles = state.root.signed.keys, state.root.signed.roles
            edit(root)
            self._store.put_pending("root.json", signed(root, self._local_holders()).to_bytes())
            return self._advance()

    def change_portals_key(self) -> Signing:
        """Let a new key of the portal's own vouch for the editions; the present one does until holders have signed."""
        with self._locked():
            root = self._store.published().root.signed
            spare = next(name for name in PORTALS if not self._is_of(root, name))
        remove_signer(self._data, spare)
        return self.change_keys(new_portal_key(make_signer(self._data, spare, PORTAL).public_key))

    def add_signature(self, role: str, signature: Signature) -> Signing:
        """Add the signature of a holder over the pending `role`, `root` or `targets`.

        Raises `SignatureUnfit` and `NothingToSign`.
        """
        with self._locked():
            state = self._state()
            metadata: Signable | None = {Root.type: state.root, Targets.type: state.targets}.get(role)
            if metadata is None:
                raise NothingToSign
            check_signature(state, metadata, signature)
            if metadata.signatures.get(signature.keyid) == signature:  # anybody can read it there, and send it again
                return signing_status(state)
            signatures = {**metadata.signatures, signature.keyid: signature}
            self._store.put_pending(f"{role}.json", Metadata[Any](metadata.signed, signatures).to_bytes())
            return self._advance()

    def renew(self) -> bool:
        """Publish a new timestamp if the present one was made some hours ago; return whether it was done."""
        with self._locked():
            self._advance()
            published = self._store.published()
            if published.targets is None or published.timestamp is None:
                return False
            if published.timestamp.signed.expires - self._clock() > _LEFT_WHEN_RENEWED:
                return False
            self._publish(published, published.root, published.targets)
            return True

    def stamp(self) -> object:
        """Return a value that changes whenever something on the disk does. Cheap; raises nothing."""
        return self._store.stamp()

    def signing(self) -> Signing:
        """Return who signs, what is published, and what is pending."""
        with self._locked():
            return self._advance()

    def files(self) -> Files:
        """Return the metadata as public files below `PREFIX`, what is pending too; the timestamp comes last."""
        with self._locked():
            state = self._state()
        found = {f"{number}.root.json": root for number, root in enumerate(state.published.roots, 1)}
        pending: dict[str, Signable | None] = {"root": state.root, "targets": state.targets}
        found |= {f"{WAITING}/{name}.json": metadata.to_bytes() for name, metadata in pending.items() if metadata}
        if state.targets and (edition := self._store.pending_edition()):
            found[f"{WAITING}/edition.json"] = edition
        published = state.published
        if published.targets and published.snapshot and published.timestamp:
            found[f"{published.targets.signed.version}.targets.json"] = published.targets.to_bytes()
            found[f"{published.snapshot.signed.version}.snapshot.json"] = published.snapshot.to_bytes()
            found[TIMESTAMP] = published.timestamp.to_bytes()
        return {f"{PREFIX}{name}": File(content, JSON) for name, content in found.items()}

    def signed_files(self, edition: int) -> Files | None:
        """Return the files of edition number `edition` as they were signed.

        None where another edition is in force, and where their archive is missing or damaged.
        """
        with self._locked():
            current = self._store.published().targets
            content = (
                self._store.read(archive_of(current)) if current and edition_of(current.signed) == edition else None
            )
        return unpack(content, current.signed.targets) if current and content else None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self._store.make()
            with locked(self._store.folder / ".lock"):
                yield
        except OSError as error:
            raise StorageError from error

    def _local_holders(self) -> list[Signer]:
        return [read_signer(self._data, HOLDER)] if has_signer(self._data, HOLDER) else []

    def _is_of(self, root: Root, name: str) -> bool:
        public = public_path(self._data, name)
        return public.exists() and read_public(public).keyid in root.roles[Timestamp.type].keyids

    def _portal_signer(self, root: Root) -> Signer:
        """Return the portal's key that `root` lists. Raises `KeyUnusable`."""
        return read_signer(self._data, next((name for name in PORTALS if self._is_of(root, name)), PORTAL))

    def _state(self) -> SigningState:
        published = self._store.published()
        root, targets = self._store.pending_root(), self._store.pending_targets()
        newest = published.targets.signed.version if published.targets else 0
        return SigningState(
            published,
            root if root and root.signed.version > published.root.signed.version else None,
            targets if targets and targets.signed.version > newest else None,
        )

    def _advance(self) -> Signing:
        """Publish what has all its signatures; return the status after it."""
        self._request_signatures(self._state())
        state = self._state()
        if found := publishable(state):
            self._publish(*found)
            self._request_signatures(self._state())
            state = self._state()
        return signing_status(state)

    def _request_signatures(self, state: SigningState) -> None:
        """Make the edition in force pending where it lacks signatures that the pending root asks for."""
        current = state.published.targets
        if state.root and current and not state.targets and not is_enough(state.root.signed, current):
            targets = reissued(current.signed, current.signed.version + 1, self._clock())
            self._store.put_pending("targets.json", signed(targets, self._local_holders()).to_bytes())

    def _publish(self, before: Published, root: Metadata[Root], targets: Metadata[Targets]) -> None:
        """Store what follows `before`, the timestamp last: it puts the rest in force."""
        now, portal = self._clock(), self._portal_signer(root.signed)
        if root.signed.version > before.root.signed.version:
            self._store.put(f"{root.signed.version}.root.json", root.to_bytes())
        self._store.put(f"{targets.signed.version}.targets.json", targets.to_bytes())
        self._keep_files(before.targets, targets)
        snapshot = before.snapshot
        if snapshot is None or targets is not before.targets or not is_enough(root.signed, snapshot):
            version = snapshot.signed.version + 1 if snapshot else 1
            snapshot = signed(snapshot_of(targets, version, now), [portal])
            self._store.put(f"{version}.snapshot.json", snapshot.to_bytes())
        version = before.timestamp.signed.version + 1 if before.timestamp else 1
        self._store.put(TIMESTAMP, signed(timestamp_of(snapshot, version, now), [portal]).to_bytes())
        self._drop_published()
        self._store.sweep()

    def _keep_files(self, before: Metadata[Targets] | None, targets: Metadata[Targets]) -> None:
        """Keep the files of `targets`: those of `before` where only signatures are new, else the pending ones."""
        if targets is before:
            return
        is_anew = before is not None and before.signed.targets == targets.signed.targets
        content = self._store.read(archive_of(before) if before and is_anew else f"{WAITING}/{ARCHIVE}")
        if content:
            self._store.put(archive_of(targets), content)

    def _drop_published(self) -> None:
        state = self._state()
        if state.root is None:
            self._store.drop_pending("root.json")
        if state.targets is None:
            self._store.drop_pending("targets.json", "edition.json", ARCHIVE)


def _is_signed_by_several(state: SigningState) -> bool:
    """Return whether the root in force asks for the signatures of several holders, or the pending one does."""
    roots = [metadata.signed for metadata in (state.published.root, state.root) if metadata]
    return any(root.get_delegated_role(Targets.type).threshold > 1 for root in roots)
