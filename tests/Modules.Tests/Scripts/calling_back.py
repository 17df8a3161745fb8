"""C# that calls Python and awaits it; the guide's await_coro."""

import asyncio
import contextvars
import gc
import logging
import threading
import time

import my_test_module as m
from support import main, raises, run

variable = contextvars.ContextVar("variable", default="unset")


async def py_sleep():
    await asyncio.sleep(0.01)
    return 7


async def test_call_back():
    async def double(i):
        await asyncio.sleep(0)
        return 2 * i

    assert await m.call_back(double, 100) == 9900


async def test_many_at_once():
    async def one(i):
        await asyncio.sleep(0)
        return 1

    assert sum(await asyncio.gather(*(m.call_back(one, 10) for _ in range(200)))) == 2000


async def test_the_coroutine_runs_on_the_loop_that_called():
    threads = set()

    async def note(i):
        threads.add(threading.get_ident())
        assert asyncio.get_running_loop() is loop
        return 0

    loop = asyncio.get_running_loop()
    await m.call_back(note, 10)
    assert threads == {threading.get_ident()}


async def test_context_variables_are_those_of_the_call():
    seen = []

    async def note(i):
        seen.append(variable.get())
        variable.set("inner")  # Stays inside.
        await asyncio.sleep(0)
        return 0

    async def in_context(value):
        variable.set(value)
        await m.call_back(note, 2)
        assert variable.get() == value

    await asyncio.gather(in_context("a"), in_context("b"))
    assert sorted(seen) == ["a", "a", "b", "b"]
    await m.call_back(note, 1)
    assert seen[-1] == "unset"


async def test_deep_reentry():
    async def down(i, depth=0):
        if depth == 50:
            return 1
        return await m.call_back(lambda _: down(i, depth + 1), 1)

    assert await down(0) == 1


async def test_the_context_of_the_call():
    assert m.is_on_loop(asyncio.get_running_loop())
    assert str(await asyncio.get_running_loop().run_in_executor(None, lambda: raises(RuntimeError, m.is_on_loop, None))).startswith("There is no event loop")


async def test_what_a_synchronous_function_starts_belongs_to_the_loop_that_called():
    m.keep_runtime()
    await starts_here(m.start_call_back)
    await starts_here(lambda where, done: m.make_callback(where, done)())


def test_what_a_synchronous_function_starts_follows_each_run():
    m.keep_runtime()
    for _ in range(3):
        run(starts_here(m.start_call_back))
        run(starts_here(lambda where, done: m.make_callback(where, done)()))
        assert m.await_coro(py_sleep()) == 7


def test_where_no_loop_runs_nothing_belongs_to_one():
    m.keep_runtime()
    reports = []
    done = threading.Event()

    def tell(outcome):
        reports.append(outcome)
        done.set()

    async def never():
        return "called"

    async def main():
        await asyncio.to_thread(m.start_call_back, never, tell)
        await asyncio.to_thread(done.wait)

    run(main())
    assert reports[0].startswith("There is no event loop to use"), reports


async def starts_here(start):
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    async def where():
        return str(asyncio.get_running_loop() is loop) + variable.get()

    variable.set(" mine")
    start(where, lambda outcome: loop.call_soon_threadsafe(done.set_result, outcome))
    assert await done == "True mine"


def test_await_coro():
    assert m.await_coro(py_sleep()) == 7
    assert m.await_coro(py_sleep()) == 7


def test_await_coro_of_a_callable():
    assert m.await_callable(py_sleep) == 7


def test_await_coro_gives_the_coroutines_failure():
    async def fail():
        raise KeyError("k")

    assert raises(KeyError, m.await_coro, fail()).args == ("k",)


def test_the_same_coroutine_twice():
    coroutine = py_sleep()
    assert m.await_coro(coroutine) == 7
    assert str(raises(RuntimeError, m.await_coro, coroutine)) == "cannot reuse already awaited coroutine"


def test_await_coro_after_and_before_a_run():
    async def main():
        return await m.yield_(1)

    assert run(main()) == 1
    assert m.await_coro(py_sleep()) == 7
    assert run(main()) == 1


async def test_await_coro_inside_a_running_loop_is_refused():
    coroutine = py_sleep()
    error = raises(RuntimeError, m.await_coro, coroutine)
    assert "An event loop runs on this thread already" in str(error)
    assert await coroutine == 7


async def test_not_awaitable():
    assert "cannot be awaited" in str(await asyncio.get_running_loop().run_in_executor(None, lambda: raises(TypeError, m.await_coro, 5)))


async def test_blocking_the_loops_thread_is_refused():
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = 10

    async def one(i):
        return 1

    assert "has blocked it for" in str(raises(RuntimeError, m.block_on, one))
    await asyncio.sleep(0.05)


def test_a_late_call_back_leaves_nothing_to_warn_of():
    reports = []

    async def back(i):
        await asyncio.sleep(30)

    async def main():
        # The end of the run waits for it, and C# calls back meanwhile.
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.2)
        return m.call_back(back, 1)

    listener = logging.Handler()
    listener.emit = lambda record: reports.append(record.getMessage())
    logging.getLogger("asyncio").addHandler(listener)
    try:
        assert run(main()).cancelled()
        gc.collect()
    finally:
        logging.getLogger("asyncio").removeHandler(listener)
    assert [message for message in reports if not message.startswith("Executing ")] == []


main()
