"""Samples: how many items, which ones, and what they say of the whole population."""

import hashlib
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reperform.catalog.library import library_folder
from reperform.testing.sampling.attributes import (
    SamplingRefusedError,
    hypergeometric_at_most,
    sample_size,
    upper_limit,
)
from reperform.testing.sampling.installed import size_table
from reperform.testing.sampling.population import (
    PopulationRefusedError,
    population_sha256,
    read_population,
)
from reperform.testing.sampling.selection import (
    Candidate,
    SelectionRefusedError,
    select,
    selection_seed,
)
from reperform.testing.sampling.sizes import SIZES_FILE, read_sizes, size_by_frequency

PERCENT = Fraction(1, 100)
PUBLISHED = """
    tolerable %  at 5 % risk  at 10 % risk
            2          149           114
            3           99            76
            4           74            57
            5           59            45
            6           49            38
            7           42            32
            8           36            28
            9           32            25
           10           29            22
           15           19            15
           20           14            11
"""
"""Attribute sampling, no deviation expected: the tables of the field, for large populations."""


@pytest.mark.parametrize("row", [line.split() for line in PUBLISHED.strip().splitlines()[1:]])
def test_sizes_are_the_published_ones(row: list[str]) -> None:
    tolerable, at_five, at_ten = map(int, row)

    assert sample_size(tolerable * PERCENT, 5 * PERCENT) == at_five
    assert sample_size(tolerable * PERCENT, 10 * PERCENT) == at_ten


@pytest.mark.parametrize(
    ("items", "deviations", "risk", "published"),
    [(25, 0, 10, "8.8"), (25, 1, 10, "14.7"), (60, 0, 5, "4.9")],
)
def test_upper_limits_are_the_published_ones(
    items: int, deviations: int, risk: int, published: str
) -> None:
    assert f"{float(upper_limit(items, deviations, risk * PERCENT) * 100):.1f}" == published


def test_a_small_population_needs_fewer_items_than_a_large_one() -> None:
    """Of 100 items 5 deviate: P(none among 45) = C(95,45)/C(100,45) = 4.78 %, among 44 5.18 %."""
    small = sample_size(5 * PERCENT, 5 * PERCENT, population=100)

    assert small == 45
    assert Fraction(comb(95, 45), comb(100, 45)) <= 5 * PERCENT
    assert Fraction(comb(95, 44), comb(100, 44)) > 5 * PERCENT
    assert small < sample_size(5 * PERCENT, 5 * PERCENT) == 59


@pytest.mark.parametrize(("population", "deviating"), [(6, 2), (7, 0), (7, 7), (8, 3)])
def test_the_finite_distribution_is_what_counting_every_sample_gives(
    population: int, deviating: int
) -> None:
    bad = set(range(deviating))
    for items in range(1, population + 1):
        samples = [len(bad & set(each)) for each in combinations(range(population), items)]
        for most in range(items + 1):
            counted = Fraction(sum(found <= most for found in samples), len(samples))
            assert hypergeometric_at_most(most, items, population, deviating) == counted


@given(st.integers(1, 40), st.data())
def test_a_census_of_a_finite_population_has_no_sampling_risk(n: int, data: st.DataObject) -> None:
    """Every item was looked at: what deviates in the sample is what deviates in the population."""
    deviations = data.draw(st.integers(0, n))

    assert upper_limit(n, deviations, 10 * PERCENT, population=n) == Fraction(deviations, n)


@given(st.integers(2, 60), st.data())
def test_the_limit_is_never_below_what_the_sample_shows(n: int, data: st.DataObject) -> None:
    items = data.draw(st.integers(1, n))
    deviations = data.draw(st.integers(0, items))
    finite = upper_limit(items, deviations, 10 * PERCENT, population=n)

    assert finite >= Fraction(deviations, n)
    assert upper_limit(items, deviations, 10 * PERCENT) >= Fraction(deviations, items)
    assert finite <= 1


