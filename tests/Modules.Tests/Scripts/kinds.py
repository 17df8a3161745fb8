"""The kinds of futures that a test compares: asyncio.Future, Task, and a future of C# work."""

import asyncio
import functools
import itertools

import my_test_module as m

gates = itertools.count(100_000)


class OfFuture:
    """An asyncio.Future."""

    def new(self):
        return asyncio.get_running_loop().create_future()

    def finish(self, future, value):
        future.set_result(value)

    def fail(self, future):
        future.set_exception(RuntimeError("late"))

    def done(self, value):
        future = asyncio.get_running_loop().create_future()
        future.set_result(value)
        return future


class OfTask(OfFuture):
    """A task that waits for an asyncio.Future."""

    def __init__(self):
        self.inner = {}

    def new(self):
        inner = super().new()

        async def wait():
            return await inner

        task = asyncio.create_task(wait())
        self.inner[task] = inner
        return task

    def finish(self, future, value):
        super().finish(self.inner[future], value)

    def fail(self, future):
        super().fail(self.inner[future])


class OfCSharp(OfFuture):
    """Work of a C# function."""

    def __init__(self):
        self.numbers = {}

    def new(self):
        number = next(gates)
        future = m.gate(number)
        self.numbers[future] = number
        return future

    def finish(self, future, value):
        m.open_gate(self.numbers[future], value)

    def fail(self, future):
        m.open_gate(self.numbers[future], fails=True)

    def done(self, value):
        return m.value(value)


def as_asyncio(test):
    @functools.wraps(test)
    async def compare():
        future, task, ours = [await asyncio.create_task(test(kind())) for kind in (OfFuture, OfTask, OfCSharp)]
        assert ours in (future, task), f"{ours!r} where asyncio has {future!r} and {task!r}"

    return compare


def how(call, *args):
    """Return the outcome of a call: its value, or the exception's type and text."""
    try:
        return call(*args)
    except BaseException as e:
        return type(e).__name__, str(e)


async def how_later(awaitable):
    try:
        return await awaitable
    except BaseException as e:
        return type(e).__name__, str(e)


async def turns(number=3):
    for _ in range(number):
        await asyncio.sleep(0)
