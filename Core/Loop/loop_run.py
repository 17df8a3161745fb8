"""Runs and ends an event loop.

uvloop in debug mode notes the Python frame that makes a handle, and fails where there is none: hence functions even for single calls.
"""

import asyncio
import collections
import contextvars
import inspect
import itertools
import threading

ASYNCHRONOUS = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE | inspect.CO_ASYNC_GENERATOR

abandoned = []

#: What a loop calls with a pyasync.Drain. A function of CPython's own, so that no Python code of ours is in between.
consume = collections.deque(maxlen=0).extend

#: What a drain gives if nothing is left to be called.
nothing = iter(())


def run_forever(loop):
    loop.run_forever()


def add_reader(loop, descriptor, drain):
    loop.add_reader(descriptor, consume, drain)


def run_in_contexts(callbacks):
    """What makes, when it is consumed, each call of (context, callback, argument)."""
    return itertools.starmap(contextvars.Context.run, callbacks)


def create_task(loop, coroutine):
    return loop.create_task(coroutine)


def run_until_complete(loop, task):
    while True:
        try:
            return loop.run_until_complete(task)
        except RuntimeError:
            # A stop that an exception has overtaken is still in uvloop's queue, and ends the run after the one that it was for.
            if task.done() or loop.is_closed() or loop.is_running():
                raise


def has_awaiter(error):
    """Whether an exception that came out of the loop was raised in a coroutine, so that whoever awaits that gets it too."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_flags & ASYNCHRONOUS:
            return True
        traceback = traceback.tb_next
    return False


async def end(work, awaited, timeout, settle):
    """Cancel what still runs and wait for it.

    work: futures of .NET work, which has been asked to end. awaited: what .NET awaits, whose failures it sees. settle: ends .NET's side of
    whatever is late, and the futures that tasks await.
    Returns descriptions of what did not end in time.
    """
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not me]
    for task in tasks:
        task.cancel("the runtime is ending")
    seen = {id(item) for item in awaited}  # They may be anybody's, and not be hashable.
    late = set()
    if tasks or work:
        _, late = await asyncio.wait([*tasks, *work], timeout=timeout)
    for task in tasks:
        if task.done() and id(task) not in seen and not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {
                    "message": "unhandled exception while the runtime was ending",
                    "exception": task.exception(),
                    "task": task,
                }
            )
    descriptions = [repr(item) for item in late]
    loop.call_soon(settle)  # Not from within this task: it wakes others.
    for _ in range(3):
        await asyncio.sleep(0)  # Tasks whose futures were settled have their last turns.
    return descriptions


async def end_generators():
    await asyncio.get_running_loop().shutdown_asyncgens()


async def end_executor(timeout):
    """Wait for the threads of run_in_executor. Returns whether they ended in time.

    Not by shutdown_default_executor alone: before 3.12, and on uvloop, it has no time-out, and waits even when it is cancelled.
    """
    loop = asyncio.get_running_loop()
    executor = getattr(loop, "_default_executor", None)
    if executor is None:  # there is none, or it is uvloop's, which hides it
        ending = loop.create_task(loop.shutdown_default_executor())
    else:
        loop._default_executor = None
        await loop.shutdown_default_executor()  # refuses what comes now
        ending = join(loop, executor)
    _, late = await asyncio.wait([ending], timeout=timeout)
    if late:
        ending._log_destroy_pending = False
        abandoned.append(ending)  # uvloop's, when collected, would wait after all
    return not late


def join(loop, executor):
    """End an executor. Returns a future that is done when its threads have ended."""
    ended = loop.create_future()

    def wait():
        executor.shutdown(wait=True)
        try:
            loop.call_soon_threadsafe(ended.set_result, None)
        except RuntimeError:
            pass  # Too late: the loop is closed.

    threading.Thread(target=wait, name="pyasync executor end", daemon=True).start()
    return ended
