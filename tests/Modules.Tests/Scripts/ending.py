"""The end of the process, with work in flight."""

import faulthandler
import os
import sys
import time

from support import HOSTED, child, main, repetitions

#: The number of exits. Fewer for the hosted form, whose start takes longest.
EXITS = repetitions(100 if HOSTED else 1000)

# The module is not imported here: each child imports it for itself, and then ends as any Python does.


def test_exits_with_work_in_flight():
    import asyncio  # Before the fork, so that the children are cheap.
    import threading

    def once(i):
        import my_test_module as m

        async def work():
            futures = [m.sleep(0.0002 * (j % 20)) for j in range(30)] + [m.stubborn_sleep(30), m.count_cancel(), m.fail_later("late")]

            async def back(n):
                return 1

            futures += [m.call_back(back, 1000), m.call_back(back, 1000)]
            await asyncio.sleep(0.0005 * (i % 5))
            return futures

        asyncio.run(work())
        if i % 7 == 0:
            threading.Thread(target=lambda: asyncio.run(work()), daemon=True).start()
            time.sleep(0.001)

    workers = 2
    pids = []
    for worker in range(workers):
        pid = os.fork()
        if pid:
            pids.append(pid)
            continue
        for i in range(worker, EXITS, workers):
            pid = os.fork()
            if pid == 0:
                # Failures that no code retrieves are reported at any time and ignored here; a crash must be visible.
                faulthandler.enable(os.dup(2))
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                once(i)
                sys.exit()  # Ends as any Python does: exit handlers, finalisation, exit().
            status = wait(pid, 30)
            if status != 0:
                print(f"exit {i} of {EXITS}: status {status}", flush=True)
                os._exit(1)
        os._exit(0)
    assert [wait(pid, 600) for pid in pids] == [0] * workers


def wait(pid, seconds):
    """The status of a child; it is killed when it takes too long."""
    deadline = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > deadline:
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            return "hung"
        time.sleep(0.0005)


def test_an_exit_from_the_middle():
    code, output, errors = child(
        "import asyncio, sys, my_test_module as m\n"
        "async def main():\n"
        "    f = m.stubborn_sleep(30)\n"
        "    await m.sleep(0.01)\n"
        "    sys.exit(3)\n"
        "asyncio.run(main())\n"
    )
    assert (code, output, errors) == (3, "", "")


def test_an_exit_after_await_coro():
    code, output, errors = child(
        "import asyncio, my_test_module as m\n"
        "async def one():\n"
        "    await asyncio.sleep(0.01)\n"
        "    return 1\n"
        "print(m.await_coro(one()))\n"
    )
    assert (code, output, errors) == (0, "1\n", "")


def test_an_exit_while_a_thread_runs_a_loop():
    code, output, errors = child(
        "import asyncio, threading, my_test_module as m\n"
        "started = threading.Event()\n"
        "async def main():\n"
        "    started.set()\n"
        "    while True:\n"
        "        await m.yield_(1)\n"
        "threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()\n"
        "started.wait()\n"
    )
    assert (code, output) == (0, ""), errors


def test_used_in_an_exit_handler():
    code, output, errors = child(
        "import asyncio, atexit\n"
        "async def late():\n"
        "    return await m.sleep(0.01, 5)\n"
        "atexit.register(lambda: print(m.add(1), asyncio.run(late())))\n"
        "import my_test_module as m\n"
        "atexit.register(lambda: print(m.add(2), asyncio.run(late())))\n"
    )
    assert (code, output, errors) == (0, "3 5\n2 5\n", "")


def test_an_unhandled_exception():
    code, output, errors = child("import asyncio, my_test_module as m\nm.fail('unhandled')\n")
    assert code == 1 and "ValueError: unhandled" in errors


main(forks=True)
