"""Rules of how many signatures are enough, between what is published and what is pending."""

from dataclasses import dataclass

from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import Signature
from tuf.api.metadata import Metadata, Root, Snapshot, Targets, VerificationResult

from portal.domain.trust.signing import Holder, Pending, Signing
from portal.domain.trust.signing_errors import SignatureUnfit
from portal.mirror.client.metadata import edition_of, fingerprint_of
from portal.mirror.signing.keys import holder_name
from portal.mirror.signing.metadata_store import Published

Signable = Metadata[Root] | Metadata[Targets]
"""Metadata that the holders sign."""


@dataclass(frozen=True, slots=True)
class SigningState:
    """Published and pending metadata as it is on the disk; what is pending is the newer."""

    published: Published
    root: Metadata[Root] | None
    targets: Metadata[Targets] | None


def signing_status(state: SigningState) -> Signing:
    """Return who signs, what is published, and what is pending, for people."""
    now = state.published
    role = now.root.signed.get_delegated_role(Targets.type)
    return Signing(
        edition_of(now.targets.signed) if now.targets else 0,
        tuple(Holder(holder_name(now.root.signed.get_key(id)), id) for id in role.keyids),
        role.threshold,
        fingerprint_of(now.roots[-1]),
        _pending(state, state.root, None) if state.root else None,
        _pending(state, state.targets, edition_of(state.targets.signed)) if state.targets else None,
    )


def publishable(state: SigningState) -> tuple[Published, Metadata[Root], Metadata[Targets]] | None:
    """Return what can be put in force: a new root, new targets, or both, each with all the signatures that it needs."""
    now = state.published
    if state.root and is_next(now.root.signed, state.root):
        for targets in (state.targets, now.targets):
            if targets and is_enough(state.root.signed, targets):
                return now, state.root, targets
    pending = state.targets
    if pending and _is_new(state, pending) and is_enough(now.root.signed, pending):
        return now, now.root, pending
    return None


def is_enough(root: Root, metadata: Signable | Metadata[Snapshot]) -> bool:
    """Return whether `metadata` has the signatures that `root` asks for."""
    return bool(root.get_verification_result(metadata.signed.type, metadata.signed_bytes, metadata.signatures))


def check_signature(state: SigningState, metadata: Signable, signature: Signature) -> None:
    """Raise `SignatureUnfit` unless it is that of a holder, present or to come, over `metadata`."""
    for root in [metadata.signed for metadata in (state.published.root, state.root) if metadata]:
        if signature.keyid in root.get_delegated_role(metadata.signed.type).keyids:
            try:
                root.get_key(signature.keyid).verify_signature(signature, metadata.signed_bytes)
            except UnverifiedSignatureError:
                raise SignatureUnfit from None
            return
    raise SignatureUnfit


def is_next(before: Root, root: Metadata[Root]) -> bool:
    """Return whether `root` has the signatures to follow `before`: enough by the rules of either."""
    return bool(root.signed.get_root_verification_result(before, root.signed_bytes, root.signatures))


def _pending(state: SigningState, metadata: Signable, edition: int | None) -> Pending:
    """Return who signed `metadata`, and how many have to: a root by both roots' rules, targets by the weaker."""
    roots = [root.signed for root in (state.published.root, state.root) if root]
    if state.root and metadata is state.targets and not _is_new(state, state.targets):
        roots = [state.root.signed]
    role, payload = metadata.signed.type, metadata.signed_bytes
    results = [root.get_verification_result(role, payload, metadata.signatures) for root in roots]
    names = {id: holder_name(key) for result in results for id, key in result.signed.items()}
    missing = _of_both(*results) if metadata is state.root else min(result.missing for result in results)
    return Pending(edition, tuple(sorted(names.values())), len(names) + missing)


def _is_new(state: SigningState, targets: Metadata[Targets]) -> bool:
    """Return whether `targets` list other files than those in force."""
    now = state.published.targets
    return not (now and targets.signed.targets == now.signed.targets)


def _of_both(before: VerificationResult, after: VerificationResult) -> int:
    """Return how many more signatures both roots need; a signature counts for both where both know its key."""
    shared = len(before.unsigned.keys() & after.unsigned.keys())
    return before.missing + after.missing - min(before.missing, after.missing, shared)