@given(st.integers(1, 400), st.integers(1, 60), st.integers(0, 3))
def test_a_size_is_enough_and_one_item_fewer_is_not(n: int, rate: int, expected: int) -> None:
    """Brute force beside the search: the first size whose risk is small enough, or everything."""
    size = sample_size(rate * PERCENT, 10 * PERCENT, expected=expected, population=n)
    deviating = -(-n * rate // 100)
    enough = [
        items
        for items in range(1, n + 1)
        if hypergeometric_at_most(expected, items, n, deviating) <= 10 * PERCENT
    ]

    assert size == (enough[0] if enough else n)


@pytest.mark.parametrize(
    ("items", "deviations", "population"), [(0, 0, None), (5, 6, None), (5, -1, None), (9, 0, 8)]
)
def test_what_no_sample_can_be_is_refused(
    items: int, deviations: int, population: int | None
) -> None:
    with pytest.raises(SamplingRefusedError):
        upper_limit(items, deviations, 10 * PERCENT, population=population)


@pytest.mark.parametrize(("tolerable", "risk"), [(0, 10), (100, 10), (5, 0), (5, 100), (-1, 5)])
def test_a_rate_that_is_none_is_refused(tolerable: int, risk: int) -> None:
    with pytest.raises(SamplingRefusedError):
        sample_size(tolerable * PERCENT, risk * PERCENT)


BY_FREQUENCY = """
    frequency    population  usual  after deviations
    annual                1      1                 1
    quarterly             4      2                 4
    monthly              12      2                 5
    weekly               52      5                 8
    daily               365     25                40
    continuous       90_000     40                60
    per event             0      0                 0
    per event            10     10                10
    per event            11      8                11
    per event            50      8                15
    per event            51     15                25
    per event           250     15                25
    per event           251     25                40
    daily                20     20                20
"""


@pytest.mark.parametrize("line", BY_FREQUENCY.strip().splitlines()[1:], ids=str.strip)
def test_how_often_a_control_operates_says_how_many_items(line: str) -> None:
    """Prior deviations take the next size up; a population that is no larger is looked at whole."""
    *frequency, population, usual, after = line.split()
    table, name = size_table(), " ".join(frequency)
    found = size_by_frequency(table, name, int(population))
    harsher = size_by_frequency(table, name, int(population), deviated_before=True)

    assert (found.items, harsher.items) == (int(usual), int(after))
    assert found.is_census == (found.items == int(population))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("annual, size: 1", "annual, size: 0", "are no sizes"),
        ("annual, size", "yearly, size", "is 'yearly'"),
        ("{above: 0,", "{above: 5,", "does not go down to above: 0"),
        ("{above: 50,", "{above: 500,", "does not go down to above: 0"),
        ("  - {frequency: daily, size: 25, after_deviations: 40}\n", "", "no row for daily"),
        ("risk: 10", "risk: 100", "cannot be"),
        ("risk: 10", "risky: 10", "is not a field"),
    ],
)
def test_a_firms_table_that_has_holes_is_refused(old: str, new: str, said: str) -> None:
    text = (library_folder() / SIZES_FILE).read_text("utf-8")
    assert old in text
    table, problems = read_sizes(text.replace(old, new))

    assert table is None
    assert any(said in str(problem) for problem in problems)


START = datetime(2025, 1, 1, tzinfo=UTC)
CHANGES = [Candidate(START + timedelta(hours=7 * n), f"change-{n}") for n in range(103)]
SEED = selection_seed(engagement="E-1", control="CHG-02", population_sha256="00" * 32)


def test_the_seed_is_the_digest_of_engagement_control_and_population() -> None:
    said = hashlib.sha256(b"E-1|CHG-02|" + b"00" * 32).hexdigest()

    assert said == SEED


def test_one_item_of_each_contiguous_run_is_drawn() -> None:
    """103 items in 10 runs: three of 11 and seven of 10, in order of time, without holes."""
    draws = select(CHANGES, 10, seed=SEED)

    assert [each.last - each.first + 1 for each in draws] == [11] * 3 + [10] * 7
    assert draws[0].first == 1
    assert draws[-1].last == 103
    assert all(before.last + 1 == after.first for before, after in pairwise(draws))
    assert all(each.first <= each.position <= each.last for each in draws)


