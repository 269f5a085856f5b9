"""The steps side by side: each figure taken in turns, its growth against the step before, and what it may be."""

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

from bench.results import Result
from bench.run import Bench
from bench.scale.filling import LINK, OPEN_ORDERS, Step, filled_steps, seed_base
from bench.scale.measuring import (
    finish_placed,
    measure_audit,
    measure_costs,
    measure_forwarding,
    measure_polling,
    measure_sizes,
    measure_sweeps,
    measures_over_http,
    web_of_each,
)
from bench.servers import Sandbox

TURNS = 3
# What goes by an index may get slower by a level of its tree and by colder pages, and no more.
LIMIT = 1.5
# A sweep that takes less than this is as good as nothing, and its ratio is noise.
NOISE_SECONDS = 0.05


def compare_steps(bench: Bench, sandbox: Sandbox, sizes: list[int]) -> Iterator[Result]:
    """Fill a database for each size, and measure all of them in turns."""
    bench.collect_static()
    provider_id = seed_base(sandbox.url)
    first, _ = sandbox.make_orders(OPEN_ORDERS, LINK)
    with filled_steps(bench, sizes, provider_id, first) as steps:
        yield from _compare_over_http(bench, steps)
        for step in steps:
            finish_placed(step)
        for name, measure in {"polling": measure_polling, "forwarding": measure_forwarding}.items():
            print(f"{name} …", flush=True)
            yield from _judge(name, steps, _in_turns([partial(measure, step) for step in steps]))
        print("beat's sweeps …", flush=True)
        yield from _compare_sweeps(steps)
        print("audit …", flush=True)
        yield from _compare_audits(steps)
        yield from _tell_sizes(steps[-1])
        print("processor time …", flush=True)
        yield from _tell_costs(bench, steps[-1])


def _compare_over_http(bench: Bench, steps: list[Step]) -> Iterator[Result]:
    with web_of_each(bench, steps) as ports:
        taken = [measures_over_http(bench, step, port) for step, port in zip(steps, ports, strict=True)]
        for name in taken[0]:
            print(f"{name} …", flush=True)
            yield from _judge(name, steps, _in_turns([measures[name] for measures in taken]))


def _in_turns(measures: list[Callable[[], float]]) -> list[list[float]]:
    """TURNS times A B C, so that a slow minute of the machine is shared by all; seconds by step."""
    turns = [[measure() for measure in measures] for _ in range(TURNS)]
    return [list(column) for column in zip(*turns, strict=True)]


def _judge(name: str, steps: list[Step], seconds: list[list[float]]) -> Iterator[Result]:
    """One line for each step after the first: its time ÷ that of the step before."""
    for before, step, few, many in zip(steps, steps[1:], seconds, seconds[1:], strict=False):
        growth = median(b / a for a, b in zip(few, many, strict=True))
        what = f"{name}: time with {step.orders:,} orders ÷ with {before.orders:,}"
        note = f"{median(few) * 1000:,.2f} ms, then {median(many) * 1000:,.2f} ms"
        facts = {"seconds": {before.orders: few, step.orders: many}}
        yield Result("scale", what, growth, LIMIT, at_most=True, unit=" ×", note=note, facts=facts)


def _compare_sweeps(steps: list[Step]) -> Iterator[Result]:
    """The sweeps that take longest with most orders, and how many grew beyond the limit."""
    taken = [measure_sweeps(step) for step in steps]
    for before, step, few, many in zip(steps, steps[1:], taken, taken[1:], strict=False):
        grown = [name for name in many if many[name] > max(NOISE_SECONDS, LIMIT * few[name])]
        slowest = sorted(many, key=many.__getitem__, reverse=True)[:3]
        note = ", ".join(
            f"{name}: {few[name] * 1000:,.0f}, then {many[name] * 1000:,.0f} ms" for name in slowest
        )
        what = f"sweeps of beat that grew from {before.orders:,} to {step.orders:,} orders"
        facts = {"seconds": {before.orders: few, step.orders: many}, "grown": grown}
        note = f"{', '.join(grown)}; slowest: {note}" if grown else f"slowest: {note}"
        yield Result("scale", what, len(grown), 0, at_most=True, note=note, facts=facts)


def _compare_audits(steps: list[Step]) -> Iterator[Result]:
    """The audit reads every row, so it grows with them: what is judged is that an order costs it no more."""
    seconds = [measure_audit(step) for step in steps]
    for before, step, few, many in zip(steps, steps[1:], seconds, seconds[1:], strict=False):
        growth = (many / step.orders) / (few / before.orders)
        what = f"audit: time for each of {step.orders:,} orders ÷ of {before.orders:,}"
        note = f"{few:,.2f} s, then {many:,.2f} s in all"
        facts = {"seconds": {before.orders: few, step.orders: many}}
        yield Result("scale", what, growth, LIMIT, at_most=True, unit=" ×", note=note, facts=facts)


def _tell_sizes(step: Step) -> Iterator[Result]:
    sizes = measure_sizes(step)
    total = sum(table + indexes for table, indexes in sizes.values())
    note = ", ".join(f"{name} {table:,.0f} + {indexes:,.0f}" for name, (table, indexes) in sizes.items())
    what = (
        f"bytes of an order with its transfer, event and dispatch, indexes included ({step.orders:,} orders)"
    )
    yield Result("scale", what, total, note=note, facts=sizes)


def _tell_costs(bench: Bench, step: Step) -> Iterator[Result]:
    with web_of_each(bench, [step]) as (port,):
        costs = measure_costs(bench, step, port)
    for name, cost in costs.items():
        parts = {"web": cost.web, "PostgreSQL": cost.postgres, "worker": cost.worker}
        note = ", ".join(f"{part} {ms:,.2f} ms" for part, ms in parts.items() if ms)
        note += f"; {cost.wal:,.0f} bytes of PostgreSQL's log"
        parts["wal"] = cost.wal
        what = f"processor time of {name} ({step.orders:,} orders)"
        yield Result("scale", what, cost.total, unit=" ms", note=note, facts=parts)
