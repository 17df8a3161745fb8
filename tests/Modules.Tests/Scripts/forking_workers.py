"""Forked and spawned processes: children of a busy process, and those of multiprocessing."""

import asyncio
import gc
import multiprocessing
import sys

import my_test_module as m
from forks import assert_child_ends_well, refused
from support import child, main, needs, repetitions, run


def test_a_coroutine_that_dotnet_awaits_in_a_forked_child():
    async def main():
        tasks = []

        async def slow(i):
            tasks.append(asyncio.current_task())
            await asyncio.sleep(0.3)
            return i

        work = m.call_back(slow, 1)
        while not tasks:
            await asyncio.sleep(0.001)
        coroutine = tasks[0].get_coro()

        def body():
            assert repr(coroutine)
            gc.collect()

        assert_child_ends_well(body)
        assert await work == 0

    run(main())


#: The number of children that are forked during garbage collections.
EXITS = repetitions(300)


FORKS_WHILE_DOTNET_COLLECTS = f"""
import asyncio, os, sys, threading, time, warnings
warnings.simplefilter("ignore")
import my_test_module as m

def allocate():
    async def main():
        while not stop.is_set():
            await asyncio.gather(*[m.yield_(i) for i in range(200)])
    asyncio.run(main())

def fork():
    m.add(1)
    pid = os.fork()
    if pid == 0:
        sys.exit(7)
    deadline = time.monotonic() + 100
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            return "hung"
        time.sleep(0.0005)

stop = threading.Event()
threads = [threading.Thread(target=allocate) for _ in range(2)]
for thread in threads:
    thread.start()
outcomes = {{fork() for _ in range({EXITS})}}
stop.set()
for thread in threads:
    thread.join()
print(outcomes)
"""


def test_a_child_that_was_forked_while_dotnet_collects_ends():
    # Collections run all the time: a lock that their threads hold during a fork is never released in the child.
    assert child(FORKS_WHILE_DOTNET_COLLECTS, environment={"DOTNET_GCgen0size": "10000"}, timeout=600) == (0, "{7}\n", "")


def square(x):
    return x * x


def uses_module(x):
    return m.add(x)


async def sleep_in_child(x):
    return await m.sleep(0.01, x)


def awaits_module(x):
    return asyncio.run(sleep_in_child(x))


def refuses_module(x):
    return refused(lambda: m.add(x))


def test_multiprocessing_with_fork():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(square, range(10)) == [x * x for x in range(10)]
        assert pool.map(refuses_module, range(4)) == [True] * 4
    assert m.add(1) == 2


async def doubled(x):
    await asyncio.sleep(0.001)
    return 2 * x


def runs_a_loop(x):
    return asyncio.run(doubled(x))


def test_a_child_of_multiprocessing_that_a_task_has_forked_runs_loops():
    async def main():
        await m.sleep(0.001)
        with multiprocessing.get_context("fork").Pool(2) as pool:
            assert pool.map(runs_a_loop, range(10)) == [2 * x for x in range(10)]
            assert pool.map(refuses_module, range(4)) == [True] * 4
        assert await m.yield_(3) == 3

    run(main())


def test_multiprocessing_with_spawn():
    needs(sys.version_info < (3, 15) or not sys.flags.dev_mode, "Python 3.15 itself warns in a spawned process, which -X dev makes an error")
    if __name__ == "__main__":
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            assert pool.map(uses_module, range(4)) == [1, 2, 3, 4]
            assert pool.map(awaits_module, range(4)) == [0, 1, 2, 3]
            assert pool.map(m.add, range(4)) == [1, 2, 3, 4]


def test_a_separate_process():
    assert child("import my_test_module as m; print(m.add(41))") == (0, "42\n", "")


if __name__ == "__main__":
    main(forks=True)
