"""C# code inside Python's context managers, groups of work on both sides, and queues."""

import asyncio
import contextlib
import contextvars

import my_test_module as m
import pyasync
from support import main, raises_later, repetitions

variable = contextvars.ContextVar("variable", default="unset")


class Manager:
    def __init__(self, swallow=False):
        self.log = []
        self.swallow = swallow

    async def __aenter__(self):
        self.task = asyncio.current_task()
        self.token = variable.set("inside")
        await asyncio.sleep(0)
        self.log.append("entered")
        return 20

    async def __aexit__(self, type, error, traceback):
        await asyncio.sleep(0)
        assert asyncio.current_task() is self.task
        variable.reset(self.token)
        self.log.append(type.__name__ if type else None)
        return self.swallow


async def add_one(value):
    assert variable.get() == "inside"
    await asyncio.sleep(0)
    return value + 1


async def fail(value):
    await asyncio.sleep(0)
    raise KeyError(value)


async def test_code_inside_a_manager():
    manager = Manager()
    assert await m.inside(lambda: manager, add_one) == 21
    assert manager.log == ["entered", None]
    assert variable.get() == "unset"


async def test_a_failure_inside_a_manager():
    manager = Manager()
    error = await raises_later(KeyError, m.inside(lambda: manager, fail))
    assert error.args == (20,) and manager.log == ["entered", "KeyError"]
    swallowing = Manager(swallow=True)
    assert await m.inside(lambda: swallowing, fail) == 0
    assert swallowing.log == ["entered", "KeyError"]


async def test_a_cancellation_inside_a_manager():
    manager = Manager()
    waiting = asyncio.ensure_future(m.wait_inside(lambda: manager))
    while not manager.log:
        await asyncio.sleep(0)
    waiting.cancel()
    await raises_later(asyncio.CancelledError, waiting)
    assert manager.log == ["entered", "CancelledError"]
    await raises_later(TimeoutError, m.wait_inside(lambda: asyncio.timeout(0.001)))


async def test_synchronous_managers():
    assert await m.inside(lambda: contextlib.nullcontext(3), double) == 6


async def double(value):
    return 2 * value


async def minus(value):
    return -value


async def test_a_manager_that_outlives_a_method():
    manager = Manager()
    await m.enter(lambda: manager, add_one)
    assert manager.log == ["entered", None]
    abandoned = Manager()
    await m.enter(lambda: abandoned, minus)
    assert abandoned.log == ["entered", "ScopeAbandoned"]
    failing = Manager()
    await raises_later(KeyError, m.enter(lambda: failing, fail))
    assert failing.log == ["entered", "ScopeAbandoned"]


async def test_a_group_of_work():
    ended = []

    async def work(number):
        try:
            await asyncio.sleep(0)
            return number
        finally:
            ended.append(number)

    async def fail_once(number):
        if number == 3:
            await fail(number)
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append(number)

    assert await m.together(work, 5) == 20
    assert sorted(ended) == [0, 1, 2, 3, 4]
    ended.clear()
    group = await raises_later(ExceptionGroup, m.together(fail_once, 5))
    assert [type(e) for e in group.exceptions] == [KeyError]
    assert sorted(ended) == [0, 1, 2, 4]


async def test_many_scopes_that_are_cancelled_at_any_time():
    entered = exited = 0

    class Counted:
        async def __aenter__(self):
            nonlocal entered
            await asyncio.sleep(0)
            entered += 1
            return 1

        async def __aexit__(self, *failure):
            nonlocal exited
            exited += 1
            await asyncio.sleep(0)

    async def turns(value):
        for _ in range(3):
            await asyncio.sleep(0)
        return value

    for i in range(repetitions(1000)):
        inside = asyncio.ensure_future(m.inside(Counted, turns))
        for _ in range(i % 12):
            await asyncio.sleep(0)
        inside.cancel()
        await asyncio.wait([inside])
        assert entered == exited


async def test_queues():
    source, target = asyncio.Queue(2), pyasync.Queue(2)
    passing = asyncio.ensure_future(m.pass_on(source, target))

    async def fill():
        for i in range(100):
            await source.put(i)
        await source.put(pyasync.QueueShutDown)
        await source.join()

    filling = asyncio.ensure_future(fill())
    items = []
    try:
        while True:
            items.append(await target.get())
    except pyasync.QueueShutDown:
        pass
    assert items == [2 * i for i in range(100)]
    await passing
    await filling


if __name__ == "__main__":
    main()
