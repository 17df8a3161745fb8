"""asyncio's order: completions from C# overtake nothing in the loop's queue, and nothing is lost, on any kind of loop."""

import asyncio
import heapq
import itertools
import logging
import time

import my_test_module as m
from support import LOOP, main, needs, repetitions

gates = itertools.count(200_000)


async def test_nothing_that_was_scheduled_earlier_is_overtaken():
    late = []
    for i in range(repetitions(1000)):
        log, event, queue, future = [], asyncio.Event(), asyncio.Queue(), m.gate(number := next(gates))

        async def wait(name, awaitable):
            await awaitable
            log.append(name)

        loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(wait(*each)) for each in [("future", future), ("event", event.wait()), ("queue", queue.get())]]
        await asyncio.sleep(0)
        m.open_gate(number)
        time.sleep(0.0002)  # C# completes it meanwhile, and the loop does not know yet.
        event.set()
        queue.put_nowait(1)
        loop.call_soon(log.append, "call_soon")
        done = loop.create_future()
        done.set_result(1)
        done.add_done_callback(lambda _: log.append("callback"))
        await asyncio.gather(*tasks)
        if log[:4] != ["event", "queue", "call_soon", "callback"]:
            late.append((i, log))
    assert not late, late[:5]


async def test_streams_do_not_overtake_either():
    late = 0
    for _ in range(repetitions(300)):
        started = False

        async def inner():
            nonlocal started
            started = True

        stream = m.count(2)
        step = stream.__anext__()
        task = asyncio.create_task(inner())
        suspends = not step.done()
        time.sleep(0.0002)
        await step
        late += suspends and not started
        await task
        await stream.aclose()
    assert not late


async def test_results_that_come_together_keep_the_order_of_their_tasks():
    """Tasks that wait for one future are woken in the order in which they began to wait, before the callbacks that they schedule themselves."""
    for _ in range(repetitions(300)):
        log, future = [], m.gate(number := next(gates))

        async def wait(i):
            await future
            log.append(i)
            asyncio.get_running_loop().call_soon(log.append, "then")
            await asyncio.sleep(0)
            log.append(i + 10)

        tasks = [asyncio.create_task(wait(i)) for i in range(4)]
        await asyncio.sleep(0)
        m.open_gate(number)
        await asyncio.gather(*tasks)
        assert [each for each in log if each != "then"] == [0, 1, 2, 3, 10, 11, 12, 13], log


async def test_debug_mode_names_the_task_of_a_slow_step_that_CSharp_woke():
    loop, logger, reports = asyncio.get_running_loop(), logging.getLogger("asyncio"), []

    class Handler(logging.Handler):
        def emit(self, record):
            reports.append(record.getMessage())

    handler, filters, debug, limit = Handler(), logger.filters, loop.get_debug(), loop.slow_callback_duration
    logger.addHandler(handler)
    logger.filters, logger.propagate = [], False
    loop.set_debug(True)
    loop.slow_callback_duration = 0  # Each step is slow, so that nothing depends on the machine.

    async def culprit(awaitable, name):
        await awaitable
        reports.append("woken " + name)

    try:
        await asyncio.sleep(0.001)
        number, other = next(gates), next(gates)
        waiting = {
            "of_future": m.gate(number),
            "of_callback": m.call_back(returns_later, 1),
            "of_stream": m.count(1).__anext__(),
            "of_two": asyncio.gather(m.gate(other), m.sleep(0.001)),
            "of_coroutine": m.coro_sleep(0.001),
        }
        tasks = [asyncio.create_task(culprit(awaitable, name), name=name) for name, awaitable in waiting.items()]
        await asyncio.sleep(0)
        m.open_gate(number)
        m.open_gate(other)
        await asyncio.gather(*tasks)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    finally:
        logger.filters, logger.propagate = filters, True
        logger.removeHandler(handler)
        loop.set_debug(debug)
        loop.slow_callback_duration = limit
    for name in waiting:
        after = reports[reports.index("woken " + name) + 1]
        assert after.startswith("Executing <Task ") and f"name='{name}'" in after, (name, after)


async def returns_later(i):
    await asyncio.sleep(0)
    return i


