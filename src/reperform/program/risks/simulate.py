"""Many years at random: what a year of each risk, and of the whole register, may cost.

Each risk draws from a generator of its own, whose seed is a digest of its number and its ranges:
whoever has these draws the same years (with the same version of NumPy, whose distributions may
change between versions), and a change of one risk changes no other.  Time and memory are bounded:
what would exceed `MOST_DRAWS` is left out, and said to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
import numpy.typing as npt

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.program.risks.ranges import Ranges

YEARS = 10_000
"""Simulated years: the 99th percentile then rests on a hundred of them."""
MOST_DRAWS = 5_000_000
"""Random numbers for one register, as expected: below a second on one core."""
METHOD = "lognormal rate, Poisson events, lognormal losses; 90 % ranges"
NUMPY = np.__version__
_AT_ONCE = 500_000
_PERCENTILES = (0.50, 0.90, 0.95, 0.99)
_POINTS = 40
_Years = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a year costs, in whole units of money.

    Attributes:
        expected: from the closed form, without any chance.
        mean: of the simulated years.
        error: standard error of that mean, from the closed form: large where a range is wide.
        p50: half of the years cost no more; P90, P95, P99 likewise.
        p90: see `p50`.
        p95: see `p50`.
        p99: see `p50`.
        any_loss: share of the years that cost anything.
    """

    expected: int
    mean: int
    error: int
    p50: int
    p90: int
    p95: int
    p99: int
    any_loss: float


@dataclass(frozen=True, slots=True)
class SimulatedRisk:
    """One risk: its number, the seed of its generator, and its figures."""

    number: int
    seed: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Exceedance:
    """One point of the loss exceedance curve: the share of the years that cost more."""

    loss: int
    share: float

    @property
    def percent(self) -> str:
        """The share in percent, as exact as the number of years."""
        return f"{100 * self.share:.2f}"


@dataclass(frozen=True, slots=True)
class Simulation:
    """A register in numbers.

    Attributes:
        risks: those that were simulated, the most expensive first.
        total: of all of these together; None when there is none.
        curve: its loss exceedance curve, by rising loss.
        left_out: numbers of those with ranges whose simulation would take too long.
    """

    risks: tuple[SimulatedRisk, ...]
    total: Figures | None
    curve: tuple[Exceedance, ...]
    left_out: tuple[int, ...]


def seed_of(number: int, ranges: Ranges) -> str:
    """Return the seed of a risk: 32 hexadecimal digits, read as one number."""
    said = [METHOD, YEARS, number, *_ends(ranges)]
    return sha256_hex(canonical_json(said))[:32]


def simulate(risks: Sequence[tuple[int, Ranges]]) -> Simulation:
    """Return what the years of these risks may cost; their order does not matter."""
    return _simulated(tuple(sorted(risks, key=lambda each: each[0])))


@lru_cache(maxsize=32)
def _simulated(risks: tuple[tuple[int, Ranges], ...]) -> Simulation:
    by_cost = sorted(risks, key=lambda each: (-each[1].expected, each[0]))
    total: _Years = np.zeros(YEARS)
    found, left_out, kept, draws = [], [], [], 0.0
    for number, ranges in by_cost:
        needed = YEARS * (2 + ranges.rate.mean)
        if draws + needed > MOST_DRAWS:
            left_out.append(number)
            continue
        draws += needed
        years = yearly_losses(number, ranges)
        total += years
        kept.append(ranges)
        figures = _figures(years, ranges.expected, ranges.deviation)
        found.append(SimulatedRisk(number, seed_of(number, ranges), figures))
    if not found:
        return Simulation((), None, (), tuple(left_out))
    deviation = sqrt(sum(each.deviation**2 for each in kept))
    whole = _figures(total, sum(each.expected for each in kept), deviation)
    return Simulation(tuple(found), whole, _curve(total), tuple(left_out))


def yearly_losses(number: int, ranges: Ranges) -> _Years:
    """Return the loss of each simulated year."""
    generator = np.random.Generator(np.random.PCG64(int(seed_of(number, ranges), 16)))
    rates = generator.lognormal(ranges.rate.mu, ranges.rate.sigma, YEARS)
    counts = generator.poisson(rates)
    found: _Years = np.zeros(YEARS)
    # A part at a time, so that memory is bounded whatever the rates came out as.
    ends = np.cumsum(counts)
    first = 0
    while first < YEARS:
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _AT_ONCE, side="right")))
        part = counts[first:last]
        if last == first + 1:
            found[first] = _sum(generator, ranges, int(part[0]))
        else:
            losses = generator.lognormal(ranges.loss.mu, ranges.loss.sigma, int(part.sum()))
            years = np.repeat(np.arange(len(part)), part)
            found[first:last] = np.bincount(years, weights=losses, minlength=len(part))
        first = last
    return found


def _sum(generator: np.random.Generator, ranges: Ranges, count: int) -> float:
    """Return the losses of one year of very many events, added up a part at a time."""
    total, left = 0.0, count
    while left:
        part = min(left, _AT_ONCE)
        total += float(generator.lognormal(ranges.loss.mu, ranges.loss.sigma, part).sum())
        left -= part
    return total


def _figures(years: _Years, expected: float, deviation: float) -> Figures:
    cuts = np.quantile(years, _PERCENTILES, method="inverted_cdf")
    p50, p90, p95, p99 = (round(float(cut)) for cut in cuts)
    return Figures(
        expected=round(expected),
        mean=round(float(years.mean())),
        error=round(deviation / sqrt(YEARS)),
        p50=p50,
        p90=p90,
        p95=p95,
        p99=p99,
        any_loss=float((years > 0).mean()),
    )


def _curve(years: _Years) -> tuple[Exceedance, ...]:
    """Return points of the curve, evenly spaced on a scale of powers of ten."""
    some = np.sort(years[years > 0])
    if not len(some):
        return ()
    ordered = np.sort(years)
    losses = np.unique(np.rint(np.geomspace(max(some[0], 1.0), max(some[-1], 1.0), _POINTS)))
    more = YEARS - np.searchsorted(ordered, losses, side="right")
    return tuple(
        Exceedance(int(loss), int(count) / YEARS) for loss, count in zip(losses, more, strict=True)
    )


def _ends(ranges: Ranges) -> tuple[int, ...]:
    return (ranges.frequency_low, ranges.frequency_high, ranges.loss_low, ranges.loss_high)
