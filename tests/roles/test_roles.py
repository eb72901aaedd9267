"""The matrix of roles, played through the edge: action × person → what he gets; a new action without a row fails."""

from __future__ import annotations

import pytest

from handlers import reception, words
from models import database
from tests.roles import matrix, states


@pytest.mark.requirement("A63", "A66")
@pytest.mark.parametrize("given", matrix.GIVEN)
async def test_everybody_gets_what_the_matrix_says(db: str, given: str) -> None:
    days = await states.found()
    facts = await states.state(given)(days)
    for row in matrix.rows(given):
        cells = matrix.expected(row)
        # on the other database one person of each outcome: the rights are the same code
        people = states.PEOPLE if database.dialect() == "sqlite" else {out: who for who, out in cells}.values()
        got = {person: await states.play(days, person, row, facts) for person in people}
        assert got == {person: outcome for person, outcome in cells if person in people}, row


def test_every_row_names_everybody_once() -> None:
    for row in matrix.ROWS:
        assert [person for person, _ in matrix.expected(row)] == sorted(states.PEOPLE), row


def test_every_command_and_button_has_a_row() -> None:
    said = {found.word for row in matrix.ROWS if "say" in row and (found := words.command(row["say"]))}
    assert said == set(words.COMMANDS)
    routes = [route for router in reception.ROUTERS for route in router.routes]
    pressed = {row["press"].split(":")[0] for row in matrix.ROWS if "press" in row}
    assert pressed - {"nonsense"} == {route.key for route in routes if route.key}
    sent = {row["on"] for row in matrix.ROWS if "on" in row}
    assert sent == {route.kind for route in routes} - {"text", "card"}


def test_whoever_is_not_served_is_refused() -> None:
    """Outcomes are served by name; nobody outside the roster is served at all."""
    for row in matrix.ROWS:
        served = {person for person, outcome in matrix.expected(row) if not outcome.startswith("refused/") and outcome}
        assert not served & {*matrix.GROUPS["outside"]}, row
