"""The map from the rules to code and tests names only what there is (docs/requirements.md)."""

from __future__ import annotations

from tests.requirements import page

NUMBERS = [number for section in page.rules().values() for number in section]


def test_what_is_cited_is_a_requirement() -> None:
    known = {*NUMBERS} | page.withdrawn()
    assert {*page.functions()} <= known
    assert {*page.proofs()} <= known - page.withdrawn()
