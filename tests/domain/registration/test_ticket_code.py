"""A code survives being read out, typed on a phone and miscopied."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import InputError
from portal.domain.input_errors import CodeCharacterUnknown, CodeMalformed, CodeMistyped
from portal.domain.registration.ticket_code import (
    ALPHABET,
    CODE_CHARACTERS,
    INVITATION,
    SET_UP,
    SHORT_CODE_CHARACTERS,
    code_digest,
    new_code,
    parse_code,
    shown,
)

codes = st.randoms(use_true_random=False).map(new_code)


def test_alphabet_has_a_prime_number_of_signs_and_none_that_look_alike() -> None:
    assert ALPHABET == "ABCDEFGHJKLMNPQRSTUVWXYZ34679"
    assert len(set(ALPHABET)) == 29


def test_new_code_is_drawn_from_chance() -> None:
    assert new_code(random.Random(1)) == new_code(random.Random(1))
    assert len({new_code(random.Random(seed)) for seed in range(1000)}) == 1000


@given(codes)
def test_shown_code_is_read_back(code: str) -> None:
    assert len(code) == CODE_CHARACTERS
    assert shown(code) == f"{code[:3]}-{code[3:6]}-{code[6:9]}-{code[9:]}"
    assert parse_code(shown(code)) == code
    assert parse_code(shown(code).lower()) == code


@given(codes)
def test_every_single_wrong_sign_is_caught(code: str) -> None:
    for place in range(CODE_CHARACTERS):
        for sign in set(ALPHABET) - {code[place]}:
            with pytest.raises(CodeMistyped):
                parse_code(code[:place] + sign + code[place + 1 :])


@given(codes)
def test_every_swap_of_two_signs_is_caught(code: str) -> None:
    for first, second in combinations(range(CODE_CHARACTERS), 2):
        if code[first] != code[second]:
            signs = list(code)
            signs[first], signs[second] = signs[second], signs[first]
            with pytest.raises(CodeMistyped):
                parse_code("".join(signs))


WAYS_OF_TYPING = {
    "in small letters": ("lzsbqacdf", "LZSBQACDF"),
    "with blanks around and between": ("  LZS BQA\tCDF\n", "LZSBQACDF"),
    "with a typographer's dashes": ("LZS–BQA—CDF", "LZSBQACDF"),
    "with a minus sign and a hyphen that does not break": ("LZS−BQA\u2011CDF", "LZSBQACDF"),
    "with narrow and unbreakable blanks": ("LZS\u202fBQA\u00a0CDF", "LZSBQACDF"),
    "with signs that are not seen": ("\u200bLZS\u00adBQA\u2060CDF\ufeff", "LZSBQACDF"),
    "with digits for letters that look like them": ("125-80A-CDF", "LZSBQACDF"),
    "with letters that look like others": ("izs-boa-cdf", "LZSBQACDF"),
    "in full-width letters": ("ＬＺＳＢＱＡＣＤＦ", "LZSBQACDF"),
}


@pytest.mark.parametrize(("typed", "signs"), WAYS_OF_TYPING.values(), ids=WAYS_OF_TYPING)
def test_code_is_understood(typed: str, signs: str) -> None:
    assert parse_code(typed) == signs


REFUSED: dict[str, tuple[str, type[InputError], dict[str, object]]] = {
    "nothing": ("", CodeMalformed, {"count": 0, "example": "ABC-DEF-GHJ-KLC"}),
    "a sign too few": ("LZS-BQA-CD", CodeMalformed, {"count": 8, "example": "ABC-DEF-GHJ-KLC"}),
    "a sign too many": ("LZS-BQA-CDA-A", CodeMalformed, {"count": 10, "example": "ABC-DEF-GHJ-KLC"}),
    "a sign of no code": ("LZS-BQA-CD!", CodeCharacterUnknown, {"sign": "!", "example": "ABC-DEF-GHJ-KLC"}),
    "an accent": ("LZS-BQÀ-CDF", CodeCharacterUnknown, {"sign": "À", "example": "ABC-DEF-GHJ-KLC"}),
    "another check sign": ("LZS-BQA-CDX", CodeMistyped, {}),
}


@pytest.mark.parametrize(("typed", "error", "details"), REFUSED.values(), ids=REFUSED)
def test_code_that_cannot_be_taken_says_why(typed: str, error: type[InputError], details: dict[str, object]) -> None:
    with pytest.raises(error) as raised:
        parse_code(typed)
    assert (type(raised.value), raised.value.field, raised.value.details) == (error, "code", details)


@given(st.text())
def test_any_text_is_a_code_or_an_error_of_the_field(typed: str) -> None:
    try:
        assert len(parse_code(typed)) in (CODE_CHARACTERS, SHORT_CODE_CHARACTERS)
    except InputError as error:
        assert error.field == "code"


def test_code_of_an_earlier_portal_is_still_taken() -> None:
    assert parse_code("hut-emv-rwe") == "HUTEMVRWE"
    assert (code_digest(b"1" * 32, "HUTEMVRWE").is_short, code_digest(b"1" * 32, "ABCDEFGHJKLC").is_short) == (
        True,
        False,
    )


def test_digest_of_a_code_is_its_hmac() -> None:
    # RFC 4231 §4.3, test case 2: the same function on the same input as anybody else's.
    assert code_digest(b"Jefe", "what do ya want for nothing?").value.hex() == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), codes)
def test_digest_is_another_for_each_key_and_purpose(first: bytes, other: bytes, code: str) -> None:
    digests = {code_digest(key, code, purpose) for key in {first, other} for purpose in (b"", INVITATION, SET_UP)}
    assert len(digests) == 3 * len({first, other})
