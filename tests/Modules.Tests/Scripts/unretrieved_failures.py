"""Failures that no code retrieves are reported when the future is dropped."""

import asyncio
import gc

import my_test_module as m
from support import main, new_event_loop, repetitions, until


def unretrieved(make, before_dropping, debug=False):
    """Return the reports to the loop's exception handler after a failed future was dropped, as CPython's own test checks them."""
    reports = []
    loop = new_event_loop()
    loop.set_debug(debug)
    loop.set_exception_handler(lambda loop, context: reports.append((context["message"], str(context["exception"]))))

    async def call():
        return [make()]

    async def nothing():
        pass

    box = loop.run_until_complete(call())
    before_dropping(loop, box[0])
    box.clear()
    loop.run_until_complete(nothing())
    gc.collect()
    seen = list(reports)
    loop.close()
    return seen


def wait_for(loop, future):
    loop.run_until_complete(asyncio.wait([future]))


def poll(loop, future):
    while not future.done():
        loop.run_until_complete(asyncio.sleep(0.001))


def stop_when_done(loop, future):
    if not future.done():
        future.add_done_callback(lambda _: loop.stop())
        loop.run_forever()


WAYS = {
    "function": lambda: m.fail_later("late"),
    "stream": lambda: m.fail_in_stream("late").__anext__(),
    **{way: m.make_failing(way) for way in ("work", "work that fails at its start", "started", "done", "value", "spawned", "blocking")},
}


def test_a_failure_that_no_code_retrieves_is_reported_when_it_is_dropped():
    for way, make in WAYS.items():
        for before in (wait_for, poll, stop_when_done):
            for debug in (False, True):
                for i in range(repetitions(20)):
                    assert unretrieved(make, before, debug) == [("Future exception was never retrieved", "late")], (way, before, debug, i)


def test_a_failure_that_is_retrieved_is_not_reported():
    async def look(future):
        try:
            await future
        except Exception:
            pass

    for way, make in WAYS.items():
        for retrieve in (
            lambda loop, future: (wait_for(loop, future), future.exception()),
            lambda loop, future: loop.run_until_complete(look(future)),
            lambda loop, future: loop.run_until_complete(look(asyncio.gather(future, return_exceptions=True))),
            lambda loop, future: loop.run_until_complete(look(asyncio.shield(future))),
            lambda loop, future: (wait_for(loop, future), setattr(future, "_log_traceback", False)),
        ):
            assert unretrieved(make, retrieve) == [], way


def test_a_failure_of_python_code_is_reported_when_dotnet_has_let_go_of_it():
    """C# has seen the exception: its PythonException keeps it, and its frames, and from Python 3.12 on those of the callers, until .NET collects."""

    async def fail():
        raise ValueError("late")

    async def collect():
        await m.collect()
        gc.collect()

    for debug in (False, True):
        reports, loop = [], new_event_loop()
        loop.set_debug(debug)
        loop.set_exception_handler(lambda loop, context: reports.append(str(context["exception"])))

        async def call():
            return [m.through(fail())]

        box = loop.run_until_complete(call())
        wait_for(loop, box[0])
        box.clear()
        for _ in range(100):
            loop.run_until_complete(collect())
            if reports:
                break
        assert reports == ["late"]
        loop.close()


def test_work_whose_future_was_dropped_before_it_failed_is_reported():
    for way, make in WAYS.items():
        if way != "done":
            reports, loop = [], new_event_loop()
            loop.set_exception_handler(lambda loop, context: reports.append(str(context["exception"])))

            async def drop():
                make()

            loop.run_until_complete(drop())
            loop.run_until_complete(until(lambda: gc.collect() is not None and reports))
            assert reports == ["late"], way
            loop.close()


if __name__ == "__main__":
    main()
