"""Awaiting C# from Python: loops in turn, in several threads, closed and nested."""

import asyncio
import gc
import importlib.util
import os
import sys
import threading
import time
import weakref

import my_test_module as m
from support import HOSTED, in_thread, main, needs, new_event_loop, raises, repetitions, run


def test_no_running_loop():
    for call in [m.noop, lambda: m.sleep(1), m.scheduled_noop, lambda: anext(m.count(1))]:
        assert str(raises(RuntimeError, call)) == "no running event loop"


def test_the_guides_work_around():
    # Called before the loop runs: the error of asyncio itself. Called by a coroutine: it works.
    assert str(raises(RuntimeError, lambda: asyncio.run(m.sleep(0.01)))) == "no running event loop"

    async def main():
        await m.sleep(0.01)

    run(main())


def test_run_twice_in_a_row():
    async def main():
        return await asyncio.gather(m.sleep(0.01, 1), m.yield_(2))

    for _ in range(3):
        assert run(main()) == [1, 2]


def test_several_loops_in_several_threads():
    async def main():
        for i in range(50):
            assert await asyncio.gather(m.yield_(i), m.sleep(0.001, i), asyncio.sleep(0, i)) == [i, i, i]
        return "done"

    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(run(main()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["done"] * 8


def test_a_loop_whose_class_knows_no_task_factory_makes_its_tasks_itself():
    base = type(new_event_loop_that_is_closed())

    class Loop(base):
        created = 0

        def get_task_factory(self):
            raise NotImplementedError

        def create_task(self, coroutine, **kwargs):
            self.created += coroutine.__name__ == "number"
            return super().create_task(coroutine, **kwargs)

    async def number(i):
        return i

    async def call():
        return await m.call_back(number, 3)

    loop = Loop()
    try:
        for _ in range(2):
            assert loop.run_until_complete(call()) == 3
        assert loop.created == 6
    finally:
        loop.close()


def new_event_loop_that_is_closed():
    loop = new_event_loop()
    loop.close()
    return loop


def test_loops_that_take_turns_on_one_thread():
    loops = [new_event_loop() for _ in range(3)]

    async def main(i):
        return await m.sleep(0.001, i)

    for _ in range(5):
        assert [loop.run_until_complete(main(i)) for i, loop in enumerate(loops)] == [0, 1, 2]
    for loop in loops:
        loop.close()


def test_a_loop_that_closes_settles_what_is_in_flight():
    loop = new_event_loop()
    futures = []

    async def main():
        futures.append(m.sleep(30))
        futures.append(m.stubborn_sleep(1))
        await m.yield_(1)

    loop.run_until_complete(main())
    loop.close()
    assert all(future.cancelled() for future in futures)
    time.sleep(1.2)  # A late completion finds the loop gone.

    async def again():
        return await m.yield_(2)

    assert run(again()) == 2


def test_what_is_done_keeps_neither_itself_nor_its_loop_alive():
    done = []

    async def main():
        loop = asyncio.get_running_loop()
        for future in [m.noop(), m.value(7), m.noop()]:
            assert future.get_loop() is loop
            assert asyncio.wrap_future(future) is future
            assert (await asyncio.wait([future]))[0] == {future}
            done.append(future)
        loop.mark = m.noop()  # A cycle, if it held the loop.
        return weakref.ref(loop), weakref.ref(loop.mark)

    loop, mark = run(main())
    gc.collect()
    assert loop() is None and mark() is None
    assert [future.result() for future in done] == [None, 7, None]
    for use in [done[0].get_loop, lambda: done[0].add_done_callback(print)]:
        assert "gone" in str(raises(RuntimeError, use))


def test_thousands_of_runs_leave_the_descriptors_alone():
    async def main():
        return await m.yield_(1)

    def count():
        return len(os.listdir("/proc/self/fd"))

    runs = repetitions(1_000 if HOSTED else 10_000)
    run(main())
    before = count()
    for _ in range(runs):
        run(main())
    gc.collect()
    assert count() < before + 10, (before, count())  # .NET opens a file now and then.


def test_a_thread_without_a_loop_uses_synchronous_functions():
    assert in_thread(m.add, 1) == 2
    assert str(in_thread(lambda: raises(RuntimeError, m.noop))) == "no running event loop"


NESTED = """
import asyncio
import nest_asyncio
nest_asyncio.apply()
import my_test_module as m

async def inner():
    await m.sleep(0.001)
    return 3

async def main():
    await m.sleep(0.001)
    return [asyncio.run(inner()) for _ in range(100)]

async def other():
    await m.sleep(0.002)
    return 1

async def both():
    return await asyncio.gather(main(), other(), other())

assert asyncio.run(both()) == [[3] * 100, 1, 1]
"""


async def test_a_loop_that_runs_within_a_callback_does_what_CSharp_completes():
    needs(importlib.util.find_spec("nest_asyncio"), "nest_asyncio is not installed")
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", NESTED)
    try:
        assert await asyncio.wait_for(process.wait(), 60) == 0
    except asyncio.TimeoutError:
        process.kill()
        raise


main()
