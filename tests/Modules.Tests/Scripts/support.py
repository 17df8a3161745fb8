"""The common code of the scripts. Each is run as `python3 script.py`, or `python3 script.py test_name`, with the module under test on the path."""

import asyncio
import faulthandler
import importlib.util
import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
import traceback

# A callback that is slow because the machine is busy does not concern the tests; here, since worker processes import this module too.
logging.getLogger("asyncio").addFilter(lambda record: not record.msg.startswith("Executing "))

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


gates = itertools.count(1_000_000)


def pending(result=0):
    """Return a future of C# work that has not ended, and a function that ends it. A short sleep may have ended when its call returns: the machine may be busy."""
    number = next(gates)
    return module_under_test().gate(number), lambda: module_under_test().open_gate(number, result)


def module_under_test():
    import my_test_module  # Not at once: some scripts import it in their children only.

    return my_test_module


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
    timeout: a child that takes longer hangs. It prints its stacks and is killed with its children; the error has what it has printed.
    environment: variables that it has besides.
    """
    process = subprocess.Popen(
        [sys.executable, *flags(), "-c", PRINTS_STACKS + source],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **dict(environment)},
        # A shell's background jobs ignore SIGINT, and so would their children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        start_new_session=True,  # The process group of the child and its children.
    )
    states = []
    watchdog = threading.Timer(timeout, end_hung, (process, states))
    watchdog.start()
    head = ""
    try:
        if interrupt_when is not None:
            head = process.stdout.readline()
            if head.strip() == interrupt_when:
                process.send_signal(signal_number)
            elif head:
                kill_group(process)
        output, errors = process.communicate()
    except BaseException:
        kill_group(process)
        raise
    finally:
        watchdog.cancel()
        watchdog.join()
    if states:
        raise AssertionError(f"The child did not end within {timeout} s.\n{states[0]}\nIts output:\n{head}{output}\nIts errors, with its stacks:\n{errors}")
    if interrupt_when is not None and head.strip() != interrupt_when:
        raise AssertionError(f"The child printed {head!r} instead of {interrupt_when!r} and ended with {process.returncode}.\n{output}\n{errors}")
    return process.returncode, output, errors


#: The first line of a child's source. The handler is written in C, so that it needs no GIL; the signal's default action then ends the process.
PRINTS_STACKS = "__import__('faulthandler').register(__import__('signal').SIGUSR2, all_threads=True, chain=True)\n"


def end_hung(process, states):
    """Let a child print its stacks and end, and kill its children, so that its pipes close."""
    states.append(states_of_threads(process.pid))
    process.send_signal(signal.SIGUSR2)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        pass
    kill_group(process)


def kill_group(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def states_of_threads(pid):
    """Return a line for each thread of a process: its name, its state, and the function of the kernel in which it waits."""
    lines = []
    try:
        for thread in sorted(os.listdir(f"/proc/{pid}/task"), key=int):
            texts = []
            for file in ["comm", "stat", "wchan"]:
                with open(f"/proc/{pid}/task/{thread}/{file}") as stream:
                    texts.append(stream.read().strip())
            name, stat, waits_in = texts
            lines.append(f"thread {thread} {name}: {stat.rpartition(')')[2].split()[0]} {waits_in}")
    except OSError as e:  # It has ended, or this system has no such files.
        lines.append(str(e))
    return "\n".join(lines)


def flags():
    return ["-W", "error"]


def main(*, forks=False):
    """Run the tests that the command line names; all of them if it names none.

    The outcome of each is printed on a separate line: "passed", "skipped" or "failed", and its name. The reason follows on lines that are indented.
    """
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
