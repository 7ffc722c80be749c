"""Statistical sample sizes and upper limits of the deviation rate, in exact arithmetic.

Source: the exact binomial and hypergeometric distributions.  The published tables of attribute
sampling are rounded from the first; C. J. Clopper and E. S. Pearson, "The use of confidence or
fiducial limits illustrated in the case of the binomial", Biometrika 26 (1934), give the limit.
Fractions are used throughout, so that every machine gives the same number.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, comb

from reperform.base.refusal import RefusalError

_LARGEST = 100_000
"""Items.  A sample that would have to be larger is no sample any more."""
_STEPS = 10_000
"""An upper limit is given in hundredths of a percent, rounded up."""


class SamplingRefusedError(RefusalError):
    """A question that no sample answers."""

    slug = "sampling-refused"


def sample_size(
    tolerable: Fraction, risk: Fraction, *, expected: int = 0, population: int | None = None
) -> int:
    """Return the fewest items that show that less than `tolerable` of the population deviates.

    It is the smallest n with P(at most `expected` deviations among n) <= `risk`, were the rate
    `tolerable`.

    Args:
        tolerable: rate of deviation that would be too much, above 0 and below 1.
        risk: of relying on a control that deviates so often, above 0 and below 1.
        expected: deviations that the sample may hold.
        population: items there are; None: so many that taking some leaves the rate as it is.  With
            a number the hypergeometric distribution is used, for the fewest deviations that are at
            least `tolerable` of them; it is never larger than the population.

    Raises:
        SamplingRefusedError: a rate out of its bounds, a negative number, or more items needed
            than a sample can have.

    >>> sample_size(Fraction(5, 100), Fraction(5, 100))
    59
    >>> sample_size(Fraction(5, 100), Fraction(5, 100), population=100)
    45
    """
    _check_rates(tolerable=tolerable, risk=risk)
    _check_numbers(expected=expected, population=population or 0)
    if population is None:
        return _smallest(lambda n: binomial_at_most(expected, n, tolerable) <= risk, _LARGEST)
    deviating = ceil(population * tolerable)
    if expected >= deviating:
        return population
    return _smallest(
        lambda n: hypergeometric_at_most(expected, n, population, deviating) <= risk, population
    )


def upper_limit(
    items: int, deviations: int, risk: Fraction, *, population: int | None = None
) -> Fraction:
    """Return the highest rate of deviation that the sample leaves possible at `risk`.

    Above it, so few deviations among so many items would be seen with a probability of at most
    `risk`.  For a large population it is rounded up to hundredths of a percent; with a
    `population` it is a whole number of its items.

    Raises:
        SamplingRefusedError: no item, more deviations than items, more items than the population
            has, or a risk out of its bounds.

    >>> upper_limit(25, 0, Fraction(10, 100))
    Fraction(11, 125)
    >>> upper_limit(25, 0, Fraction(10, 100), population=30)
    Fraction(1, 30)
    """
    _check_rates(risk=risk)
    _check_numbers(deviations=deviations, population=population or 0)
    if not deviations <= items or items < 1:
        raise _refused(f"{deviations:,} deviations among {items:,} items cannot be evaluated")
    if population is None:
        if deviations == items:
            return Fraction(1)
        step = _smallest(
            lambda step: binomial_at_most(deviations, items, Fraction(step, _STEPS)) <= risk,
            _STEPS,
        )
        return Fraction(step, _STEPS)
    if items > population:
        raise _refused(f"a sample of {items:,} was not taken from {population:,} items")
    too_many = _smallest(
        lambda many: hypergeometric_at_most(deviations, items, population, many) <= risk,
        population - (items - deviations) + 1,
    )
    return Fraction(too_many - 1, population)


def binomial_at_most(most: int, items: int, rate: Fraction) -> Fraction:
    """Return P(X <= `most`) of X deviations among `items` at `rate`."""
    if most >= items:
        return Fraction(1)
    bad, whole = rate.numerator, rate.denominator
    good = whole - bad
    ways = sum(comb(items, x) * bad**x * good ** (items - x) for x in range(most + 1))
    return Fraction(ways, whole**items)


def hypergeometric_at_most(most: int, items: int, population: int, deviating: int) -> Fraction:
    """Return P(X <= `most`) of X deviations among `items` of a `population` with `deviating`.

    More deviating than the population has, or can have besides what was seen, is impossible: 0.
    """
    if deviating > population:
        return Fraction(0)
    fewest = max(0, items - (population - deviating))
    ways = sum(
        comb(deviating, x) * comb(population - deviating, items - x)
        for x in range(fewest, min(most, items) + 1)
    )
    return Fraction(ways, comb(population, items))


def _smallest(is_enough: Callable[[int], bool], largest: int) -> int:
    """Return the smallest number from 1 that is enough; all greater ones are too."""
    high = 1
    while not is_enough(high):
        if high >= largest:
            raise _refused(f"even {largest:,} items would not be enough")
        high = min(high * 2, largest)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def _check_rates(**rates: Fraction) -> None:
    for name, rate in rates.items():
        if not 0 < rate < 1:
            raise _refused(f"{name} is {float(rate):.2%}, which is not between 0 and 100 %")


def _check_numbers(**numbers: int) -> None:
    for name, number in numbers.items():
        if number < 0:
            raise _refused(f"{name} is {number:,}, which is less than none")


def _refused(what: str) -> SamplingRefusedError:
    return SamplingRefusedError(
        what,
        why="A size or a limit from impossible numbers would look like a finding.",
        todo="correct the numbers, or look at every item",
    )
