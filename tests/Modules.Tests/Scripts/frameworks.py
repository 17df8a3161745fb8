"""Frameworks inspect a function before they call it: whether it returns an awaitable, whether it is a generator, and its parameters."""

import asyncio
import collections.abc
import contextlib
import functools
import gc
import importlib.util
import inspect
import os
import subprocess
import sys
import tempfile
import textwrap
import warnings
import weakref
from unittest import mock

import my_test_module as m

from support import Skip, main, needs, raises, raises_later


def made(form):
    """A function that an application makes by FunctionIntoPy."""

    async def make():
        return m.make_function(form)

    return asyncio.run(make())


class Outer:
    method = m.sleep
    static = staticmethod(m.sleep)
    stream = m.count


def asyncio_says(function):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.14 deprecates asyncio's function.
        return asyncio.iscoroutinefunction(function)


def kind(function):
    return {
        name
        for name, asks in {
            "asyncio": asyncio_says,
            "coroutine": inspect.iscoroutinefunction,
            "stream": inspect.isasyncgenfunction,
            "generator": inspect.isgeneratorfunction,
        }.items()
        if asks(function)
    }


def with_partials(functions):
    for function in functions:
        yield function
        yield functools.partial(function)
        yield functools.partial(functools.partial(function, 1), 2)


def coroutines():
    return [
        m.sleep, m.noop, m.value, m.scheduled_noop, m.call_back, m.coro_sleep, m.coro_noop, m.make_counter,
        m.Counter.next_after, m.Counter(1).next_after, m.Session.ask, m.Session("s").ask, m.Pump.add, m.Pump(1).add, m.Pump.make,
        m.Ticker.__anext__, m.Ticker(1).__anext__, m.Session.__aenter__, m.Session.__aexit__, m.Lease.__aexit__,
        made("future"), made("coroutine"), made("inline"), Outer.method, Outer().method, Outer.static,
    ]


def streams():
    return [m.count, m.Counter.next_ones, m.Counter(1).next_ones, Outer.stream, Outer().stream]


def plain():
    return [m.add, m.started, m.Counter.next, m.Counter(1).next, m.Counter.parse, m.Counter, made("plain"), m.Counter(1), m.Session.__aiter__]


def test_what_inspect_and_asyncio_say():
    for functions, expected in [(with_partials(coroutines()), {"asyncio", "coroutine"}), (with_partials(streams()), {"stream"}), (plain(), set())]:
        for function in functions:
            assert kind(function) == expected, function


def test_signatures_stay():
    for function, expected in [
        (m.sleep, "(seconds, result=0)"),
        (m.coro_sleep, "(seconds, result=0)"),
        (m.count, "(to)"),
        (m.noop, "()"),
        (m.Counter.next_after, "(self, /, seconds)"),
        (m.Counter(1).next_after, "(seconds)"),
        (m.Counter(1).next_ones, "(times)"),
        (functools.partial(m.sleep, 1), "(result=0)"),
        (m.Pump.make, str(inspect.signature(m.Pump.make))),
        (made("future"), "(*args, **kwargs)"),
    ]:
        assert str(inspect.signature(function)) == expected, function
    assert inspect.signature(m.Counter.next_after).parameters["self"].kind is inspect.Parameter.POSITIONAL_ONLY


def test_the_code_has_the_names_of_the_function():
    code = m.Counter.next_after.__code__
    assert (code.co_name, code.co_qualname, code.co_filename) == ("next_after", "Counter.next_after", "<C# function in my_test_module>")
    assert code is m.Counter.next_after.__code__ and code.co_varnames == ("self", "seconds")
    assert m.sleep.__defaults__ == (0,) and m.sleep.__kwdefaults__ is None and m.noop.__defaults__ is None
    for name in ("__code__", "__defaults__", "__kwdefaults__"):
        assert not hasattr(m.add, name)
        raises(AttributeError, setattr, m.sleep, name, None)


def test_functions_have_a_dict():
    @functools.wraps(m.noop)
    async def wrapper():
        return await m.noop()

    m.noop.mark = 1
    try:
        assert m.noop.__dict__["mark"] == vars(m.noop)["mark"] == 1 and "mark" not in vars(m.add)
        assert functools.wraps(m.noop)(lambda: None).mark == 1 and wrapper.__name__ == "noop" and wrapper.__wrapped__ is m.noop
        assert asyncio.run(wrapper()) is None
    finally:
        del m.noop.mark


def test_nothing_of_the_marks_is_left():
    function = made("future")
    function.itself, reference = function, weakref.ref(function)
    assert inspect.iscoroutinefunction(function) and function.__code__
    del function

    async def is_gone():
        await m.collect()  # C# made it, and holds a reference.
        gc.collect()
        return reference() is None

    async def wait():
        for _ in range(100):
            if await is_gone():
                return True

    assert asyncio.run(wait())


