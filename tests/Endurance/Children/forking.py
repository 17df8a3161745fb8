"""Plain Python that uses a module written in C#, and forks while work is in flight: python3 forking.py asyncio|uvloop SEED."""

import asyncio
import os
import random
import sys
import warnings

import my_test_module as m

MESSAGE = "this process was forked from one that runs .NET code"

# Python's own warnings about forks in processes with threads (3.12 and newer).
warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)

loop, seed = sys.argv[1:]
numbers = random.Random(int(seed))


def fork():
    """Forks a child that tries to call .NET, is refused, and ends."""
    pid = os.fork()
    if pid == 0:
        try:
            m.add(1)
        except RuntimeError as e:
            # At once, as multiprocessing does: with uvloop, the end of the loop would close descriptors of the parent.
            os._exit(7 if str(e).startswith(MESSAGE) else 8)
        os._exit(9)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code == 7, code


async def check(value, awaitable):
    assert await awaitable == value, value


async def main():
    for _ in range(numbers.randrange(2, 8)):
        work = []
        for i in range(numbers.randrange(1, 60)):
            way = numbers.randrange(3)
            work.append(check(i, m.yield_(i) if way == 0 else m.sleep(numbers.random() * 0.004, i) if way == 1 else m.value(i)))
        gathered = asyncio.gather(*work)
        for _ in range(numbers.randrange(1, 4)):
            for _ in range(numbers.randrange(4)):
                await asyncio.sleep(0)
            fork()
        await gathered
        fork()


def factory():
    if loop == "uvloop":
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


with asyncio.Runner(loop_factory=factory) as runner:
    runner.run(main())
assert m.add(41) == 42
print("forked")
