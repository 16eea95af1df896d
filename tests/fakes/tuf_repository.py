"""A TUF repository of one page, which signs whatever a test makes of its metadata."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from portal.mirror.client.metadata import PREFIX
from tests.fakes.tuf_simulator import Simulator

SHA256: Final = ("sha256",)
PAGE: Final = b"home"
UNDER_ROOT: Final = ("targets", "snapshot", "timestamp")
ALL: Final = ("root", *UNDER_ROOT)


class TufRepository:
    """Version 1 of each role at the source `simulator`, signed by the `signers` of the role, valid for a day."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        expires = self.now + timedelta(days=1)
        self.signers = {role: [CryptoSigner.generate_ed25519()] for role in ALL}
        self.root = Root(version=1, expires=expires, consistent_snapshot=True)
        for role, signers in self.signers.items():
            self.root.add_key(signers[0].public_key, role)
        page = TargetFile.from_data("index.html", PAGE, list(SHA256))
        self.targets = Targets(version=1, expires=expires, targets={"index.html": page})
        self.snapshot = Snapshot(version=1, expires=expires)
        self.timestamp = Timestamp(version=1, expires=expires)
        self.simulator = Simulator({"index.html": PAGE})
        for role in ALL:
            self.put(role)

    def role(self, name: str) -> Any:  # noqa: ANN401 - any of the four
        """Return the metadata of the role `name`."""
        return getattr(self, name)

    def name(self, role: str) -> str:
        """Return the path of the present version of `role`."""
        version = "" if role == "timestamp" else f"{self.role(role).version}."
        return f"{PREFIX}{version}{role}.json"

    def release(self, *roles: str) -> None:
        """Publish the next version of each of `roles`."""
        for role in roles:
            self.role(role).version += 1
            self.put(role)

    def put(self, role: str, name: str | None = None) -> None:
        """Sign `role`, publish it as `name`, and announce it in the role that announces it."""
        metadata: Metadata[Any] = Metadata(self.role(role))
        for signer in self.signers[role]:
            metadata.sign(signer, append=True)
        self.put_bytes(role, metadata.to_bytes(), name)

    def put_bytes(self, role: str, content: bytes, name: str | None = None) -> None:
        """Publish `content` as `role`, and announce it in the role that announces it."""
        self.simulator.files[name or self.name(role)] = content
        meta = MetaFile.from_data(self.role(role).version, content, list(SHA256))
        if role == "targets":
            self.snapshot.meta["targets.json"] = meta
        elif role == "snapshot":
            self.timestamp.snapshot_meta = meta

    def replace_keys(self, role: str, keys: int = 1, threshold: int = 1) -> list[CryptoSigner]:
        """Let so many new `keys` sign `role` in place of the present ones, which are returned."""
        before, self.signers[role] = self.signers[role], [CryptoSigner.generate_ed25519() for _ in range(keys)]
        self.root.roles[role].keyids.clear()
        for signer in self.signers[role]:
            self.root.add_key(signer.public_key, role)
        self.root.roles[role].threshold = threshold
        return before
