"""Ctrl-C: as in plain Python, with a C# awaitable instead of a Python one."""

import sys

from support import LOOP, child, main, repetitions

# One line, which the tests indent.
RUN = {
    "asyncio": "asyncio.run(main())",
    "uvloop": "with asyncio.Runner(loop_factory=__import__('uvloop').new_event_loop) as runner: runner.run(main())",
}[LOOP]

RUNS = repetitions(1000)


def outcomes(body, module):
    source = f"import asyncio, sys, my_test_module as m\n{body.replace('SLEEP', module)}\n"
    code, output, errors = child(source, interrupt_when="ready")
    return code, output, errors.strip().splitlines()[-1:] or [""]


def assert_as_plain_python(body):
    plain, ours = outcomes(body, "asyncio.sleep"), outcomes(body, "m.sleep")
    assert ours == plain, (ours, plain)
    return plain


def test_a_run_is_interrupted():
    code, _, errors = assert_as_plain_python(
        "async def main():\n    print('ready', flush=True)\n    await SLEEP(30)\n" + RUN
    )
    assert errors == ["KeyboardInterrupt"] and code == -2


def test_a_run_is_interrupted_after_dotnet_has_used_the_terminal():
    code, output, errors = outcomes(
        "async def main():\n    m.write_to_console('ready')\n    await SLEEP(30)\n" + RUN, "m.sleep"
    )
    assert (code, output, errors) == (-2, "", ["KeyboardInterrupt"]), (code, output, errors)


def test_clean_up_runs():
    _, output, _ = assert_as_plain_python(
        "async def main():\n"
        "    try:\n"
        "        print('ready', flush=True)\n"
        "        await SLEEP(30)\n"
        "    finally:\n"
        "        await SLEEP(0.01)\n"
        "        print('cleaned up')\n" + RUN
    )
    assert output == "cleaned up\n"


def test_a_program_continues_after_an_interrupt_that_it_catches():
    _, output, _ = assert_as_plain_python(
        "async def main():\n    print('ready', flush=True)\n    await SLEEP(30)\n"
        f"try:\n    {RUN}\nexcept KeyboardInterrupt:\n    print('caught')\n"
        "async def again():\n    await SLEEP(0.01)\n    return 1\n"
        "print(asyncio.run(again()))\n"
    )
    assert output == "caught\n1\n"


def test_a_handler_of_the_loops():
    _, output, _ = assert_as_plain_python(
        "import signal\n"
        "async def main():\n"
        "    done = asyncio.Event()\n"
        "    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, done.set)\n"
        "    print('ready', flush=True)\n"
        "    other = asyncio.ensure_future(SLEEP(30))\n"
        "    await done.wait()\n"
        "    other.cancel()\n"
        "    print('handled')\n" + RUN
    )
    assert output == "handled\n"


def test_a_signal_that_a_thread_of_dotnet_was_given():
    # The main thread is not notified of it: it would wait for the second sleep's end.
    code, output, errors = child(
        "import asyncio, signal, time, my_test_module as m\n"
        "async def main():\n"
        "    await m.raise_signal_on_pool(signal.SIGINT)\n"
        "    await m.sleep(30)\n"
        "caught = longest = 0\n"
        f"for _ in range({RUNS}):\n"
        "    start = time.monotonic()\n"
        f"    try:\n        {RUN}\n    except KeyboardInterrupt:\n        caught += 1\n"
        "    longest = max(longest, time.monotonic() - start)\n"
        "print(caught, longest < 30)\n",
        timeout=600,
    )
    assert (code, output) == (0, f"{RUNS} True\n"), (code, output, errors)


def test_await_coro_is_interrupted():
    code, output, errors = child(
        "import asyncio, my_test_module as m\n"
        "async def coro():\n"
        "    print('ready', flush=True)\n"
        "    try:\n"
        "        await asyncio.sleep(30)\n"
        "    finally:\n"
        "        print('ended')\n"
        "try:\n    m.await_coro(coro())\nexcept KeyboardInterrupt:\n    print('caught')\n",
        interrupt_when="ready",
    )
    assert code == 0 and "caught" in output, (code, output, errors)


def test_the_default_action_of_another_signal():
    import signal

    code, _, _ = child(
        "import asyncio, my_test_module as m\n"
        "async def main():\n    print('ready', flush=True)\n    await m.sleep(30)\n" + RUN,
        interrupt_when="ready",
        signal_number=signal.SIGTERM,
    )
    assert code == -signal.SIGTERM


def test_handlers_are_left_alone():
    code, output, errors = child(
        "import signal\n"
        "before = [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)]\n"
        "import my_test_module as m\n"
        "import asyncio\n"
        "async def main():\n    await m.sleep(0.01)\n"
        "asyncio.run(main())\n"
        "print(before == [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD)])\n"
    )
    assert (code, output, errors) == (0, "True\n", ""), errors
    assert sys.platform != "win32"


main()
