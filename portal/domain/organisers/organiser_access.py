"""An organiser's passphrase and the key that opens pseudonyms, which is wrapped again with each new passphrase."""

from dataclasses import replace

from portal.domain.organisers.organiser import Organiser
from portal.domain.registration.hashing import PassphraseKey
from portal.domain.registration.sealing import recipient_key, wrap


def wrapped_for(private_key: bytes | None, secret: bytes) -> str:
    """Return the organisers' private key, wrapped for whoever has `secret` (32 bytes); "" without a key."""
    return wrap(private_key, recipient_key(secret)) if private_key else ""


def with_passphrase(organiser: Organiser, made: PassphraseKey, private_key: bytes | None) -> Organiser:
    """Return `organiser` with the passphrase of `made`, by which they can read pseudonyms if there is a key."""
    return replace(
        organiser,
        passphrase_hash=made.stored,
        public_key=recipient_key(made.key).hex(),
        wrapped_key=wrapped_for(private_key, made.key),
    )
