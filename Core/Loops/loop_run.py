"""Runs and ends an event loop.

uvloop in debug mode records the Python frame that makes a handle, and fails if there is none: hence functions even for single calls.
"""

import asyncio
import collections
import concurrent.futures
import contextvars
import inspect
import itertools
import threading
import weakref

ASYNCHRONOUS = inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE | inspect.CO_ASYNC_GENERATOR

abandoned = []

#: The default executors of loops that hide them.
executors = weakref.WeakKeyDictionary()

#: The function that a loop calls with a pyasync.Drain. It is built in, so that no Python code of the bridge runs in between.
consume = collections.deque(maxlen=0).extend

#: The value that a drain returns if no callback is left to be called.
nothing = iter(())


def run_forever(loop):
    loop.run_forever()


def add_reader(loop, descriptor, drain):
    loop.add_reader(descriptor, consume, drain)


def run_in_contexts(callbacks):
    """Return an iterator that makes each call of (context, callback, argument) when it is consumed."""
    return itertools.starmap(contextvars.Context.run, callbacks)


def create_task(loop, coroutine):
    return loop.create_task(coroutine)


def run_until_complete(loop, task):
    while True:
        try:
            return loop.run_until_complete(task)
        except RuntimeError:
            # uvloop: if an exception ended the run first, the stop is still queued, and ends the next run too.
            if task.done() or loop.is_closed() or loop.is_running():
                raise


def has_awaiter(error):
    """Return True if an exception that came out of the loop was raised in a coroutine, whose awaiter then gets it too."""
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_flags & ASYNCHRONOUS:
            return True
        traceback = traceback.tb_next
    return False


async def end(work, awaited, cancelled, timeout, cut_short, settle):
    """Cancel the running tasks and wait for them.

    work: futures of .NET work, whose cancellation was requested. awaited: the objects that .NET awaits, whose failures it sees. cancelled: those that
    tokens have cancelled already. cut_short: is done when there is no more time. settle: ends .NET's side of late work, and the futures that tasks await.
    Returns descriptions of the tasks that did not end in time.
    """
    loop = asyncio.get_running_loop()
    me = asyncio.current_task()
    tasks = [task for task in asyncio.all_tasks() if task is not me]
    requested = {id(item) for item in cancelled}
    for task in tasks:
        if id(task) not in requested:  # A second request would interrupt the clean-up.
            task.cancel("the runtime is ending")
    seen = {id(item) for item in awaited}  # Objects of other code may not be hashable.
    if tasks or work:
        await wait([*tasks, *work], timeout, cut_short)
    for task in tasks:
        if task.done() and id(task) not in seen and not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {
                    "message": "unhandled exception while the runtime was ending",
                    "exception": task.exception(),
                    "task": task,
                }
            )
    late = [task for task in tasks if not task.done()]
    descriptions = [repr(task) for task in late]
    for task in late:
        task._log_destroy_pending = False  # The tasks are reported here.
    loop.call_soon(settle)  # Not in this task's step: settling wakes other tasks.
    for _ in range(4):
        await asyncio.sleep(0)  # Tasks whose futures were settled have their last turns.
    return descriptions


async def wait(items, timeout, cut_short):
    """Wait for all items, until the time is over or is cut short. One waiter for all, so that the cost of a turn does not grow."""
    waiter = asyncio.ensure_future(asyncio.wait(items, timeout=timeout))
    await asyncio.wait([waiter, cut_short], return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()
    await asyncio.wait([waiter])


def finish(future):
    if not future.done():
        future.set_result(None)


def describe_tasks(loop):
    """Describe the tasks of a loop that runs in another thread."""
    return [repr(task) for task in asyncio.all_tasks(loop)]


async def end_generators(timeout, cut_short):
    """End the asynchronous generators. Returns whether their clean-up ended in time."""
    ending = asyncio.ensure_future(asyncio.get_running_loop().shutdown_asyncgens())
    await wait([ending], timeout, cut_short)
    in_time = ending.done()
    if not in_time:
        ending.cancel()
        await asyncio.wait([ending], timeout=0)
        ending._log_destroy_pending = False
        abandoned.append(ending)
    return in_time


def give_executor(loop):
    """Give a default executor to a loop that would hide its own, as uvloop does."""
    if hasattr(loop, "_default_executor"):
        return
    executor = concurrent.futures.ThreadPoolExecutor(thread_name_prefix="asyncio")
    try:
        loop.set_default_executor(executor)
    except (AttributeError, NotImplementedError):
        return  # It has none.
    executors[loop] = executor


async def end_executor(timeout, cut_short):
    """Wait for the threads of run_in_executor. Returns whether they ended in time.

    shutdown_default_executor alone does not suffice: before 3.12, and on uvloop, it has no time-out, and waits even when it is cancelled.
    """
    loop = asyncio.get_running_loop()
    hidden = executors.pop(loop, None)
    if hidden is not None and not await ended_in_time(join(loop, hidden), timeout, cut_short):
        return False  # uvloop's own waiter would report that the loop is closed.
    executor = getattr(loop, "_default_executor", None)
    if executor is None:  # no executor, or one that the program has given to uvloop
        ending = loop.create_task(loop.shutdown_default_executor())
    else:
        loop._default_executor = None
        await loop.shutdown_default_executor()  # the loop refuses further calls
        ending = join(loop, executor)
    return await ended_in_time(ending, timeout, cut_short)


async def ended_in_time(ending, timeout, cut_short):
    await wait([ending], timeout, cut_short)
    in_time = ending.done()
    if not in_time:
        ending._log_destroy_pending = False
        abandoned.append(ending)  # uvloop's executor would wait when it is collected
    return in_time


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
