"""asyncio's functions that wait treat a future of C# work like their own."""

import asyncio

from kinds import as_asyncio, how, how_later
from support import main


@as_asyncio
async def test_wait_for(kind):
    done, ended, endless, late = kind.done(4), kind.new(), kind.new(), kind.new()
    kind.finish(ended, 5)
    asyncio.get_running_loop().call_soon(kind.finish, late, 6)
    return (
        await how_later(asyncio.wait_for(done, 0)),
        await asyncio.wait_for(ended, 60),
        (await how_later(asyncio.wait_for(endless, 0)))[0],
        endless.cancelled(),
        await asyncio.wait_for(late, None),
    )


@as_asyncio
async def test_wait_for_the_first(kind):
    first, second = kind.new(), kind.new()
    waiting = asyncio.create_task(asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED))
    await asyncio.sleep(0)
    kind.finish(first, 1)
    done, pending = await waiting
    second.cancel()
    await asyncio.wait([second])
    return done == {first}, pending == {second}, second.cancelled()


@as_asyncio
async def test_wait_until_one_fails(kind):
    first, second, third = kind.new(), kind.new(), kind.new()
    waiting = asyncio.create_task(asyncio.wait([first, second, third], return_when=asyncio.FIRST_EXCEPTION))
    await asyncio.sleep(0)
    kind.finish(first, 1)
    await first
    kind.fail(second)
    done, pending = await waiting
    third.cancel()
    await asyncio.wait([third])
    return done == {first, second}, pending == {third}, str(second.exception())


@as_asyncio
async def test_cancelled_within_wait(kind):
    future = kind.new()
    waiting = asyncio.create_task(asyncio.wait([future]))
    await asyncio.sleep(0)
    accepted = future.cancel()
    done, pending = await waiting
    return accepted, done == {future}, pending, future.cancelled(), future.cancel(), await how_later(future), how(future.exception)[0]


@as_asyncio
async def test_a_wait_that_is_cancelled_leaves_it_alone(kind):
    future = kind.new()
    waiting = asyncio.create_task(asyncio.wait([future]))
    await asyncio.sleep(0)
    waiting.cancel()
    outcome = await how_later(waiting)
    left = future.done(), future._callbacks if hasattr(future, "_callbacks") else None
    kind.finish(future, 1)
    return outcome, left[0], not left[1], await future


@as_asyncio
async def test_as_completed(kind):
    futures = [kind.new() for _ in range(3)]
    futures[0].cancel()
    kind.finish(futures[1], 1)
    kind.fail(futures[2])
    outcomes = [await how_later(each) for each in asyncio.as_completed(futures)]
    return sorted(each[1] if isinstance(each, tuple) else str(each) for each in outcomes)


@as_asyncio
async def test_as_completed_in_time(kind):
    future = kind.new()
    outcomes = [(await how_later(each))[0] for each in asyncio.as_completed([future], timeout=0.01)]
    pending = future.done()
    future.cancel()
    await asyncio.wait([future])
    return outcomes, pending


@as_asyncio
async def test_shield(kind):
    future, cancelled = kind.new(), kind.new()
    outer, other = asyncio.shield(future), asyncio.shield(cancelled)
    outer.cancel()
    outcome = (await how_later(outer))[0], future.done()
    kind.finish(future, 5)
    cancelled.cancel()
    return outcome, await future, (await how_later(other))[0], other.cancelled()


@as_asyncio
async def test_gather(kind):
    first, second, twice = kind.new(), kind.new(), kind.new()
    group, pair = asyncio.gather(first, second), asyncio.gather(twice, twice, return_exceptions=True)
    kind.fail(first)
    kind.finish(twice, 2)
    outcome = (await how_later(group))[1], second.done()
    second.cancel()
    await asyncio.wait([second])
    return outcome, await pair


@as_asyncio
async def test_gather_is_cancelled(kind):
    first, second = kind.new(), kind.new()
    group = asyncio.gather(first, second)
    await asyncio.sleep(0)
    accepted = group.cancel()
    outcome = (await how_later(group))[0]
    await asyncio.wait([first, second])
    return accepted, outcome, first.cancelled(), second.cancelled(), group.cancel()


@as_asyncio
async def test_nested_timeouts(kind):
    log = []
    for outer_delay, inner_delay in [(60, 0.001), (0.001, 60)]:
        try:
            async with asyncio.timeout(outer_delay) as outer:
                try:
                    async with asyncio.timeout(inner_delay) as inner:
                        await kind.new()
                except TimeoutError:
                    log.append("inner")
                except asyncio.CancelledError:
                    log.append("cancelled")
                    raise
        except TimeoutError:
            log.append("outer")
        log.append((outer.expired(), inner.expired(), asyncio.current_task().cancelling()))
    return log


@as_asyncio
async def test_a_timeout_is_put_off(kind):
    future = kind.new()
    async with asyncio.timeout(0.001) as limit:
        limit.reschedule(None)
        asyncio.get_running_loop().call_later(0.01, kind.finish, future, 3)
        return await future


@as_asyncio
async def test_a_task_group_of_which_one_fails(kind):
    log = []

    async def wait():
        try:
            await kind.new()
        except asyncio.CancelledError:
            log.append("cancelled")
            raise

    async def fail():
        await asyncio.sleep(0.001)
        raise KeyError("zebra")

    for in_body in (False, True):
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                if in_body:
                    await wait()
                else:
                    group.create_task(wait())
        except BaseExceptionGroup as e:
            log.append([type(each).__name__ for each in e.exceptions])
    return log


if __name__ == "__main__":
    main()
