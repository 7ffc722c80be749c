"""`reperform sampling`: how many items, which ones, and what they say of the whole."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from reperform.base.visible import visible
from reperform.catalog.controls import FREQUENCIES
from reperform.testing.sampling.attributes import SamplingRefusedError, sample_size, upper_limit
from reperform.testing.sampling.installed import size_table
from reperform.testing.sampling.population import population_sha256, read_population
from reperform.testing.sampling.selection import Draw, in_order, select, selection_seed
from reperform.testing.sampling.sizes import size_by_frequency

sampling_app = typer.Typer(
    help="Samples, for where not every item can be looked at.", no_args_is_help=True
)

_Population = Annotated[int, typer.Option(min=0, help="Items there are. Not given: very many.")]
_Risk = Annotated[float, typer.Option(help="Risk of overreliance, percent.")]


@sampling_app.command()
def size(
    *,
    frequency: Annotated[str, typer.Option(help=f"By frequency: {', '.join(FREQUENCIES)}.")] = "",
    population: _Population = 0,
    deviated_before: Annotated[
        bool, typer.Option(help="The control deviated in the period before.")
    ] = False,
    tolerable: Annotated[float, typer.Option(help="Or by rate: tolerable rate, percent.")] = 0,
    risk: _Risk = 10,
    expected: Annotated[int, typer.Option(min=0, help="Deviations expected in the sample.")] = 0,
) -> None:
    """Say how many items a sample holds, by how often a control operates or by a tolerable rate."""
    if bool(frequency) == bool(tolerable):
        raise _unclear("give either --frequency or --tolerable")
    if frequency and frequency not in FREQUENCIES:
        raise _unclear(f"'{visible(frequency)}' is not one of: {', '.join(FREQUENCIES)}")
    if frequency and not population:
        raise _unclear("a size by frequency needs --population")
    if frequency:
        found = size_by_frequency(
            size_table(), frequency, population, deviated_before=deviated_before
        )
        typer.echo(f"{found.items:,}  {found.why}")
        return
    rate, overreliance = _percent(tolerable), _percent(risk)
    items = sample_size(rate, overreliance, expected=expected, population=population or None)
    of = f" of {population:,} items (hypergeometric)" if population else " (binomial)"
    typer.echo(f"{items:,}  tolerable {tolerable:g} %, risk {risk:g} %, {expected:,} expected,{of}")


@sampling_app.command()
def evaluate(
    *,
    items: Annotated[int, typer.Option(min=1, help="Items that were looked at.")],
    deviations: Annotated[int, typer.Option(min=0, help="How many of them deviated.")],
    population: _Population = 0,
    risk: _Risk = 10,
) -> None:
    """Say what rate of deviation a sample leaves possible in the population."""
    limit = upper_limit(items, deviations, _percent(risk), population=population or None)
    typer.echo(f"{deviations:,} of {items:,} deviate: {deviations / items:.2%} of the sample")
    typer.echo(f"at {risk:g} % risk at most {float(limit):.2%} of the population")
    if population:
        typer.echo(f"that is at most {limit * population} of {population:,} items")


@sampling_app.command()
def draw(
    population: Annotated[
        Path,
        typer.Argument(
            help="CSV with item and occurred_at, or .jsonl such as results/items/TEST.jsonl."
        ),
    ],
    *,
    size: Annotated[int, typer.Option(min=1, help="Items of the sample.")],
    engagement: Annotated[str, typer.Option(help="Identifier of the engagement.")],
    control: Annotated[str, typer.Option(help="The control that is tested.")],
) -> None:
    """Draw a sample that anyone who holds the population draws again."""
    found = read_population(population.read_bytes(), name=population.name)
    digest = population_sha256(found)
    seed = selection_seed(engagement=engagement, control=control, population_sha256=digest)
    draws = select(found, size, seed=seed)
    console = Console()
    for line in (
        f"population  {len(in_order(found)):,} items, SHA-256 {digest}",
        f"seed        SHA-256 of {engagement}|{control}|{digest}",
        f"            {seed}",
    ):
        console.print(visible(line), markup=False, soft_wrap=True, highlight=False)
    _print(console, draws)
    one = draws[0]
    length = one.last - one.first + 1
    console.print(
        "By hand: order the population by time, those without one first, then by identifier. "
        f"Run {one.run} is its items {one.first:,} to {one.last:,}. "
        f"printf '%s' '{seed}|{one.run}' | sha256sum gives {one.digest}; as a number it leaves "
        f"{one.position - one.first:,} when divided by {length:,}: "
        f"item {one.first:,} + {one.position - one.first:,} = {one.position:,}.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _print(console: Console, draws: tuple[Draw, ...]) -> None:
    table = Table("run", "items of the population", "drawn", "item")
    for each in draws:
        place = f"{each.first:,} to {each.last:,}"
        table.add_row(str(each.run), place, f"{each.position:,}", visible(each.item))
    console.print(table)


def _percent(value: float) -> Fraction:
    return Fraction(str(value)) / 100


def _unclear(what: str) -> SamplingRefusedError:
    return SamplingRefusedError(
        f"no size was given: {what}",
        why="A size without its reason cannot be defended.",
        todo="see reperform sampling size --help",
    )
