"""The tests that pytest-asyncio runs, a loop for each test; pytest_and_jupyter.py starts it. It is not a script."""

import asyncio
import os

import my_test_module as m
import pytest
import pytest_asyncio
from pyasync import DotNetException

pytestmark = pytest.mark.asyncio

if os.environ.get("PYASYNC_TEST_LOOP") == "uvloop":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

loops = []


@pytest_asyncio.fixture
async def session():
    """A fixture that awaits C# before the test and after it."""
    async with m.Session("fixture") as session:
        yield session


async def test_a_loop_is_used():
    loops.append(asyncio.get_running_loop())
    assert await m.yield_(1) == 1


async def test_the_next_test_has_a_new_loop():
    loops.append(asyncio.get_running_loop())
    assert loops[0] is not loops[1]
    assert await m.yield_(2) == 2


@pytest.mark.parametrize("count", [1, 100])
async def test_gather(count):
    assert await asyncio.gather(*(m.sleep(0.01, i) for i in range(count))) == list(range(count))


async def test_an_exception():
    with pytest.raises(DotNetException, match="late"):
        await m.fail_later("late")
    with pytest.raises(ValueError):
        await m.sleep(-1)


@pytest.mark.xfail(raises=DotNetException, strict=True)
async def test_fails_by_an_exception_of_csharp():
    await m.fail_later("not caught")


async def test_cancellation():
    before = m.cancellations()
    task = asyncio.ensure_future(m.count_cancel())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert m.cancellations() == before + 1
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(m.sleep(30), 0.01)


async def test_a_fixture_and_async_for(session):
    assert await session.ask("awake?") == "fixture: awake?"
    assert [word async for word in session] == ["fixture0", "fixture1", "fixture2"]


async def test_calls_back():
    async def double(i):
        await asyncio.sleep(0)
        return 2 * i

    assert await m.call_back(double, 10) == 90


async def test_ends_with_work_in_flight():
    loops.append((m.sleep(30), m.stubborn_sleep(30)))


async def test_the_next_test_continues():
    assert await m.sleep(0.01, 3) == 3
