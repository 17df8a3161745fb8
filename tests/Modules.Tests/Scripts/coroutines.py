"""Functions that return coroutines: what asyncio and its users do with those of an async def, they do with these."""

import asyncio
import collections.abc
import contextvars
import functools
import inspect
import traceback
import types
import typing
import warnings

import my_test_module as m
from support import LOOP, main, needs_python, new_event_loop, raises, raises_later, repetitions, run

NAMES = ["coro_sleep", "coro_noop", "coro_value", "coro_scheduled", "coro_abandon", "coro_fail", "coro_call", "coro_is_on_loop", "coro_call_back"]


def closed(coroutine):
    """Return True if it is a coroutine; it is closed without having started."""
    try:
        return asyncio.iscoroutine(coroutine) and inspect.iscoroutine(coroutine) and isinstance(coroutine, (collections.abc.Coroutine, typing.Coroutine, types.CoroutineType))
    finally:
        coroutine.close()


def test_it_is_a_coroutine_that_has_not_started():
    before = m.started()
    coroutine = m.coro_sleep(0.01)
    assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED
    assert (coroutine.__name__, coroutine.__qualname__, coroutine.cr_code.co_name) == ("coro_sleep",) * 3
    assert "coro_sleep" in repr(coroutine) and "my_test_module" in coroutine.cr_code.co_filename
    assert closed(coroutine)
    assert closed(m.Pump(1).add(1)) and closed(m.Pump.make(1)) and closed(m.coro_noop()) and closed(m.coro_scheduled())
    assert m.Pump(1).add(1).close() is None
    assert m.started() == before


def test_runners_take_it():
    if LOOP == "asyncio":
        assert asyncio.run(m.coro_sleep(0.001, 5)) == 5
        assert asyncio.run(m.coro_sleep(0.001, 6), debug=True) == 6
        assert asyncio.run(m.coro_noop()) is None
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        assert runner.run(m.coro_sleep(0.001, 7)) == 7
        assert runner.run(m.coro_value("x")) == "x"
    loop = new_event_loop()
    assert loop.run_until_complete(m.coro_sleep(0.001, 8)) == 8
    loop.close()
    assert run(m.coro_is_on_loop(None)) is False


async def test_tasks_take_it():
    assert await m.coro_sleep(0.001, 1) == 1
    task = asyncio.create_task(m.coro_sleep(0.001, 2), name="sleeper")
    assert task.get_coro().__name__ == "coro_sleep" and "coro_sleep" in repr(task)
    assert await task == 2
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(m.coro_sleep(0.001, i)) for i in range(100)]
        noop = group.create_task(m.coro_noop())
    assert [task.result() for task in tasks] == list(range(100)) and noop.result() is None
    assert await asyncio.gather(*(m.coro_sleep(0.001, i) for i in range(100))) == list(range(100))
    assert await asyncio.wait_for(m.coro_sleep(0.001, 3), 60) == 3
    assert await asyncio.shield(m.coro_sleep(0.001, 4)) == 4
    assert await asyncio.ensure_future(m.coro_value(5)) == 5
    assert [await each for each in asyncio.as_completed([m.coro_value(6)])] == [6]
    loop = asyncio.get_running_loop()
    assert await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(m.coro_value(7), loop)) == 7
    assert await m.coro_is_on_loop(loop)


async def test_an_eager_task_completes_it_at_once():
    needs_python(12, "eager_task_factory")
    loop = asyncio.get_running_loop()
    loop.set_task_factory(asyncio.eager_task_factory)
    try:
        assert asyncio.create_task(m.coro_value(5)).result() == 5
        assert await asyncio.create_task(m.coro_sleep(0.001, 6)) == 6
    finally:
        loop.set_task_factory(None)


async def test_arguments_are_converted_at_the_call():
    before = m.started()
    assert "coro_sleep() argument 'seconds' must be float, not str" in str(raises(TypeError, m.coro_sleep, "x"))
    assert "missing" in str(raises(TypeError, m.coro_sleep))
    assert "takes" in str(raises(TypeError, m.coro_noop, 1))
    raises(OverflowError, m.coro_sleep, 0, 1 << 40)
    assert m.started() == before
    numbers = [1, 2, 3]
    coroutine = m.coro_call_back(functools.partial(identity), *numbers)
    numbers.clear()
    assert await coroutine == 6


async def identity(x):
    await asyncio.sleep(0)
    return x


