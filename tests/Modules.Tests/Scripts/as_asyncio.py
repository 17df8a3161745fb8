"""asyncio treats a future of C# work like its own: each test runs with an asyncio.Future, with a Task, and with C# work."""

import asyncio
import contextvars
import time
import traceback
import warnings

import my_test_module as m
from kinds import OfFuture, as_asyncio, how, how_later, turns
from support import main


@as_asyncio
async def test_events_and_queues_keep_their_order(kind):
    log, event, queue, future = [], asyncio.Event(), asyncio.Queue(), kind.new()

    async def wait(name, awaitable):
        log.append((name, await awaitable))

    tasks = [asyncio.create_task(wait(*each)) for each in [("event", event.wait()), ("queue", queue.get()), ("future", future)]]
    await asyncio.sleep(0)
    event.set()
    queue.put_nowait(1)
    kind.finish(future, 2)
    await asyncio.gather(*tasks)
    return log


@as_asyncio
async def test_locks_are_fair(kind):
    log, lock, future = [], asyncio.Lock(), kind.new()

    async def take(i):
        async with lock:
            log.append(i)

    await lock.acquire()
    tasks = [asyncio.create_task(take(i)) for i in range(3)]
    await asyncio.sleep(0)
    kind.finish(future, 1)
    await future
    lock.release()
    await asyncio.gather(*tasks)
    return log


@as_asyncio
async def test_sockets_beside_it(kind):
    future = kind.new()

    async def echo(reader, writer):
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        kind.finish(future, 1)
        result = await asyncio.gather(reader.readline(), future)
        writer.close()
        await writer.wait_closed()
    return result


@as_asyncio
async def test_threads_beside_it(kind):
    future, loop = kind.new(), asyncio.get_running_loop()
    both = asyncio.gather(future, loop.run_in_executor(None, time.sleep, 0.001), asyncio.to_thread(len, "abc"))
    kind.finish(future, 1)
    return await both


@as_asyncio
async def test_a_callback_of_a_done_future_waits_for_the_loop(kind):
    log, future = [], kind.done(3)
    future.add_done_callback(lambda future: log.append(future.result()))
    log.append("added")
    await turns()
    return log


@as_asyncio
async def test_callbacks_run_in_their_order_and_contexts(kind):
    variable, log, future = contextvars.ContextVar("variable", default=0), [], kind.new()
    for i in range(3):
        context = contextvars.copy_context()
        context.run(variable.set, i)
        future.add_done_callback(lambda future: log.append(variable.get()), context=context)
    variable.set(9)
    future.add_done_callback(lambda future: log.append(variable.get()))
    kind.finish(future, 1)
    await future
    await turns()
    return log


@as_asyncio
async def test_a_callback_that_fails_is_reported_and_the_next_one_runs(kind):
    loop, log, reports, future = asyncio.get_running_loop(), [], [], kind.new()
    loop.set_exception_handler(
        lambda loop, context: reports.append((str(context["exception"]), type(context["handle"]).__name__, "fail" in context["message"]))
    )

    def fail(future):
        raise ValueError("zebra")

    future.add_done_callback(fail)
    future.add_done_callback(lambda future: log.append(1))
    kind.finish(future, 1)
    await future
    await turns()
    loop.set_exception_handler(None)
    return log, reports


@as_asyncio
async def test_callbacks_are_removed(kind):
    future = kind.new()
    for _ in range(3):
        future.add_done_callback(print)
    removed = future.remove_done_callback(print), future.remove_done_callback(print)
    kind.finish(future, 1)
    await future
    return removed


@as_asyncio
async def test_results_before_and_after(kind):
    future, failed = kind.new(), kind.new()
    before = [how(future.result)[0], how(future.exception)[0], future.done(), future.cancelled()]
    kind.finish(future, 7)
    kind.fail(failed)
    values = [await future, await future, future.result(), future.exception(), future.done(), future.cancelled(), future.cancel()]
    error = (await how_later(failed))[1]
    return before, values, error, failed.exception() is failed.exception(), how(failed.result)[1], failed.cancel()


