"""Signed tokens of forms: the purpose of a form, the time when it was issued, and a payload."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from portal.domain.errors import FormExpired, FormForeign, FormTooFast

_ISSUED: Final = "issued"
_PAYLOAD: Final = "payload"


class Tokens:
    """Issuer and verifier of tokens with `key` (32 bytes), HMAC-SHA256; `clock` returns the present time in UTC.

    A token can be read by its holder, and cannot be altered. It outlives a restart.
    """

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock

    def issue(self, purpose: str, payload: Mapping[str, str]) -> str:
        """Return a token for `purpose` (the name of a form) that carries `payload`, in characters safe in a URL."""
        return self._serializer(purpose).dumps({_ISSUED: self._now(), _PAYLOAD: dict(payload)})

    def open(self, purpose: str, token: str, max_age: timedelta, min_age: timedelta = timedelta(0)) -> dict[str, str]:
        """Return the payload of a token issued for `purpose`, at least `min_age` and at most `max_age` ago.

        Raises `FormForeign` when it was not issued by this portal for this purpose, `FormExpired` when it is too old or
        the clock has gone back since, `FormTooFast` when it is too young.
        """
        content = self._content(purpose, token)
        age = timedelta(milliseconds=self._now() - content[_ISSUED])
        if age > max_age or age < timedelta(0):
            raise FormExpired
        if age < min_age:
            raise FormTooFast
        payload: dict[str, str] = content[_PAYLOAD]
        return payload

    def open_at_any_age(self, purpose: str, token: str) -> dict[str, str]:
        """Return the payload of a token issued for `purpose`, to show its form again. Raises `FormForeign`."""
        payload: dict[str, str] = self._content(purpose, token)[_PAYLOAD]
        return payload

    def _content(self, purpose: str, token: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = self._serializer(purpose).loads(token)
        except BadData:
            raise FormForeign from None
        return content

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        signer = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeSerializer(self._key, salt=purpose, signer_kwargs=signer)

    def _now(self) -> int:
        """Return the milliseconds since 1970."""
        return round(self._clock().timestamp() * 1000)