async def test_it_starts_when_it_is_awaited():
    before = m.started()
    coroutine = m.coro_sleep(0.001, 5)
    await asyncio.sleep(0)
    assert m.started() == before
    assert coroutine.send(None)._asyncio_future_blocking and m.started() == before + 1
    coroutine.close()
    task = asyncio.create_task(m.coro_sleep(0.001))
    assert m.started() == before + 1
    await asyncio.sleep(0)
    assert m.started() == before + 2
    await task


async def test_it_runs_on_the_loop_and_in_the_context_of_the_awaiting_code():
    variable = contextvars.ContextVar("variable", default="none")

    async def read(_):
        seen.append(variable.get())
        return 1

    seen = []
    coroutine = m.coro_call_back(read, 1)
    variable.set("here")
    assert await coroutine == 1
    context = contextvars.copy_context()
    context.run(variable.set, "there")
    assert await asyncio.create_task(m.coro_call_back(read, 1), context=context) == 1
    assert seen == ["here", "there"]


def test_a_call_without_a_loop_and_an_await_without_one():
    coroutine = m.coro_sleep(0.001)
    assert str(raises(RuntimeError, coroutine.send, None)) == "no running event loop"
    coroutine = m.coro_sleep(0.001, 3)

    async def elsewhere():
        return await coroutine

    assert run(elsewhere()) == 3


async def test_awaiting_twice_is_an_error():
    for coroutine in (m.coro_value(1), m.coro_sleep(0.001)):
        await coroutine
        assert str(await raises_later(RuntimeError, coroutine)) == "cannot reuse already awaited coroutine"
    coroutine = m.coro_sleep(0.001)
    task = asyncio.create_task(coroutine)
    await asyncio.sleep(0)
    assert "is being awaited already" in str(await raises_later(RuntimeError, waiting(coroutine)))
    await task
    coroutine = m.coro_value(2)
    start = coroutine.cr_frame.f_locals["start"]
    assert type(start).__name__ == "CoroutineStart" and await waiting(start) == 2
    assert "started already" in str(await raises_later(RuntimeError, waiting(start)))
    assert "started already" in str(await raises_later(RuntimeError, coroutine))


async def waiting(awaitable):
    return await awaitable


async def test_failures_are_raised_by_the_await():
    error = await raises_later(ValueError, m.coro_fail("bang"))
    assert str(error) == "bang" and "coro_fail" in [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    import pyasync

    assert str(await raises_later(pyasync.DotNetException, m.coro_fail("bang", True))) == "bang"

    def stop():
        raise StopIteration(5)

    assert "StopIteration" in str(await raises_later(RuntimeError, m.coro_call(stop)))
    raised = await asyncio.gather(m.coro_fail("1"), m.coro_fail("2", later=True), return_exceptions=True)
    assert [str(e) for e in raised] == ["1", "2"]


def test_marks_signatures_and_docstrings():
    for name in NAMES:
        function = getattr(m, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            assert asyncio.iscoroutinefunction(function)
    assert str(inspect.signature(m.coro_sleep)) == "(seconds, result=0)"
    assert inspect.getdoc(m.coro_sleep).startswith("Sleeps, as a coroutine.") and m.coro_sleep.__module__ == "my_test_module"
    assert str(inspect.signature(m.Pump(1).add)) == "(strokes)" and m.Pump.add.__qualname__ == "Pump.add"


async def test_methods():
    async with m.Pump(2) as pump:
        assert isinstance(pump, m.Pump)
        assert await pump.add(1) == 3 and await asyncio.create_task(m.Pump.add(pump, strokes=1)) == 4
        assert [await anext(pump), await asyncio.create_task(pump.__anext__())] == [4, 3]
        assert [await pump.__anext__() for _ in range(2)] == [2, 1]
        await raises_later(StopAsyncIteration, pump.__anext__())
    made = await asyncio.create_task(m.Pump.make(1))
    assert await made.add(0) == 1


async def test_dotnet_awaits_it():
    assert await m.call_back(lambda i: m.coro_value(i), 10) == 45
    assert await m.coro_call_back(m.coro_value, 1, 2, 3) == 6
    assert await m.through(m.coro_sleep(0.001, 4)) == 4


async def test_many_at_once():
    values = await asyncio.gather(*(asyncio.create_task(m.coro_sleep(0.0001 * (i % 7), i)) for i in range(repetitions(5000))))
    assert values == list(range(len(values)))


if __name__ == "__main__":
    main(forks=True)
