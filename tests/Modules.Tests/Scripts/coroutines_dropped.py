"""Functions that return coroutines: cancelled, dropped, collected and forked."""

import asyncio
import gc
import inspect
import os
import warnings
import weakref

import my_test_module as m
from support import main, raises, raises_later, repetitions, run


async def test_cancelled_before_it_starts():
    before = m.started()
    task = asyncio.create_task(m.coro_sleep(60))
    assert task.cancel()
    await raises_later(asyncio.CancelledError, task)
    assert m.started() == before and task.cancelled()
    coroutine = m.coro_sleep(60)
    raises(ValueError, coroutine.throw, ValueError("thrown"))
    assert m.started() == before and inspect.getcoroutinestate(coroutine) == inspect.CORO_CLOSED


async def test_cancelled_while_it_runs():
    for make in (lambda: m.coro_sleep(60), m.coro_abandon, lambda: m.coro_call_back(asyncio.sleep, 60)):
        task = asyncio.create_task(make())
        await asyncio.sleep(0.001)
        assert task.cancel("enough")
        await raises_later(asyncio.CancelledError, task)
        assert task.cancelled()
    await raises_later(asyncio.TimeoutError, asyncio.wait_for(m.coro_sleep(60), 0.001))
    async with asyncio.timeout(60):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(m.coro_sleep(60))
                group.create_task(m.coro_fail("bang", later=True))
        except* Exception as e:
            assert str(e.exceptions[0]) == "bang"


async def test_cancelled_at_any_moment():
    cancelled = 0
    for i in range(repetitions(1000)):
        task = asyncio.create_task(m.coro_sleep(0.0001 * (i % 5), i))
        for _ in range(i % 4):
            await asyncio.sleep(0)
        task.cancel()
        try:
            assert await task == i
        except asyncio.CancelledError:
            cancelled += 1
        assert task.done() and (task.cancelled() or task.result() == i)
    assert cancelled > 0


def test_dropped_without_an_await_it_warns_as_any_does():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        m.coro_sleep(0.001)
        m.Pump(1).add(1)
        gc.collect()
    assert [(str(w.message), w.category) for w in caught] == [
        ("coroutine 'coro_sleep' was never awaited", RuntimeWarning),
        ("coroutine 'Pump.add' was never awaited", RuntimeWarning),
    ]


class Big:
    """Something to see the end of."""


async def test_nothing_of_it_is_left():
    seen = []

    def big():
        seen.append(weakref.ref(value := Big()))
        return value

    for _ in range(repetitions(1000)):
        m.coro_value(big()).close()
        assert isinstance(await m.coro_value(big()), Big)
        task = asyncio.create_task(m.coro_value(big()))
        task.cancel()
        await asyncio.wait([task])
        del task

    async def gone():
        await m.collect()
        gc.collect()
        return not any(reference() for reference in seen)

    for _ in range(100):
        if await gone():
            break
    assert await gone(), sum(1 for reference in seen if reference())


def test_a_forked_child_is_refused():
    async def main():
        coroutine, other = m.coro_sleep(0.001, 5), m.coro_sleep(0.001)
        task = asyncio.create_task(m.coro_sleep(0.1, 6))
        await asyncio.sleep(0)

        def refused(call):
            try:
                call()
            except RuntimeError as e:
                return "was forked from one that runs .NET code" in str(e)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if pid == 0:
            code = 99
            try:
                assert refused(lambda: coroutine.send(None)) and refused(lambda: m.coro_value(1))
                other.close()
                gc.collect()
                code = 7
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        assert await coroutine == 5 and await task == 6
        other.close()

    run(main())


if __name__ == "__main__":
    main(forks=True)
