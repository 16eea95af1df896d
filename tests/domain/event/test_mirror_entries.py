"""The copies that an event file lists: what an entry may be."""

import pytest

from tests.factories.event_file import faults, small

COPY = """
[[mirrors]]
id = "lilas"
name = "Les Lilas"
operator = "Une association"
addresses = ["https://copie.example/evenement"]
"""
NO_ADDRESS = "is not an address like https://example.org or http://….onion"

FAULTS_OF_COPIES = {
    "a copy without an address": (('"https://copie.example/evenement"', ""), "from 1 to 4 addresses are expected"),
    "a copy at too many addresses": (
        ('"https://copie.example/evenement"', ", ".join(['"https://copie.example"'] * 5)),
        "from 1 to 4 addresses are expected",
    ),
    "a copy in the clear": (("https", "http"), f"“http://copie.example/evenement” {NO_ADDRESS}"),
    "a copy at no address at all": (("https://copie.example/evenement", "chez nous"), f"“chez nous” {NO_ADDRESS}"),
    "an address with a query": (("evenement", "?q=1"), f"“https://copie.example/?q=1” {NO_ADDRESS}"),
    "an onion that is too short": (
        ("https://copie.example/evenement", "http://abc.onion"),
        f"“http://abc.onion” {NO_ADDRESS}",
    ),
}


@pytest.mark.parametrize(("change", "line"), FAULTS_OF_COPIES.values(), ids=FAULTS_OF_COPIES)
def test_fault_of_a_copy_is_named(change: tuple[str, str], line: str) -> None:
    content = small() + COPY.replace(*change).encode()
    assert faults(content) == [f"small.toml: mirrors[1] (lilas): addresses: {line}"]


def test_copies_that_are_alike_or_too_many_are_told() -> None:
    content = small() + b"".join(COPY.replace("lilas", f"copie-{number % 30}").encode() for number in range(31))
    assert faults(content) == [
        "small.toml: mirrors: at most 30 are taken; here there are 31",
        "small.toml: mirrors[31] (copie-0): id: mirrors[1] has the same id",
    ]
