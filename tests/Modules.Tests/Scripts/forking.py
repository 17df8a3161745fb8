"""Forked processes."""

import asyncio
import gc
import os
import signal
import time

import my_test_module as m
from forks import MESSAGE, assert_child_ends_well, refused
from my_test_module import add
from support import child, main, repetitions, run


def test_a_forked_child_is_refused_and_ends_well():
    def body():
        assert refused(lambda: m.add(1))
        assert refused(lambda: add(1))
        assert refused(m.noop)
        assert refused(lambda: m.Counter(1))
        assert repr(m.add)
        gc.collect()

    assert_child_ends_well(body)
    assert m.add(1) == 2


def test_memory_of_csharp_can_be_read_in_a_child_and_is_not_released_there():
    view = m.new_memory(3)
    view[1] = 5
    exporter = view.obj
    before = m.memories()

    def body():
        nonlocal view, exporter
        assert view.tolist() == [0, 5, 0] and view[1:].tolist() == [5, 0]
        view[1] = 6
        for call in (lambda: memoryview(exporter), lambda: bytes(exporter)):
            try:
                call()
                raise AssertionError("C# code has run")
            except (RuntimeError, TypeError):
                pass
        assert refused(lambda: m.new_memory(1))
        del view, exporter
        gc.collect()

    assert_child_ends_well(body)
    assert view.tolist() == [0, 5, 0] and m.memories() == before
    assert memoryview(exporter).tolist() == [0, 5, 0]


def test_what_was_there_before_the_fork_is_refused():
    counter = m.Counter(1)
    method = counter.next

    async def main():
        future = m.sleep(0.2)
        done = future.done
        iterator = iter(future)

        def body():
            nonlocal counter, method
            assert refused(lambda: counter.value)
            assert refused(method)
            assert refused(counter.next)
            assert refused(future.result)
            assert not future.done() and future.cancel() and future.cancelled() and future.done()
            assert refused(lambda: future.add_done_callback(print))
            assert refused(lambda: future._state)
            assert asyncio.isfuture(future) and future.__class__ is type(future)
            assert refused(lambda: iter(future)) and refused(future.__await__)
            assert refused(lambda: iterator.send(None)) and refused(lambda: next(iterator))
            iterator.close()
            try:
                done()
                raise AssertionError("a bound method still runs")
            except TypeError:
                pass
            del counter, method
            gc.collect()

        assert_child_ends_well(body)
        await future

    run(main())


def test_awaiting_in_a_forked_child_is_refused():
    async def main():
        future = m.sleep(0.2)

        def body():
            async def child():
                for awaitable in [lambda: m.sleep(1), lambda: future]:
                    try:
                        await awaitable()
                        raise AssertionError("it gave a result")
                    except RuntimeError as e:
                        assert str(e).startswith(MESSAGE)
                await asyncio.sleep(0.01)

            # The running loop belongs to the parent.
            import threading

            failures = []
            thread = threading.Thread(target=lambda: failures.extend(outcome(child)))
            thread.start()
            thread.join()
            assert failures == [], failures

        assert_child_ends_well(body)
        await future

    def outcome(child):
        try:
            run(child())
            return []
        except BaseException as e:
            return [e]

    run(main())


def test_a_signal_for_a_forked_child_ends_the_child_alone():
    m.write_to_console("")  # .NET then handles signals; it would get the child's through a pipe that the child shares.
    for number, expected in [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGQUIT, -signal.SIGQUIT), (signal.SIGINT, 7)]:
        here, there = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.write(there, b"!")
                for _ in range(3000):
                    time.sleep(0.01)  # A signal that comes just before a sleep is handled after it, also without the module.
            except KeyboardInterrupt:
                os._exit(7)
            os._exit(98)  # No signal came, or the caller has it ignored.
        os.read(here, 1)
        os.kill(pid, number)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == expected
        os.close(here)
        os.close(there)
    assert m.add(1) == 2


def test_a_hundred_forks_while_work_is_in_flight():
    async def main():
        work = [m.sleep(0.0005 * (i % 40)) for i in range(2000)]
        for _ in range(repetitions(100)):
            assert_child_ends_well(gc.collect)
            await asyncio.sleep(0)
        await asyncio.gather(*work)
        assert await m.yield_(3) == 3

    run(main())


