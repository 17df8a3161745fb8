"""Cancellation of C# work that catches it and returns a result."""

import asyncio
import itertools
import sys

import my_test_module as m
from support import main, raises_later, repetitions, until

gates = itertools.count(400_000)


class Stubborn:
    """Work that continues until a flag ends it, ignoring its token; its result is negative if the token was cancelled by then."""

    def __init__(self):
        self.number = next(gates)
        self.future = m.stubborn_gate(self.number)
        self.has_ended = False

    def end(self):
        if not self.has_ended:
            self.has_ended = True
            m.open_gate(self.number, 7)

    def end_soon(self):
        asyncio.get_running_loop().call_later(0.001, self.end)


async def test_stubborn_work_in_wait_for():
    for i in range(repetitions(200)):
        work, delay = Stubborn(), (0, 0.0005, 0.001)[i % 3]
        asyncio.get_running_loop().call_later(0.001, work.end)
        try:
            # asyncio itself returns the result of a task that swallowed its cancellation: always before Python 3.12, since then only without a delay.
            result = await asyncio.wait_for(work.future, delay)
            assert result == 7 or (result == -7 and (delay == 0 or sys.version_info < (3, 12))), (i, result)
        except TimeoutError:
            work.end()
        assert asyncio.current_task().cancelling() == 0
        assert not work.future.cancelled() and abs(await work.future) == 7


async def test_stubborn_work_behind_a_shield():
    for _ in range(repetitions(100)):
        work = Stubborn()
        await raises_later(TimeoutError, asyncio.wait_for(asyncio.shield(work.future), 0))
        assert not work.future.done()
        outer = asyncio.shield(work.future)
        assert outer.cancel() and outer.cancelled()
        work.end()
        assert await work.future == 7  # The work itself was not cancelled.


async def test_stubborn_work_in_a_task_group():
    for from_outside in (False, True):
        work, reached = Stubborn(), []

        async def wait():
            try:
                return await work.future
            except asyncio.CancelledError:
                reached.append(asyncio.current_task().cancelling())
                raise

        async def fail():
            await asyncio.sleep(0)
            raise KeyError("zebra")

        async def group():
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(wait(), name="waits")
                if not from_outside:
                    tasks.create_task(fail())

        task = asyncio.create_task(group())
        await asyncio.sleep(0.01)
        if from_outside:
            task.cancel()
        await asyncio.sleep(0.01)
        assert not task.done() and not work.future.done()  # The group waits for its tasks.
        work.end()
        if from_outside:
            await raises_later(asyncio.CancelledError, task)
        else:
            error = await raises_later(BaseExceptionGroup, task)
            assert [type(each) for each in error.exceptions] == [KeyError]
        assert reached == [1] and abs(await work.future) == 7 and asyncio.current_task().cancelling() == 0


async def test_stubborn_work_in_nested_timeouts():
    for outer_delay, inner_delay, expected in [(60, 0.001, "inner"), (0.001, 60, "outer"), (0.001, 0.001, None)]:
        work, log = Stubborn(), []
        try:
            async with asyncio.timeout(outer_delay) as outer:
                try:
                    async with asyncio.timeout(inner_delay) as inner:
                        asyncio.get_running_loop().call_later(0.02, work.end)
                        await work.future
                        log.append("the cancellation was lost")
                except TimeoutError:
                    log.append("inner")
        except TimeoutError:
            log.append("outer")
        assert log == [expected] if expected else log in (["inner"], ["outer"], ["inner", "outer"]), log
        assert asyncio.current_task().cancelling() == 0 and (outer.expired() or inner.expired())
        assert abs(await work.future) == 7


async def test_stubborn_work_that_several_wait_for():
    for _ in range(repetitions(100)):
        work = Stubborn()

        async def wait():
            return await work.future

        first, second, third = [asyncio.create_task(wait()) for _ in range(3)]
        group = asyncio.gather(work.future, return_exceptions=True)
        await asyncio.sleep(0)
        assert second.cancel("why")
        done, pending = await asyncio.wait([first, second, third], timeout=0.001)
        assert not done
        work.end()
        assert {abs(each) for each in (await first, await third, *await group)} == {7}
        assert str(await raises_later(asyncio.CancelledError, second)) == "why" and second.cancelled()


async def test_the_counts_of_a_task_that_continues():
    work, other = Stubborn(), Stubborn()

    async def count():
        me, seen = asyncio.current_task(), []
        for each in (work, other):
            try:
                await each.future
            except asyncio.CancelledError:
                seen.append((me.cancelling(), me.uncancel()))
        return seen, await m.sleep(0.001, 3)

    task = asyncio.create_task(count())
    await asyncio.sleep(0)
    assert task.cancel() and task.cancelling() == 1
    assert task.cancel() and task.cancelling() == 2
    work.end()
    await until(lambda: work.future.done())
    await asyncio.sleep(0.001)
    other.end()
    seen, result = await task
    assert seen[0] == (2, 1) and result == 3, seen


async def test_a_cancelled_future_in_wait_and_as_completed():
    work = Stubborn()
    assert work.future.cancel()
    done, pending = await asyncio.wait([work.future], timeout=0.001)
    assert not done and pending == {work.future}
    work.end_soon()
    assert [abs(await each) for each in asyncio.as_completed([work.future])] == [7]


main()
