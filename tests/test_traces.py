"""The search for traces finds what was left, in every form that it knows."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traces import traces

WORD = "Nausicaä du vent"

FORMS: dict[str, Callable[[bytes], bytes]] = {
    "raw": lambda raw: raw,
    "JSON": lambda raw: json.dumps(raw.decode(errors="replace")).encode(),
    "percent": lambda raw: quote(raw).encode(),
    "hex": lambda raw: raw.hex().encode(),
    "HEX": lambda raw: raw.hex().upper().encode(),
    "UTF-16 LE": lambda raw: raw.decode(errors="replace").encode("utf-16-le"),
    "UTF-16 BE": lambda raw: raw.decode(errors="replace").encode("utf-16-be"),
    "base64": base64.b64encode,
    "base64 for URLs": base64.urlsafe_b64encode,
    "raw in gzip": gzip.compress,
    "raw in zlib": zlib.compress,
    "base64 in gzip": lambda raw: gzip.compress(base64.b64encode(raw)),
    "raw in zlib in gzip": lambda raw: gzip.compress(zlib.compress(raw)),
}


@pytest.mark.parametrize("form", FORMS)
@given(before=st.binary(max_size=9), after=st.binary(max_size=9))
def test_word_is_found_as(form: str, before: bytes, after: bytes) -> None:
    left = FORMS[form](b"before " + before + WORD.encode() + after + b" after")
    assert form in traces(WORD, before + left + after)


@given(st.binary())
def test_word_that_was_not_left_is_not_found(content: bytes) -> None:
    assert traces(WORD, content) == []
