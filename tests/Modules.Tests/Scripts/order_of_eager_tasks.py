"""asyncio's order with eager tasks."""

import asyncio
import itertools
import time

import my_test_module as m
from support import main, needs_python, repetitions

gates = itertools.count(200_000)


async def double(awaitable):
    return 2 * await awaitable


async def test_eager_tasks_keep_the_order():
    needs_python(12, "asyncio.eager_task_factory")
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        late = 0
        for _ in range(repetitions(1000)):
            started = False

            async def inner():
                nonlocal started
                await asyncio.sleep(0)
                started = True

            future = m.gate(number := next(gates))
            task = asyncio.create_task(inner())
            m.open_gate(number)
            time.sleep(0.0001)
            await future
            late += not started
            await task
        assert not late and asyncio.current_task() is me
    finally:
        loop.set_task_factory(None)


async def test_eager_tasks_know_which_one_runs():
    needs_python(12, "asyncio.eager_task_factory")
    loop, me = asyncio.get_running_loop(), asyncio.current_task()

    class Task(asyncio.Task):
        pass

    async def who(i=0):
        before = asyncio.current_task()
        if i % 2:
            await m.sleep(0.0001)
        assert asyncio.current_task() is before is not me and before in asyncio.all_tasks()
        if i % 3:
            await asyncio.sleep(0)
        assert asyncio.current_task() is before
        return type(before) is Task

    try:
        for factory in (asyncio.eager_task_factory, asyncio.create_eager_task_factory(Task)):
            loop.set_task_factory(factory)
            own = factory is not asyncio.eager_task_factory
            # A call that completes at once leaves no task behind; a call from C# has a task of the factory.
            assert asyncio.create_task(m.coro_value(3)).result() == 3 and asyncio.create_task(double(m.value(2))).result() == 4
            assert asyncio.current_task() is me
            assert await asyncio.create_task(who(1)) is own and await m.through(who(1)) is own
            assert await m.call_back(who, 12) == (12 if own else 0)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(m.coro_sleep(0.0001 * (i % 3), i)) for i in range(20)]
            assert [task.result() for task in tasks] == list(range(20))
            assert asyncio.current_task() is me and asyncio.all_tasks() == {me}
    finally:
        loop.set_task_factory(None)


async def test_eager_tasks_are_cancelled():
    needs_python(12, "asyncio.eager_task_factory")
    loop, me = asyncio.get_running_loop(), asyncio.current_task()
    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        for i in range(repetitions(300)):
            task = asyncio.create_task(double(m.sleep(0.001 if i % 2 else 100, 1)))
            if i % 3:
                await asyncio.sleep(0)
            if i % 2:
                time.sleep(0.0008)
            accepted = task.cancel()
            await asyncio.wait([task])
            assert task.cancelled() == accepted and me.cancelling() == 0, i
    finally:
        loop.set_task_factory(None)


if __name__ == "__main__":
    main()
