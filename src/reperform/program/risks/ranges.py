"""What an organization knows of a risk in numbers: two ranges, and what follows from them alone.

The method is that of calibrated ranges (D. W. Hubbard and R. Seiersen, *How to Measure Anything
in Cybersecurity Risk*, 2016; the same two factors as Open FAIR's loss event frequency and loss
magnitude, The Open Group O-RT): somebody who knows the matter says a range that holds in nine of
ten cases, and a lognormal distribution with those as its 5th and 95th percentile stands for it.
Events come independently of each other (Poisson) at a rate that is itself only known as a range.
"""

from dataclasses import dataclass
from math import exp, expm1, log, sqrt

Z_90 = 1.6448536269514722
"""The 95th percentile of a standard normal distribution: nine of ten lie within plus and minus."""
_YEARS = 100
"""Frequencies are said as events in so many years: as whole numbers, also of what is rare."""


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A lognormal distribution by mean and standard deviation of its logarithm."""

    mu: float
    sigma: float

    @classmethod
    def within(cls, low: float, high: float) -> "Lognormal":
        """Return the one whose 5th and 95th percentile these are.

        >>> found = Lognormal.within(10.0, 1000.0)
        >>> round(exp(found.mu), 9)
        100.0
        """
        return cls((log(low) + log(high)) / 2, (log(high) - log(low)) / (2 * Z_90))

    @property
    def mean(self) -> float:
        """E[X]."""
        return exp(self.mu + self.sigma**2 / 2)

    @property
    def variance(self) -> float:
        """Var[X]."""
        return self.mean**2 * expm1(self.sigma**2)


@dataclass(frozen=True, slots=True)
class Ranges:
    """The two ranges of one risk, each as its ends; nine of ten cases lie within.

    Attributes:
        frequency_low: events in 100 years.
        frequency_high: events in 100 years.
        loss_low: loss of one event, in whole units of money.
        loss_high: loss of one event, in whole units of money.
    """

    frequency_low: int
    frequency_high: int
    loss_low: int
    loss_high: int

    @property
    def rate(self) -> Lognormal:
        """Events in one year."""
        return Lognormal.within(self.frequency_low / _YEARS, self.frequency_high / _YEARS)

    @property
    def loss(self) -> Lognormal:
        """Loss of one event."""
        return Lognormal.within(self.loss_low, self.loss_high)

    @property
    def expected(self) -> float:
        """Expected loss of a year, from the closed form: E[rate] E[loss]."""
        return self.rate.mean * self.loss.mean

    @property
    def deviation(self) -> float:
        """Standard deviation of the loss of a year, from the closed form.

        Given the rate, a compound Poisson sum has variance rate E[loss²]; the rate varies too.
        """
        rate, loss = self.rate, self.loss
        square = loss.variance + loss.mean**2
        return sqrt(rate.mean * square + rate.variance * loss.mean**2)


def ranges_of(
    frequency_low: int | None,
    frequency_high: int | None,
    loss_low: int | None,
    loss_high: int | None,
) -> Ranges | None:
    """Return the ranges of a risk; None when any end is not said, which is never zero."""
    if None in (frequency_low, frequency_high, loss_low, loss_high):
        return None
    return Ranges(frequency_low, frequency_high, loss_low, loss_high)  # type: ignore[arg-type]  # none is None
