"""Forms with files: within limits, in strict UTF-8, or refused."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from portal.domain.errors import FormError, FormTooLarge, FormTooSlow, FormWrongKind, PortalError
from portal.domain.limits import FORM_FIELDS
from portal.web import uploads
from portal.web.forms import URLENCODED
from portal.web.uploads import UploadedFile, read_form_with_files

pytestmark = pytest.mark.anyio

BOUNDARY: Final = "----lorem"
KIND: Final = f"multipart/form-data; boundary={BOUNDARY}"


def request_of(body: bytes, kind: str = KIND) -> Request:
    """Return a POST whose body is `body`."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop(0)

    return Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)


def form_of(*parts: tuple[str, bytes]) -> bytes:
    """Return a form of parts, each the parameters behind `form-data;` and a content."""
    head = b"--" + BOUNDARY.encode() + b"\r\n"
    bodies = [
        head + b"Content-Disposition: form-data; " + names.encode() + b"\r\n\r\n" + content + b"\r\n"
        for names, content in parts
    ]
    return b"".join([*bodies, b"--", BOUNDARY.encode(), b"--\r\n"])


TAKEN: Final = {
    "fields": (form_of(('name="a"', b"1"), ('name="b"', "été\r\n2".encode())), {"a": "1", "b": "été\r\n2"}, {}),
    "a file": (
        form_of(('name="a"', b"1"), ('name="f"; filename="été.xml"', b"\x00\xff\r\n--x")),
        {"a": "1"},
        {"f": UploadedFile("été.xml", b"\x00\xff\r\n--x")},
    ),
    "a file in a folder": (
        form_of(('name="f"; filename="C:\\\\lorem/ipsum\\\\a.csv"', b"x")),
        {},
        {"f": UploadedFile("a.csv", b"x")},
    ),
    "no file chosen": (form_of(('name="a"', b"1"), ('name="f"; filename=""', b"")), {"a": "1"}, {}),
    "an empty file": (form_of(('name="f"; filename="a.csv"', b"")), {}, {"f": UploadedFile("a.csv", b"")}),
}


@pytest.mark.parametrize(("body", "fields", "files"), TAKEN.values(), ids=TAKEN.keys())
async def test_form_with_files_is_taken(body: bytes, fields: dict[str, str], files: dict[str, UploadedFile]) -> None:
    assert await read_form_with_files(request_of(body), 4) == (fields, files)


async def test_form_without_files_is_taken_in_the_other_encoding() -> None:
    assert await read_form_with_files(request_of(b"a=1&b=2", URLENCODED), 4) == ({"a": "1", "b": "2"}, {})


REFUSED: Final[dict[str, tuple[bytes, str, type[PortalError]]]] = {
    "another kind": (b"{}", "application/json", FormWrongKind),
    "more than is read": (form_of(('name="f"; filename="a"', b"x" * 5_000)), KIND, FormTooLarge),
    "a name twice": (form_of(('name="a"', b"1"), ('name="a"', b"2")), KIND, FormError),
    "a field and a file of one name": (form_of(('name="a"', b"1"), ('name="a"; filename="b"', b"2")), KIND, FormError),
    "more parts than fields": (form_of(*((f'name="a{n}"', b"") for n in range(FORM_FIELDS + 1))), KIND, FormError),
    "a field that is not UTF-8": (form_of(('name="a"', b"\xff")), KIND, FormError),
    "a field with a NUL": (form_of(('name="a"', b"\0")), KIND, FormError),
    "a part without a name": (form_of(("x=1", b"1")), KIND, FormError),
    "no end": (form_of(('name="a"', b"1"))[:-6], KIND, FormError),
    "no boundary": (form_of(('name="a"', b"1")), "multipart/form-data", FormError),
    "another boundary": (form_of(('name="a"', b"1")), "multipart/form-data; boundary=x", FormError),
}


@pytest.mark.parametrize(("body", "kind", "error"), REFUSED.values(), ids=REFUSED.keys())
async def test_form_that_no_browser_sends_is_refused(body: bytes, kind: str, error: type[PortalError]) -> None:
    with pytest.raises(error):
        await read_form_with_files(request_of(body, kind), 4)


async def test_large_form_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    async def read_body(request: Request, max_kib: int, seconds: float) -> bytes:
        asked.append(seconds)
        raise FormTooSlow

    monkeypatch.setattr(uploads, "read_body", read_body)
    for kib in (4, 8_192):
        with pytest.raises(FormTooSlow):
            await read_form_with_files(request_of(b""), kib)
    assert asked == [20, 128]


@given(body=st.binary(max_size=200), at=st.integers(0, 300))
async def test_any_body_is_read_or_refused(body: bytes, at: int) -> None:
    whole = form_of(('name="a"', b"1"), ('name="f"; filename="a.csv"', b"xyz"))
    place = at % len(whole)
    try:
        await read_form_with_files(request_of(whole[:place] + body + whole[place:]), 4)
    except FormError:
        return
