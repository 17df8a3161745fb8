"""Awaiting C# from Python, on the running loop."""

import asyncio
import gc
import time
import weakref

import my_test_module as m
from support import main, pending, raises, raises_later, run


async def test_results():
    assert await m.noop() is None
    assert await m.sleep(0.001, 42) == 42
    assert await m.value(7) == 7
    assert await m.later() is None
    assert await m.yield_(3) == 3
    assert await m.scheduled_noop() is None


async def test_what_is_completed_takes_no_turn_of_the_loop():
    turns = []
    asyncio.get_running_loop().call_soon(turns.append, 1)
    for _ in range(10):
        await m.noop()
        await m.value(1)
    assert turns == []


async def test_inline_and_scheduled():
    assert await m.threads() == ["caller", "pool"]
    assert await m.scheduled_threads() == ["pool", "pool"]


async def test_it_is_a_future():
    future, end = pending(5)
    assert asyncio.isfuture(future)
    assert future.get_loop() is asyncio.get_running_loop()
    assert not future.done()
    called = asyncio.Event()
    future.add_done_callback(lambda f: called.set())
    end()
    await called.wait()
    assert future.result() == 5 and future.exception() is None and not future.cancelled()
    assert weakref.ref(future)() is future


async def test_sleeps_run_at_the_same_time():
    started = time.perf_counter()
    await asyncio.gather(*(m.sleep(0.2) for _ in range(200)))
    assert time.perf_counter() - started < 200 * 0.2 / 2  # One after another they would take twice that.


async def test_gather():
    assert await asyncio.gather(m.yield_(1), m.value(2), m.sleep(0.01, 3)) == [1, 2, 3]
    results = await asyncio.gather(m.yield_(1), m.fail_later("oh"), return_exceptions=True)
    assert results[0] == 1 and "oh" in str(results[1])
    assert await asyncio.gather(*(m.yield_(i) for i in range(1000))) == list(range(1000))


async def test_wait():
    slow, quick = m.sleep(5), m.sleep(0.01, 1)
    done, pending = await asyncio.wait([slow, quick], return_when=asyncio.FIRST_COMPLETED)
    assert done == {quick} and pending == {slow}
    slow.cancel()
    await asyncio.wait([slow])
    assert slow.cancelled()


async def test_wait_for():
    assert await asyncio.wait_for(m.sleep(0.01, 1), 5) == 1
    started = time.perf_counter()
    await raises_later(asyncio.TimeoutError, asyncio.wait_for(m.sleep(30), 0.05))
    assert time.perf_counter() - started < 30


async def test_timeout():
    async with asyncio.timeout(5):
        assert await m.sleep(0.01, 1) == 1
    try:
        async with asyncio.timeout(0.05):
            await m.sleep(30)
        raise AssertionError("no TimeoutError")
    except TimeoutError:
        pass


async def test_task_group():
    async def sleep(seconds, result):
        return await m.sleep(seconds, result)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(sleep(0.01, i)) for i in range(10)]
    assert [task.result() for task in tasks] == list(range(10))

    cancelled = []

    async def note_cancellation():
        try:
            await m.sleep(30)
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    async def fail():
        await m.fail_later("group")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(note_cancellation())
            group.create_task(fail())
        raise AssertionError("no group")
    except BaseException as e:
        assert type(e).__name__ == "ExceptionGroup" and "group" in str(e.exceptions[0])
    assert cancelled == [1]


async def test_as_completed():
    (last, end), order = pending(2), []
    for item in asyncio.as_completed([last, m.sleep(0.01, 1), m.value(0)]):
        order.append(await item)
        if order[-1] == 1:
            end()  # Not by a longer sleep: of two sleeps that are over, either may be noticed first.
    assert order == [0, 1, 2]


async def test_shield():
    inner, end = pending(9)
    outer = asyncio.shield(inner)
    asyncio.get_running_loop().call_later(0.01, outer.cancel)
    await raises_later(asyncio.CancelledError, outer)
    end()
    assert await inner == 9


async def test_ensure_future_gives_it_back():
    future = m.sleep(0.01, 3)
    assert asyncio.ensure_future(future) is future
    assert await future == 3


async def test_create_task_wants_a_coroutine():
    future = m.value(1)
    assert "a coroutine was expected" in str(raises(TypeError, asyncio.get_running_loop().create_task, future))
    await future


async def test_run_coroutine_threadsafe_from_another_thread():
    loop = asyncio.get_running_loop()

    async def main():
        return await m.sleep(0.01, 11)

    result = await loop.run_in_executor(None, lambda: asyncio.run_coroutine_threadsafe(main(), loop).result(10))
    assert result == 11


async def test_streams():
    assert [i async for i in m.count(5)] == [0, 1, 2, 3, 4]
    assert [i async for i in m.count(0)] == []
    stream = m.count(1_000_000)
    async for i in stream:
        if i == 3:
            break
    await stream.aclose()


async def test_a_stream_is_cancelled():
    async def read():
        return [i async for i in m.count(1_000_000)]

    task = asyncio.ensure_future(read())
    await asyncio.sleep(0.05)
    task.cancel()
    await raises_later(asyncio.CancelledError, task)


def test_a_future_that_no_code_awaits_is_collected():
    async def main():
        for _ in range(1000):
            m.noop()
            m.yield_(1)
        await m.sleep(0.05)

    run(main())
    gc.collect()
    assert not [o for o in gc.get_objects() if type(o).__name__ == "Future" and type(o).__module__ == "pyasync"]


async def test_many_at_once():
    total = 10_000
    assert sum(await asyncio.gather(*(m.yield_(1) for _ in range(total)))) == total


async def test_a_task_created_before_an_await_has_started_when_the_await_returns():
    late = []

    async def one():
        started = False

        async def inner():
            nonlocal started
            started = True

        task = asyncio.create_task(inner())
        future, end = pending()
        end()
        time.sleep(0.0001)  # The loop has something else to do.
        await future
        late.append(not started)
        await task

    for _ in range(10):
        await asyncio.gather(*(one() for _ in range(100)))
    assert sum(late) == 0, late


main()
