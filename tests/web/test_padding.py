"""The sizes of answers, and the gzip that they are padded in."""

import gzip
import zlib
from http import HTTPStatus
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.limits import BODY_BYTES_ON_THE_WIRE, HEAD_BYTES_ON_THE_WIRE, PAGE_BYTES_ON_THE_WIRE
from portal.web.padding import RawHeaders, accepts_gzip, compress_personal, compress_public, head_of, size_class

CONTENTS: Final = st.one_of(
    st.binary(),
    st.integers(0, 200_000).map(bytes),
    st.tuples(st.text(), st.text(), st.text()).map(lambda parts: "{}<style>{}</style>{}".format(*parts).encode()),
    st.sampled_from([b"<style>", b"</style>", b"<style></style>", b"</style><style>"]),
)
HEADERS: Final = st.lists(st.tuples(st.sampled_from([b"a", b"x-name"]), st.binary(max_size=1500)), max_size=4)


@given(content=CONTENTS)
def test_whatever_is_packed_is_unpacked_to_the_same_bytes(content: bytes) -> None:
    for sent in (
        compress_public(content),
        compress_personal(content, is_page=True),
        compress_personal(content, is_page=False),
    ):
        assert gzip.decompress(sent) == content
        assert unpacked_byte_by_byte(sent) == content


def unpacked_byte_by_byte(sent: bytes) -> bytes:
    """Decode gzip that comes byte by byte, and check that it is complete."""
    reader = zlib.decompressobj(zlib.MAX_WBITS + 16)
    content = b"".join(reader.decompress(sent[place : place + 1]) for place in range(len(sent)))
    assert (reader.eof, reader.unused_data) == (True, b"")
    return content


@given(content=CONTENTS)
def test_whatever_is_packed_is_in_a_size_class(content: bytes) -> None:
    for sent in (compress_public(content), compress_personal(content, is_page=True)):
        assert size_class(len(sent)) == len(sent)


@given(data=st.data(), length=st.integers(0, 30_000))
def test_size_of_what_is_personal_depends_on_its_length_alone(data: st.DataObject, length: int) -> None:
    some = data.draw(st.binary(max_size=20))
    texts = [bytes(length), (some * length)[:length].ljust(length, b"x")]
    pages = [b"<title>%s</title><style>p{color:red}</style>%s" % (text[:9], text[9:]) for text in texts]
    assert len({len(compress_personal(page, is_page=True)) for page in pages}) == 1


def test_what_is_no_page_is_not_compressed_at_all() -> None:
    content = b"<style>%s</style>" % (b"a" * BODY_BYTES_ON_THE_WIRE)
    assert content in compress_personal(content, is_page=False)


PUBLIC_PARTS: Final[dict[str, str]] = {
    "the style": "<style>%s</style>",
    "the menu": '<header class="top">%s</header>',
    "the titles of the announcements": '<aside class="alert" aria-label="Announcements">%s</aside>',
    "the titles of the announcements, none of which is important": '<aside class="alert calm">%s</aside>',
    "the announcements": '<section class="news" aria-labelledby="news">%s</section>',
    "the foot": '<footer class="bottom">%s</footer>',
}
PERSONAL_PARTS: Final[dict[str, str]] = {
    "a paragraph": "<p>%s</p>",
    "what only looks like a style": "&lt;style&gt;%s&lt;/style&gt;",
    "a list of announcements to withdraw": '<section class="news" aria-labelledby="in-force">%s</section>',
    "a part without an end": "<style>%s",
}


@pytest.mark.parametrize(
    ("part", "is_public"),
    [*((part, True) for part in PUBLIC_PARTS.values()), *((part, False) for part in PERSONAL_PARTS.values())],
    ids=[*PUBLIC_PARTS, *PERSONAL_PARTS],
)
def test_public_parts_of_a_page_alone_are_compressed(part: str, is_public: bool) -> None:
    text = "a" * BODY_BYTES_ON_THE_WIRE
    sent = compress_personal(("<h1>Ada</h1>" + part % text).encode(), is_page=True)
    assert (len(sent) == BODY_BYTES_ON_THE_WIRE) is is_public


CLASSES: Final[dict[str, tuple[int, int]]] = {
    "nearly nothing": (1, 12_900),
    "as much as a page may be": (12_900, 12_900),
    "a byte more than a page may be": (12_901, 25_800),
    "twice as much": (25_800, 25_800),
    "a byte more than twice": (25_801, 51_600),
    "four times as much": (51_600, 51_600),
    "a byte more than four times": (51_601, 103_200),
    "twenty times as much": (258_000, 258_000),
}


@pytest.mark.parametrize(("length", "padded"), CLASSES.values(), ids=CLASSES.keys())
def test_size_class(length: int, padded: int) -> None:
    assert size_class(length) == padded


@given(status=st.sampled_from([int(status) for status in HTTPStatus if status >= 200]), own=HEADERS, added=HEADERS)
def test_head_is_padded_to_a_round_size(status: int, own: RawHeaders, added: RawHeaders) -> None:
    headers = head_of(status, own).padded(added)
    assert headers[:-1] == own + added
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    sent = line + b"".join(b"%s: %s\r\n" % header for header in headers) + b"\r\n"
    assert len(sent) % HEAD_BYTES_ON_THE_WIRE == 0
    assert len(headers[-1][1]) < HEAD_BYTES_ON_THE_WIRE


def test_page_leaves_room_for_what_a_proxy_adds_to_its_head() -> None:
    added = b"Server: nginx\r\nDate: Mon, 30 Nov 2026 10:00:00 GMT\r\nConnection: keep-alive\r\n"
    assert HEAD_BYTES_ON_THE_WIRE + BODY_BYTES_ON_THE_WIRE + len(added) <= PAGE_BYTES_ON_THE_WIRE


CODINGS: Final[dict[str, tuple[bytes, bool]]] = {
    "Tor Browser": (b"gzip, deflate, br, zstd", True),
    "gzip alone": (b"gzip", True),
    "in capitals": (b"GZIP", True),
    "at a weight": (b"br;q=1, gzip; q=0.5", True),
    "at no weight": (b"gzip;q=0", False),
    "at no weight, said at length": (b"gzip ; q=0.000", False),
    "another": (b"br", False),
    "nothing": (b"", False),
    "a name that holds it": (b"x-gzip-like", False),
}


@pytest.mark.parametrize(("accepted", "is_taken"), CODINGS.values(), ids=CODINGS.keys())
def test_gzip_is_for_who_takes_it(accepted: bytes, is_taken: bool) -> None:
    assert accepts_gzip(accepted) is is_taken


@given(accepted=st.binary(max_size=40))
def test_any_accept_encoding_is_understood(accepted: bytes) -> None:
    assert accepts_gzip(accepted) in (True, False)
