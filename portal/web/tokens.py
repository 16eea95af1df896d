"""The signed token of a form: it says for what use the form was made, when, and what it was made with."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from itsdangerous import BadData, URLSafeSerializer

from portal.domain.errors import FormExpired, FormForeign, FormTooFast

_ISSUED: Final = "issued"
_PAYLOAD: Final = "payload"


class Tokens:
    """Makes and opens tokens with `key` (32 bytes), HMAC-SHA256; `clock` gives the present time in UTC.

    A token is readable by who holds it and cannot be altered. It outlives a restart, as long as the key does.
    """

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key = key
        self._clock = clock

    def issue(self, purpose: str, payload: Mapping[str, str]) -> str:
        """A token for `purpose` (the name of one form) that carries `payload`, in characters fit for a URL."""
        return self._serializer(purpose).dumps({_ISSUED: self._now(), _PAYLOAD: dict(payload)})

    def open(self, purpose: str, token: str, max_age: timedelta, min_age: timedelta = timedelta(0)) -> dict[str, str]:
        """The payload of a token issued for `purpose`, at least `min_age` and at most `max_age` ago.

        Raises `FormForeign` when it was not made by this portal for this purpose, `FormExpired` when it is too old or
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
        """The payload of a token issued for `purpose`, to show its form again. Raises `FormForeign`."""
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
        """Milliseconds since 1970."""
        return round(self._clock().timestamp() * 1000)
