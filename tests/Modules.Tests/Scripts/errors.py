"""Exceptions, in both directions, and failures of an import."""

import asyncio
import gc
import sys

import my_test_module as m
import pyasync
from support import child, main, needs, pending, raises, raises_later, until


def test_a_failure_on_the_calling_thread():
    error = raises(ValueError, m.fail, "oh no")
    assert str(error) == "oh no"
    assert error.dotnet_type == "System.ArgumentException"


async def test_a_failure_later():
    error = await raises_later(pyasync.DotNetException, m.fail_later("later"))
    assert str(error) == "later"
    assert error.dotnet_type == "System.InvalidOperationException"
    assert "FailAsync" in error.stack_trace


async def test_a_failure_of_the_arguments_comes_from_the_await():
    future = m.sleep(-1)  # The method is async: its exception is in its Task.
    error = await raises_later(ValueError, future)
    assert "seconds ('-1') must be a non-negative value" in str(error)


async def test_an_exception_of_pythons_comes_back_as_itself():
    class Own(Exception):
        pass

    own = Own("mine")

    async def fail(i):
        raise own

    assert await raises_later(Own, m.call_back(fail, 1)) is own


async def test_the_traceback_names_the_coroutine():
    async def fail_here(i):
        raise KeyError("deep")

    error = await raises_later(KeyError, m.call_back(fail_here, 1))
    names = []
    traceback = error.__traceback__
    while traceback:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert "fail_here" in names


async def test_the_exception_that_is_being_handled_becomes_the_context():
    def of_python():
        raise LookupError("python")

    def with_a_context():
        try:
            raise OSError("first")
        except OSError:
            of_python()

    async def done(future, cancels=False):
        if cancels:
            future.cancel("no")
        await until(future.done)
        return await future

    async def handle(call):
        try:
            try:
                raise KeyError("handled")
            except KeyError:
                result = call()
                if hasattr(result, "__await__"):
                    await result
        except BaseException as e:
            contexts = []
            while e.__context__ is not None:
                e = e.__context__
                contexts.append(type(e).__name__)
            return contexts

    calls = [
        lambda: m.fail("now"),
        lambda: m.add("text"),
        lambda: m.add(),
        lambda: m.fail_later("later"),
        lambda: done(m.fail_later("done")),
        lambda: done(m.sleep(60), cancels=True),
        lambda: m.coro_fail("coroutine"),
        lambda: m.coro_fail("coroutine", later=True),
        lambda: anext(m.fail_in_stream("stream")),
        lambda: m.take_lock(of_python),
    ]
    assert [await handle(call) for call in calls] == [["KeyError"]] * len(calls)
    assert await handle(lambda: m.take_lock(with_a_context)) == ["OSError", "KeyError"]

    # As with an asyncio.Future, each handling replaces the context of the previous one.
    failed = m.fail_later("again")
    for _ in range(3):
        assert await handle(lambda: done(failed)) == ["KeyError"]
    assert failed.exception().__context__ is not None
    cause = (await raises_later(pyasync.DotNetException, failed)).__context__
    assert isinstance(cause, KeyError) and cause.__context__ is None


async def test_not_an_awaitable_is_no_error_of_call():
    assert await m.call_back(lambda i: i + 1, 3) == 6


async def test_a_result_of_the_wrong_type():
    async def text(i):
        return "text"

    error = await raises_later(TypeError, m.call_back(text, 1))
    assert str(error) == "A Python 'str' cannot be converted to System.Int64."


async def test_a_callback_that_fails_and_has_no_repr_is_reported():
    class Odd:
        def __repr__(self):
            raise ValueError("no text")

        def __call__(self, future):
            raise LookupError("zebra")

    def describe(loop, context):
        reports.append({key: repr(value) for key, value in context.items()})  # As asyncio's own handler does.

    loop, reports = asyncio.get_running_loop(), []
    loop.set_debug(False)  # In debug mode the loop itself calls the callback, and ends with such an error.
    loop.set_exception_handler(describe)
    try:
        future, end = pending()
        future.add_done_callback(Odd())
        end()
        await future
        await until(lambda: reports)
    finally:
        loop.set_exception_handler(None)
    assert len(reports) == 1 and reports[0]["exception"] == "LookupError('zebra')" and "Odd" in reports[0]["message"], reports


async def test_a_failure_that_no_code_retrieves_goes_to_the_exception_handler():
    reports = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: reports.append(context))
    m.fail_later("unseen")
    await until(lambda: gc.collect() is not None and reports)
    assert [str(context["exception"]) for context in reports] == ["unseen"]


async def test_system_exit_in_a_callback_reaches_its_awaiter():
    async def leave(i):
        sys.exit(5)

    # asyncio lets it end the run too, as with a Python task.
    code, _, _ = child(
        "import asyncio, sys, my_test_module as m\n"
        "async def leave(i): sys.exit(5)\n"
        "async def main(): await m.call_back(leave, 1)\n"
        "asyncio.run(main())"
    )
    assert code == 5


def test_an_initialisation_that_fails_is_an_import_error_with_its_cause():
    code, output, errors = child(
        "import sys\n"
        "sys.my_test_module_fails = True\n"
        "for _ in range(2):\n"
        "    try:\n        import my_test_module\n"
        "    except ImportError as e:\n        print(e, type(e.__cause__), e.__cause__.dotnet_type, 'my_test_module' in sys.modules)\n"
        "del sys.my_test_module_fails\n"
        "import my_test_module as m\n"
        "print(m.add(1))\n"
    )
    line = (
        "The module my_test_module, which is written in C#, failed to initialise: no luck today "
        "<class 'pyasync.DotNetException'> System.InvalidOperationException False\n"
    )
    assert (code, output, errors) == (0, 2 * line + "2\n", ""), (code, output, errors)


def interpreters():
    for name in ["_interpreters", "_xxsubinterpreters"]:
        try:
            return __import__(name)
        except ImportError:
            pass
    needs(False, "this Python has no sub-interpreters to script")


def test_a_sub_interpreter_is_refused():
    for first in ["", "import my_test_module\n"]:
        code, output, errors = child(
            first
            + "import sys\n"
            + f"import {interpreters().__name__} as interpreters\n"
            + "id = interpreters.create()\n"
            + "result = interpreters.run_string(id, '''\n"
            + f"import sys; sys.path[:] = {sys.path!r}\n"
            + "try:\n    import my_test_module\nexcept ImportError as e:\n    print(e)\n''')\n"
            + "assert result is None, result\n"
            + "interpreters.destroy(id)\n"
            + "import my_test_module\nprint(my_test_module.add(1))\n"
        )
        assert code == 0, errors
        lines = output.splitlines()
        assert lines[1] == "2"
        assert lines[0] in [
            "The module my_test_module, which is written in C#, cannot be imported in a sub-interpreter: import it in the main one.",
            "module my_test_module does not support loading in subinterpreters",
        ], lines


def test_an_exception_group():
    async def main():
        results = await asyncio.gather(m.fail_later("a"), m.fail_later("b"), return_exceptions=True)
        return ExceptionGroup("both", results)

    from support import run

    group = run(main())
    assert [str(e) for e in group.exceptions] == ["a", "b"]


main()
