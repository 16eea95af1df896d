"""Snapshots never change; a change reads as if it had happened, and happens whole or not at all."""

from collections import Counter
from collections.abc import Callable, Mapping
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.storage.embedded.snapshot import Snapshot, Transaction

ids = st.sampled_from("abcdef")
records = st.sampled_from([{"state": state, "kind": kind} for state in ("seated", "waiting") for kind in "xy"])
tables = st.dictionaries(st.just("registrations"), st.dictionaries(ids, records))
step = st.tuples(ids, st.none() | records)
batches = st.lists(st.tuples(st.booleans(), st.lists(step, max_size=4)), max_size=5)


class Refused(Exception):
    """Error that a decision raises."""


def decision(steps: list[tuple[str, dict[str, object] | None]], page_errors: bool) -> Callable[[Transaction], None]:
    def decide(transaction: Transaction) -> None:
        for id, record in steps:
            if record is None:
                transaction.erase("registrations", id)
            else:
                transaction.put("registrations", id, record)
        if page_errors:
            raise Refused

    return decide


@given(tables, batches)
def test_change_is_what_a_plain_dictionary_would_be(
    before: dict[str, dict[str, Mapping[str, object]]],
    batch: list[tuple[bool, list[tuple[str, dict[str, object] | None]]]],
) -> None:
    snapshot = Snapshot(deepcopy(before))
    snapshot.count_by("registrations", "state")
    model = dict(before.get("registrations", {}))
    transaction = Transaction(snapshot)
    for page_errors, steps in batch:
        if page_errors:
            with pytest.raises(Refused):
                transaction.attempt(decision(steps, page_errors=True))
        else:
            transaction.attempt(decision(steps, page_errors=False))
            transaction.count_by("registrations", "kind")
            for id, record in steps:
                if record is None:
                    model.pop(id, None)
                else:
                    model[id] = record
    after = snapshot.apply(transaction)
    for view in (transaction, after):
        assert view.records("registrations") == model
        assert {id: view.get("registrations", id) for id in "abcdef"} == {id: model.get(id) for id in "abcdef"}
        for field in ("state", "kind"):
            assert +view.count_by("registrations", field) == Counter(record[field] for record in model.values())
    assert snapshot.tables == before


def test_change_of_nothing_is_none() -> None:
    transaction = Transaction(Snapshot({"registrations": {"a": {"n": 1}}}))
    transaction.put("registrations", "a", {"n": 1})
    transaction.erase("registrations", "b")
    assert transaction.records_changed == {}


def test_counts_may_be_changed_by_the_caller() -> None:
    snapshot = Snapshot({"registrations": {"a": {"state": "seated"}}})
    snapshot.count_by("registrations", "state")["seated"] = 9
    assert snapshot.count_by("registrations", "state") == {"seated": 1}


def test_snapshot_has_no_record_in_a_table_that_is_not_there() -> None:
    snapshot = Snapshot({})
    assert (
        snapshot.get("registrations", "a"),
        snapshot.records("registrations"),
        snapshot.count_by("registrations", "n"),
    ) == (None, {}, {})