def test_marks_are_taken_and_given():
    function = made("plain")
    if hasattr(inspect, "markcoroutinefunction"):
        assert inspect.markcoroutinefunction(function) is function
    else:
        function._is_coroutine = asyncio.coroutines._is_coroutine
    assert kind(function) == {"asyncio", "coroutine"} and str(inspect.signature(function)) == "(*args, **kwargs)"


def test_mocks_are_awaited():
    for double in (mock.create_autospec(m.sleep), mock.create_autospec(m).sleep, mock.Mock(spec=m).sleep, mock.create_autospec(m.Counter).next_after):
        assert isinstance(double, mock.AsyncMock) or inspect.iscoroutinefunction(double), double
    assert not isinstance(mock.create_autospec(m).add, mock.AsyncMock)
    with mock.patch.object(sys.modules["my_test_module"], "sleep", autospec=True) as sleep:
        sleep.return_value = 3
        assert asyncio.run(m.sleep(1)) == 3


async def test_a_stream_serves_as_an_async_generator():
    stream = m.count(5)
    assert isinstance(stream, collections.abc.AsyncGenerator)
    assert [await stream.asend(None), await stream.asend("ignored"), await anext(stream)] == [0, 1, 2]
    error = KeyError("zebra")
    assert await raises_later(KeyError, stream.athrow(error)) is error
    await raises_later(StopAsyncIteration, stream.asend(None))
    assert await anext(stream, "end") == "end"
    for thrown in [(KeyError,), (KeyError, KeyError("zebra")), (KeyError, KeyError("zebra"), None), (GeneratorExit,), (StopAsyncIteration,)]:
        await raises_later(thrown[0], m.count(1).athrow(*thrown))
    assert [i async for i in m.count(2)] == [0, 1]


async def test_a_stream_is_a_context_manager():
    manager = contextlib.asynccontextmanager(m.count)
    async with manager(1) as value:
        assert value == 0

    async def failing():
        async with manager(1):
            raise ValueError("zebra")

    assert str(await raises_later(ValueError, failing())) == "zebra"

    async def twice():
        async with manager(2):
            pass

    assert "didn't stop" in str(await raises_later(RuntimeError, twice()))


def test_starlette_and_fastapi_know_what_to_await():
    needs(importlib.util.find_spec("fastapi") and importlib.util.find_spec("httpx"), "FastAPI is not installed. On Debian type: apt-get install python3-fastapi python3-httpx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import fastapi
            import httpx
            from starlette._utils import is_async_callable
        except Exception as e:
            raise Skip(f"FastAPI is not for this Python: {e}") from None

    for function in with_partials(coroutines()):
        assert is_async_callable(function), function
    for function in [m.add, m.count, m.Counter(1).next]:
        assert not is_async_callable(function), function

    app = fastapi.FastAPI()
    one = functools.partial(m.count, 1)

    @app.get("/dependencies")
    async def dependencies(nothing=fastapi.Depends(m.noop), counted=fastapi.Depends(one)):
        return [nothing, counted]

    app.get("/direct")(m.noop)
    app.get("/made")(m.later)

    async def ask():
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [(await client.get(path)).json() for path in ("/dependencies", "/direct", "/made")]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert asyncio.run(ask()) == [[None, 0], None, None]


def test_anyio_takes_coroutines():
    needs(importlib.util.find_spec("anyio"), "anyio is not installed. On Debian type: apt-get install python3-anyio")
    import anyio

    async def tasks():
        with anyio.move_on_after(0.005) as scope:
            await m.sleep(100)
        assert scope.cancel_called
        with anyio.move_on_after(0.005) as scope:
            asyncio.get_running_loop().call_later(0.05, m.open_gate, 300_000, 1)
            await m.stubborn_gate(300_000)  # It ends with a result, and the scope is left nevertheless.
            raise AssertionError("the cancellation was lost")
        assert scope.cancel_called
        async with anyio.create_task_group() as group:
            group.start_soon(m.coro_sleep, 0.001)
        return await m.value(4)

    async def wrong():
        async with anyio.create_task_group() as group:
            group.start_soon(m.sleep, 0.001)  # A future, but anyio needs a coroutine.

    assert anyio.run(tasks) == 4
    assert anyio.run(m.coro_value, 5) == 5
    raises(BaseException, anyio.run, wrong)


def test_pytest_takes_them_as_fixtures():
    needs(importlib.util.find_spec("pytest_asyncio"), "pytest-asyncio is not installed. On Debian type: apt-get install python3-pytest-asyncio")
    source = """
        import my_test_module as m
        import pytest
        import pytest_asyncio

        once = pytest_asyncio.fixture(name="once")(m.noop)

        @pytest_asyncio.fixture
        async def later():
            return await m.sleep(0.001, 3)

        @pytest.mark.asyncio
        async def test_fixtures(once, later):
            assert (once, later) == (None, 3)
    """
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "test_it.py"), "w") as file:
            file.write(textwrap.dedent(source))
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder], capture_output=True, text=True, timeout=240
        )
        assert run.returncode == 0 and "1 passed" in run.stdout, run.stdout + run.stderr


if __name__ == "__main__":
    main()