@as_asyncio
async def test_a_traceback_does_not_grow(kind):
    future, lengths = kind.new(), []
    kind.fail(future)
    for _ in range(3):
        try:
            await future
        except Exception as e:
            lengths.append(len(traceback.extract_tb(e.__traceback__)))
    return lengths[0] == lengths[1] == lengths[2]


@as_asyncio
async def test_only_the_work_completes_it(kind):
    future = kind.new()
    refused = None if type(kind) is OfFuture else [how(future.set_result, 1)[0], how(future.set_exception, ValueError())[0]]
    future.cancel()
    await asyncio.wait([future])
    return refused


@as_asyncio
async def test_what_takes_futures_takes_it(kind):
    future, other = kind.new(), asyncio.new_event_loop()
    taken = asyncio.ensure_future(future) is future, asyncio.wrap_future(future) is future, asyncio.isfuture(future), future.get_loop() is asyncio.get_running_loop()
    refused = how(lambda: asyncio.ensure_future(future, loop=other))[0], how(asyncio.create_task, future)[0]
    other.close()
    kind.finish(future, 1)
    await future
    return taken, refused


@as_asyncio
async def test_a_task_is_cancelled_with_a_message(kind):
    future = kind.new()

    async def wait():
        await future

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    accepted = task.cancel("why"), task.cancelling()
    return accepted, await how_later(task), future.cancelled(), task.cancelled(), task.cancelling()


@as_asyncio
async def test_it_is_cancelled_with_a_message(kind):
    future = kind.new()
    await asyncio.sleep(0)
    log = []
    future.add_done_callback(lambda future: log.append(future.cancelled()))
    future.cancel("why")
    return await how_later(future), log


@as_asyncio
async def test_a_task_is_cancelled_before_its_first_step(kind):
    future, log = kind.new(), []

    async def wait():
        log.append("began")
        await future

    task = asyncio.create_task(wait())
    task.cancel()
    outcome = (await how_later(task))[0]
    future.cancel()
    await asyncio.wait([future])
    return outcome, log


@as_asyncio
async def test_a_task_survives_its_cancellation(kind):
    future = kind.new()

    async def wait():
        try:
            await future
        except asyncio.CancelledError:
            return asyncio.current_task().uncancel(), asyncio.current_task().cancelling()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    return await task


@as_asyncio
async def test_one_of_two_waiting_tasks_is_cancelled(kind):
    future = kind.new()

    async def wait():
        await future

    first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    first.cancel()
    return (await how_later(first))[0], (await how_later(second))[0]


@as_asyncio
async def test_another_thread_cancels(kind):
    future = kind.new()

    async def wait():
        return await future

    waiting = asyncio.run_coroutine_threadsafe(wait(), asyncio.get_running_loop())
    await turns()
    waiting.cancel()
    while not future.done():
        await asyncio.sleep(0.001)
    return future.cancelled(), waiting.cancelled()


@as_asyncio
async def test_its_repr(kind):
    future, cancelled = kind.new(), kind.new()
    states = [repr(future).split()[1].rstrip(">")]
    kind.finish(future, 1)
    cancelled.cancel()
    await asyncio.wait([future, cancelled])
    return states, [repr(each).split()[1].rstrip(">") for each in (future, cancelled)]


def test_the_loop_runs_until_it_is_complete():
    loop = asyncio.new_event_loop()

    async def make(call, *args):
        return [call(*args)]

    for call, expected in [((m.sleep, 0.001, 4), 4), ((m.value, 5), 5)]:
        [future] = loop.run_until_complete(make(*call))
        assert loop.run_until_complete(future) == expected
    [failing] = loop.run_until_complete(make(m.fail_later, "late"))
    assert how(loop.run_until_complete, failing)[1] == "late"
    loop.close()


def test_runners_say_what_they_want():
    # Without a loop the call itself fails, as it does for any function that needs one.
    assert how(lambda: asyncio.run(m.sleep(1))) == ("RuntimeError", "no running event loop")

    async def inner():
        future = m.sleep(0.001)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            refusals = how(asyncio.run_coroutine_threadsafe, future, asyncio.get_running_loop()), how(asyncio.create_task, future)
        await future
        return refusals

    for kind, message in asyncio.run(inner()):
        assert kind == "TypeError" and "oroutine" in message, message


if __name__ == "__main__":
    main()
