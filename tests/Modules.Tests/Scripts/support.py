"""The common code of the scripts. Each is run as `python3 script.py`, or `python3 script.py test_name`, with the module under test on the path."""

import asyncio
import faulthandler
import importlib.util
import logging
import os
import signal
import subprocess
import sys
import threading
import traceback

LOOP = os.environ.get("PYASYNC_TEST_LOOP") or "asyncio"
#: True if the module under test consists of assemblies that the installed .NET runs, not of a native library.
HOSTED = importlib.util.find_spec("my_test_module").origin.endswith("__init__.py")

#: A test that takes longer hangs: it prints its stacks, and ends.
TIMEOUT = float(os.environ.get("PYASYNC_TEST_TIMEOUT") or 600)


def repetitions(times):
    """Return the share of a number of repetitions that a shorter run sets, as the suite of the backends does."""
    return max(1, int(times * float(os.environ.get("PYASYNC_TEST_REPETITIONS") or 1)))


class Skip(Exception):
    """This test cannot be run here; the message has the reason."""


def needs(condition, reason):
    if not condition:
        raise Skip(reason)


def needs_python(minor, what):
    needs(sys.version_info >= (3, minor), f"{what} is there from Python 3.{minor} on")


def new_event_loop():
    if LOOP == "uvloop":
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


def run(main):
    """Call asyncio.run with the loop under test."""
    if LOOP == "asyncio":
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def raises(exception_type, function, *args, **kwargs):
    """Return the exception that a call raises."""
    try:
        result = function(*args, **kwargs)
    except exception_type as e:
        return e
    raise AssertionError(f"{exception_type.__name__} expected, but the call gave {result!r}")


async def raises_later(exception_type, awaitable):
    """Return the exception that an await raises."""
    try:
        result = await awaitable
    except exception_type as e:
        return e
    raise AssertionError(f"{exception_type.__name__} expected, but the await gave {result!r}")


async def until(condition, seconds=60):
    """Wait for a condition that other threads make true."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        assert loop.time() < deadline, "it did not come about in time"
        await asyncio.sleep(0.001)


def in_thread(function, *args):
    """Run a function in a separate thread and return its result."""
    outcome = []

    def body():
        try:
            outcome.append((True, function(*args)))
        except BaseException as e:
            outcome.append((False, e))

    thread = threading.Thread(target=body)
    thread.start()
    thread.join()
    ok, value = outcome[0]
    if not ok:
        raise value
    return value


def child(source, *, interrupt_when=None, signal_number=signal.SIGINT, timeout=240, environment=()):
    """Run source text in a separate Python. Returns (exit code, output, errors).

    interrupt_when: send the signal once the child has printed this.
    environment: variables that it has besides.
    """
    process = subprocess.Popen(
        [sys.executable, *flags(), "-c", source],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **dict(environment)},
        # A shell's background jobs ignore SIGINT, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if interrupt_when is not None:
        head = process.stdout.readline()
        assert head.strip() == interrupt_when, (head, process.stderr.read())
        process.send_signal(signal_number)
    output, errors = process.communicate(timeout=timeout)
    return process.returncode, output, errors


def flags():
    return ["-W", "error"]


def main(*, forks=False):
    """Run the tests that the command line names; all of them if it names none.

    The outcome of each is printed on a separate line: "passed", "skipped" or "failed", and its name. The reason follows on lines that are indented.
    """
    # A callback that is slow because the machine is busy does not concern the tests.
    logging.getLogger("asyncio").addFilter(lambda record: not record.msg.startswith("Executing "))
    tests = vars(sys.modules["__main__"])
    names = sys.argv[1:] or [name for name in tests if name.startswith("test_")]
    tell("running", " ".join(names))
    failed = False
    for name in names:
        if not forks:  # The watchdog is a thread, which a forked child would wait for at its end.
            faulthandler.dump_traceback_later(TIMEOUT, exit=True)
        try:
            result = tests[name]()
            if asyncio.iscoroutine(result):
                run(result)
            tell("passed", name)
        except Skip as reason:
            tell("skipped", name, str(reason))
        except SystemExit:
            raise  # A forked child that has finished.
        except BaseException:
            failed = True
            tell("failed", name, traceback.format_exc())
    faulthandler.cancel_dump_traceback_later()
    sys.exit(failed)


def tell(outcome, name, reason=""):
    # At once, because otherwise a forked child would print it again.
    print(f"{outcome} {name}", *("    " + line for line in reason.splitlines()), sep="\n", flush=True)
