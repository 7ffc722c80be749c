"""The heat map: counts in their cells, and the line of the appetite between them."""

from dataclasses import replace

import pytest

from reperform.program.risks.curve import curve_of
from reperform.program.risks.heat import CELL_HEIGHT, CELL_WIDTH, LEFT, TOP, heat_map
from reperform.program.risks.scales import Rating, Scales, first_scales, read_scales
from reperform.program.risks.simulate import Exceedance


def drawn(text: str, appetite: str) -> Scales:
    """Return scales whose matrix is drawn, the most likely first, by first letters."""
    words = {each.value[0]: each.value for each in Rating}
    rows = [[words[letter] for letter in line.split()] for line in text.strip().splitlines()]
    scales, problems = read_scales(
        {
            "likelihood": [{"name": f"l{n}", "meaning": "x"} for n in range(len(rows))],
            "impact": [{"name": f"i{n}", "meaning": "x"} for n in range(len(rows[0]))],
            "matrix": rows[::-1],
            "appetite": appetite,
        }
    )
    assert not problems
    return scales


def test_the_most_likely_is_on_top_and_the_worst_on_the_right() -> None:
    found = heat_map("residual", first_scales(), {(5, 1): 2, (1, 5): 3})
    assert [row.name for row in found.rows] == [
        level.name for level in reversed(first_scales().likelihood)
    ]
    top, bottom = found.rows[0].cells[0], found.rows[-1].cells[-1]
    assert (top.count, top.x, top.y) == (2, LEFT, TOP)
    assert (bottom.count, bottom.key) == (3, "1-5")
    assert [(cell.key, cell.count) for _, cell in found.filled] == [("5-1", 2), ("1-5", 3)]


def test_every_risk_of_the_counts_is_in_one_cell() -> None:
    counts = {(likelihood, impact): 1 for likelihood in range(1, 6) for impact in range(1, 6)}
    found = heat_map("inherent", first_scales(), counts)
    assert sum(cell.count for _, cell in found.filled) == 25


def test_the_appetite_is_the_border_between_what_is_above_it_and_what_is_not() -> None:
    scales = drawn(
        """
        l h h
        l l h
        l l l
        """,
        "moderate",
    )
    found = heat_map("residual", scales, {})
    first, second = LEFT + CELL_WIDTH, LEFT + 2 * CELL_WIDTH
    assert sorted(part.strip() for part in found.appetite.split("M")[1:]) == sorted(
        [
            f"{second} {TOP + CELL_HEIGHT}v{CELL_HEIGHT}",
            f"{second} {TOP + 2 * CELL_HEIGHT}h{CELL_WIDTH}",
            f"{first} {TOP}v{CELL_HEIGHT}",
            f"{first} {TOP + CELL_HEIGHT}h{CELL_WIDTH}",
        ]
    )


def test_there_is_no_line_when_everything_is_accepted() -> None:
    scales = replace(first_scales(), appetite=Rating.CRITICAL)
    assert not heat_map("residual", scales, {}).appetite


@pytest.mark.parametrize("last", [1, 7, 1_000, 10**15])
def test_a_curve_stays_within_its_frame_whatever_the_losses_are(last: int) -> None:
    found = curve_of([Exceedance(1, 0.4), Exceedance(last, 0.0)])
    assert found is not None
    across = [float(point.split(",")[0]) for point in found.points.split()]
    assert 60 <= min(across) <= max(across) <= 700
    assert 2 <= len(found.losses) <= 9


def test_there_is_no_curve_without_a_loss() -> None:
    assert curve_of([]) is None
