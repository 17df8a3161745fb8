"""Cancellation, in both directions."""

import asyncio

import my_test_module as m
from support import main, raises_later, until


async def test_a_cancelled_task_fires_the_token():
    before = m.cancellations()

    async def wait():
        await m.count_cancel()

    task = asyncio.ensure_future(wait())
    await asyncio.sleep(0.01)
    task.cancel()
    await raises_later(asyncio.CancelledError, task)
    assert m.cancellations() == before + 1


async def test_a_cancelled_future_ends_when_the_work_does():
    future = m.sleep(30)
    assert future.cancel()  # Accepted; the work decides when it ends.
    assert not future.cancel()  # A repeated request changes nothing.
    assert not future.done()
    await raises_later(asyncio.CancelledError, future)
    assert future.cancelled()
    assert not future.cancel()


async def test_work_that_swallows_the_cancellation_gives_its_result():
    future = m.swallow_cancel()
    future.cancel()
    assert await future == "swallowed"


async def test_work_without_a_token_is_abandoned_at_once():
    future = m.stubborn_sleep(0.5)
    assert future.cancel()
    assert future.cancelled()  # As a Future: nothing listens.
    await raises_later(asyncio.CancelledError, future)
    await asyncio.sleep(0.6)


async def test_work_may_be_abandoned_by_its_attribute():
    future = m.abandon()
    future.cancel()
    assert future.cancelled()
    await asyncio.sleep(0.3)


async def test_the_message_comes_along():
    future = m.sleep(30)
    future.cancel("enough")
    error = await raises_later(asyncio.CancelledError, future)
    assert error.args == ("enough",)


async def test_timeouts_cancel_the_work():
    before = m.cancellations()
    await raises_later(asyncio.TimeoutError, asyncio.wait_for(m.count_cancel(), 0.02))
    assert m.cancellations() == before + 1
    try:
        async with asyncio.timeout(0.02):
            await m.count_cancel()
        raise AssertionError("no TimeoutError")
    except TimeoutError:
        pass
    assert m.cancellations() == before + 2


async def test_uncancel():
    async def survive():
        try:
            await m.sleep(30)
        except asyncio.CancelledError:
            asyncio.current_task().uncancel()
        return await m.sleep(0.01, 1)

    task = asyncio.ensure_future(survive())
    await asyncio.sleep(0.01)
    task.cancel()
    assert await task == 1


async def test_cancelling_what_calls_back_cancels_the_coroutine():
    seen = []

    started = asyncio.Event()

    async def wait(i):
        started.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            await asyncio.sleep(0.01)  # Clean-up is waited for.
            seen.append("cancelled")
            raise

    future = m.call_back(wait, 1)
    await started.wait()
    future.cancel()
    await raises_later(asyncio.CancelledError, future)
    assert seen == ["cancelled"]


async def test_a_coroutine_that_is_cancelled_by_python_ends_the_work_as_cancelled():
    async def cancel_myself(i):
        asyncio.current_task().cancel()
        await asyncio.sleep(30)

    await raises_later(asyncio.CancelledError, m.call_back(cancel_myself, 1))


async def test_cancel_at_about_the_time_of_the_completion():
    loop = asyncio.get_running_loop()
    problems = []
    loop.set_exception_handler(lambda loop, context: problems.append(context))

    async def once(i):
        future = m.sleep(0.002, i)
        loop.call_later(0.002 + (i % 5 - 2) * 0.0001, future.cancel)
        try:
            return await future
        except asyncio.CancelledError:
            return None

    for _ in range(20):
        results = await asyncio.gather(*(once(i) for i in range(50)))
        assert all(result in (None, i) for i, result in enumerate(results))
    assert problems == []


async def test_ten_thousand_cancellations():
    futures = [m.sleep(30) for _ in range(10_000)]
    for future in futures:
        future.cancel()
    await asyncio.wait(futures)
    assert all(future.cancelled() for future in futures)


async def test_the_loop_continues_while_the_work_cleans_up():
    future = m.stubborn_sleep(1)
    ticks = 0
    while not future.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert ticks > 5
    await until(future.done)


main()