class ReentrantLoop(asyncio.SelectorEventLoop):
    """A loop that runs within a callback, as with nest_asyncio."""

    def _run_once(self):
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
        timeout = 0 if self._ready or self._stopping else None
        if timeout is None and self._scheduled:
            timeout = max(0, self._scheduled[0]._when - self.time())
        self._process_events(self._selector.select(timeout))
        while self._scheduled and self._scheduled[0]._when < self.time() + self._clock_resolution:
            handle = heapq.heappop(self._scheduled)
            handle._scheduled = False
            self._ready.append(handle)
        for _ in range(len(self._ready)):
            if not self._ready:
                break
            handle = self._ready.popleft()
            if not handle._cancelled:
                handle._run()

    def nest(self, awaitable):
        inner, outer = asyncio.ensure_future(awaitable, loop=self), asyncio.current_task(self)
        if outer is not None:
            asyncio.tasks._leave_task(self, outer)
        try:
            while not inner.done():
                self._run_once()
        finally:
            if outer is not None:
                asyncio.tasks._enter_task(self, outer)
        return inner.result()


async def double(awaitable):
    return 2 * await awaitable


def test_a_loop_runs_within_a_callback():
    loop = ReentrantLoop()

    async def through_CSharp(i):
        return loop.nest(double(m.sleep(0.0001, i)))

    async def nested():
        for i in range(repetitions(200)):
            # In a task that asyncio has woken, and in one that C# has.
            assert loop.nest(double(m.sleep(0.0001, i))) == 2 * i
            await m.sleep(0.0001)
            assert loop.nest(double(m.sleep(0.0001, i))) == 2 * i
            # In a function that C# has called back, a coroutine that it has started, and a level deeper.
            assert await m.call_back(through_CSharp, 3) == 6
            assert loop.nest(double(m.call_back(through_CSharp, 2))) == 4
            # In a C# function that was called on the loop's thread and calls Python.
            seen = []
            m.take_lock(lambda: seen.append(loop.nest(double(m.sleep(0.0001, i)))))
            assert seen == [2 * i]
        return "done"

    async def beside():
        return [await m.sleep(0.0001, i) for i in range(repetitions(200))]

    async def both():
        return await asyncio.gather(nested(), beside(), beside())

    assert loop.run_until_complete(both())[0] == "done"
    # In a plain callback, where no task runs.
    future = loop.create_future()
    loop.call_soon(lambda: future.set_result(loop.nest(double(m.sleep(0.0001, 4)) if asyncio._get_running_loop() else None)))
    assert loop.run_until_complete(future) == 8
    loop.close()


class RefusingLoop(asyncio.SelectorEventLoop):
    """A loop whose call_soon fails at times for completions from C#."""

    error = None
    times = 0
    refused = 0

    def call_soon(self, callback, *args, context=None):
        if self.error is not None and self.times > 0 and args and type(args[0]).__module__ == "pyasync":
            self.times -= 1
            self.refused += 1
            raise self.error
        return super().call_soon(callback, *args, context=context)


def refusals(error, times, debug, when):
    """Return the outcome of three awaits, a callback and a C# coroutine while call_soon fails, and the reports."""
    loop, reports, numbers = RefusingLoop(), [], [next(gates) for _ in range(3)]
    loop.set_debug(debug)
    loop.set_exception_handler(lambda loop, context: reports.append(context))

    async def wait(future):
        return await future

    def refuse():
        loop.error, loop.times = error, times

    async def check():
        tasks = [asyncio.create_task(wait(m.gate(number))) for number in numbers]
        called = loop.create_future()
        with_callback = m.gate(other := next(gates))
        with_callback.add_done_callback(lambda future: called.done() or called.set_result(future.result()))
        tasks += [asyncio.create_task(wait(called)), asyncio.create_task(wait(m.call_back(returns_later, 3)))]
        await asyncio.sleep(0)
        if when == "now":
            refuse()
        else:
            loop.call_later(0.0005, refuse)
        for i, number in enumerate(numbers):
            m.open_gate(number, i)
        m.open_gate(other, 7)
        done, pending = await asyncio.wait(tasks, timeout=30)
        assert not pending, (error, times, debug, when, pending)
        loop.error = None
        assert await wait(m.sleep(0.0001, 5)) == 5
        return [task.result() for task in tasks]

    result = loop.run_until_complete(check())
    loop.close()
    return result, loop.refused, reports


def test_a_loop_that_refuses_a_callback_loses_nothing():
    needs(LOOP == "asyncio", "the loop is a class of the test's")
    refused = 0
    for i in range(repetitions(200)):
        for error, times in [(RuntimeError("zebra"), 1), (RuntimeError("zebra"), 100), (MemoryError("zebra"), 1), (MemoryError("zebra"), 100)]:
            result, count, reports = refusals(error, times, debug=i % 2 == 0, when="now" if i % 4 < 2 else "later")
            assert result == [0, 1, 2, 7, 3], result
            refused += count
            for context in reports:
                assert context["exception"] is error or "zebra" in str(context["exception"]), context
            if count >= 20:
                assert reports, "no report"
    assert refused


if __name__ == "__main__":
    main()
