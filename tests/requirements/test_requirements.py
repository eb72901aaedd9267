"""The map from the rules to code and tests is whole, true to its sources and current (docs/requirements.md)."""

from __future__ import annotations

import pytest

from tests.requirements import page

NUMBERS = [number for section in page.rules().values() for number in section]


def test_what_is_cited_is_a_requirement() -> None:
    known = {*NUMBERS}
    assert len(known) == len(NUMBERS)
    assert not known & page.withdrawn()
    assert {*page.functions()} <= known | page.withdrawn()
    assert {*page.proofs()} <= known


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_has_its_function_and_a_test_over_http(number: str) -> None:
    assert page.functions().get(number), f"no docstring of a function cites {number}"
    assert [each for each in page.proofs().get(number, []) if each.level == 0], (
        f"no test over HTTP is marked with {number}"
    )


def test_the_page_is_current() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.written(), "make requirements writes it anew"