def test_forks_in_a_task_that_dotnet_has_woken():
    async def main():
        for _ in range(repetitions(20)):
            await m.sleep(0.001)
            assert_child_ends_well(gc.collect)
            await m.yield_(1)
            assert_child_ends_well(gc.collect)
        items = m.count(3)
        async for _ in items:
            assert_child_ends_well(gc.collect)
        await asyncio.gather(*(m.sleep(0.001) for _ in range(100)))
        assert_child_ends_well(gc.collect)

    run(main())


def test_forks_in_code_that_dotnet_has_called():
    def function(i):
        assert_child_ends_well(gc.collect)
        return i

    async def coroutine(i):
        assert_child_ends_well(gc.collect)
        await asyncio.sleep(0.001)
        assert_child_ends_well(gc.collect)
        return i

    async def main():
        n = max(3, repetitions(10))
        assert await m.call_back(function, n) == n * (n - 1) // 2
        assert await m.call_back(coroutine, n) == n * (n - 1) // 2
        assert await m.yield_(3) == 3

    run(main())


def test_a_task_that_forks_ends_in_the_child_whichever_module_was_imported_first():
    for imports in ["import asyncio, my_test_module as m", "import my_test_module as m; m.noop; import os; os.waitpid(os.fork() or os._exit(0), 0); import asyncio"]:
        code, output, errors = child(
            "import warnings\n"
            "warnings.simplefilter('ignore')\n"
            f"{imports}\n"
            "import os, sys\n"
            "async def forks():\n"
            "    await m.sleep(0.001)\n"
            "    pid = os.fork()\n"
            "    if pid == 0:\n"
            "        sys.exit(7)\n"
            "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
            "async def main():\n"
            "    return [await forks(), await asyncio.create_task(forks()), await asyncio.gather(forks(), forks())]\n"
            "print(asyncio.run(main()))\n"
        )
        assert (code, output, errors) == (0, "[7, 7, [7, 7]]\n", ""), (imports, code, output, errors)


def test_a_child_that_comes_back_to_dotnet_says_so_and_ends():
    code, output, errors = child(
        "import asyncio, os, warnings, my_test_module as m\n"
        "warnings.simplefilter('ignore')\n"
        "def fork(i):\n"
        "    pid = os.fork()\n"
        "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid else i\n"
        "async def main():\n"
        "    return await m.call_back(fork, 1)\n"
        "print(asyncio.run(main()))\n"
    )
    assert (code, output) == (0, "1\n") and errors.count(MESSAGE) == 1, (code, output, errors)


def test_a_child_may_continue_the_work_of_its_parent():
    # The task whose awaitable never completes is cancelled, as at the end of any run.
    code, output, errors = child(
        "import asyncio, os, warnings, my_test_module as m\n"
        "warnings.simplefilter('ignore')\n"
        "async def wait():\n"
        "    await m.sleep(0.3)\n"
        "async def main():\n"
        "    other = asyncio.ensure_future(m.call_back(m.sleep, 1))\n"
        "    waiting = asyncio.create_task(wait())\n"
        "    await m.sleep(0.01)\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        return 'child'\n"
        "    assert os.waitpid(pid, 0)[1] == 0\n"
        "    await asyncio.gather(waiting, other)\n"
        "    return 'parent'\n"
        "print(asyncio.run(main()), flush=True)\n"
    )
    assert (code, output, errors) == (0, "child\nparent\n", ""), (code, output, errors)


def test_a_child_has_the_wake_ups_that_its_parent_has_not_made_yet():
    # Both futures have ended when the loop looks, and the task that is woken first forks: in the child the other one waits for a future that is done.
    code, output, errors = child(
        "import asyncio, os, time, warnings, my_test_module as m\n"
        "warnings.simplefilter('ignore')\n"
        "async def wait(future):\n"
        "    await future\n"
        "async def forks(future):\n"
        "    await future\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        raise SystemExit(7)\n"
        "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
        "async def main():\n"
        "    first, second = m.gate(1), m.gate(2)\n"
        "    tasks = [asyncio.create_task(forks(first)), asyncio.create_task(wait(second))]\n"
        "    await asyncio.sleep(0)\n"
        "    m.open_gate(1)\n"
        "    m.open_gate(2)\n"
        "    time.sleep(0.5)\n"
        "    return await asyncio.gather(*tasks)\n"
        "print(asyncio.run(main()), flush=True)\n"
    )
    assert (code, output, errors) == (0, "[7, None]\n", ""), (code, output, errors)


if __name__ == "__main__":
    main(forks=True)
