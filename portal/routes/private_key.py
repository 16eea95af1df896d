"""The organisers' private key, by the cookie of one who may read pseudonyms."""

from starlette.requests import Request

from portal.domain.organiser import SignIn
from portal.domain.sealing import unwrap
from portal.web.sign_in_cookie import secret_of


def private_key_of(request: Request, sign_in: SignIn) -> bytes | None:
    """Return the key that opens pseudonyms; None for an organiser who cannot read them."""
    secret = secret_of(request)
    return unwrap(sign_in.wrapped_key, secret) if secret and sign_in.wrapped_key else None