def test_a_sample_is_drawn_again_by_hand() -> None:
    """By the words of the workpaper alone, with other code."""
    drawn = []
    for run, (first, length) in enumerate([(1, 35), (36, 34), (70, 34)], 1):
        digest = hashlib.sha256(f"{SEED}|{run}".encode()).hexdigest()
        drawn.append(f"change-{first - 1 + int(digest, 16) % length}")

    assert [each.item for each in select(CHANGES, 3, seed=SEED)] == drawn


@given(st.randoms(use_true_random=False), st.integers(1, 103))
def test_the_order_in_which_items_are_given_changes_nothing(random: object, size: int) -> None:
    shuffled = CHANGES.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert select(shuffled, size, seed=SEED) == select(CHANGES, size, seed=SEED)
    assert population_sha256(shuffled) == population_sha256(CHANGES)


def test_every_item_is_drawn_when_all_are_asked_for() -> None:
    draws = select(CHANGES, len(CHANGES), seed=SEED)

    assert {each.item for each in draws} == {each.item for each in CHANGES}


def test_one_item_more_draws_another_sample() -> None:
    """Nobody can add an item and keep the sample: the digest, and so the seed, is another."""
    more = [*CHANGES, Candidate(START + timedelta(days=400), "late")]
    before, after = population_sha256(CHANGES), population_sha256(more)
    seeds = [
        selection_seed(engagement="E-1", control="CHG-02", population_sha256=each)
        for each in (before, after)
    ]

    assert seeds[0] != seeds[1]
    assert select(CHANGES, 25, seed=seeds[0]) != select(more, 25, seed=seeds[1])


def test_an_item_that_is_there_twice_is_refused() -> None:
    with pytest.raises(SelectionRefusedError, match="twice"):
        select([*CHANGES, CHANGES[0]], 5, seed=SEED)


@pytest.mark.parametrize("size", [0, -1, 104])
def test_more_or_fewer_items_than_there_are_is_refused(size: int) -> None:
    with pytest.raises(SelectionRefusedError):
        select(CHANGES, size, seed=SEED)


@pytest.mark.parametrize("part", ["", "E|1"])
def test_a_seed_that_could_be_anothers_is_refused(part: str) -> None:
    with pytest.raises(SelectionRefusedError):
        selection_seed(engagement=part, control="CHG-02", population_sha256="00")


def test_a_list_is_read_the_same_from_csv_and_from_lines_of_json() -> None:
    table = b'\xef\xbb\xbfitem,occurred_at,note\r\nb,2025-03-01T10:00:00,x\r\n"a, b",,\r\n'
    lines = b'{"item":"b","occurred_at":"2025-03-01T10:00:00","outcome":"pass"}\n{"item":"a, b"}\n'
    read = read_population(table, name="changes.csv")

    assert read == [Candidate(datetime(2025, 3, 1, 10), "b"), Candidate(None, "a, b")]  # noqa: DTZ001 - as written
    assert read_population(lines, name="changes.jsonl") == read


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"id,occurred_at\n1,\n", "no column 'item'"),
        ("a.csv", b"item\n\n \n", "line 3 has no item"),
        ("a.csv", b"item,occurred_at\nx,yesterday\n", "line 2 has the time 'yesterday'"),
        ("a.csv", b"item\nx,y\n", "more cells than the heading"),
        ("a.csv", b"item\n\xff\n", "not UTF-8 at byte 5"),
        ("a.csv", b'item\n"open\n', "is no CSV"),
        ("a.csv", b"item,occurred_at\nx,2025-01-01T00:00\ny,2025-01-01T00:00Z\n", "time zone"),
        ("a.jsonl", b'{"item":"x"}\n{"item":', "line 2 is no JSON"),
        ("a.jsonl", b"[1]\n", "line 1 is no JSON object"),
        ("a.jsonl", b'{"item":7}\n', "line 1 has no item"),
    ],
)
def test_a_list_that_is_damaged_draws_nothing(name: str, content: bytes, said: str) -> None:
    with pytest.raises(PopulationRefusedError, match=said):
        read_population(content, name=name)
