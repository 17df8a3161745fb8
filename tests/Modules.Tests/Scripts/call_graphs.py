"""Tasks that await C# methods in asyncio's call graphs (Python 3.14)."""

import asyncio
import io
import os
import subprocess
import sys

import my_test_module as m

from support import HOSTED, Skip, main, needs_python, repetitions


def needs_call_graphs():
    needs_python(14, "asyncio.capture_call_graph")


async def waits(awaitable):
    return await awaitable


async def tasks_that_await(*awaitables):
    tasks = [asyncio.create_task(waits(awaitable)) for awaitable in awaitables]
    await asyncio.sleep(0)
    return tasks


async def end(*tasks):
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_future_names_the_tasks_that_await_it():
    needs_call_graphs()
    future = m.sleep(30)
    assert asyncio.capture_call_graph(future).awaited_by == () and future._asyncio_awaited_by is None
    tasks = await tasks_that_await(future, future, future)
    graph = asyncio.capture_call_graph(future)
    assert graph.future is future and graph.call_stack == ()
    assert {awaiting.future for awaiting in graph.awaited_by} == set(tasks) == future._asyncio_awaited_by
    text = asyncio.format_call_graph(future)
    assert all(repr(task.get_name()) in text for task in tasks) and "async waits()" in text, text
    printed = io.StringIO()
    asyncio.print_call_graph(future, file=printed)
    assert printed.getvalue() == text + "\n"
    await end(*tasks)
    assert asyncio.capture_call_graph(future).awaited_by == ()


async def test_a_future_that_is_done_has_an_empty_graph():
    needs_call_graphs()
    for future in [m.noop(), m.sleep(0.001)]:
        await future
        graph = asyncio.capture_call_graph(future)
        assert (graph.call_stack, graph.awaited_by) == ((), ())


async def test_gather_and_wait_do_not_say_for_whom_they_wait():
    needs_call_graphs()
    future = m.sleep(30)
    gathering = asyncio.gather(future)
    assert asyncio.capture_call_graph(future).awaited_by == ()
    await end(gathering)


async def test_the_graph_of_a_task_names_the_method():
    needs_call_graphs()
    (task,) = await tasks_that_await(m.sleep(30))
    stack = asyncio.capture_call_graph(task).call_stack
    names = [entry.frame.f_code.co_qualname for entry in stack]
    # The innermost comes first. Compiled ahead of time, the name may have been trimmed.
    assert names[-1] == "waits", names
    assert names[:-1] == ["PyAsync.Tests.TestModule.SleepAsync"] or (not HOSTED and not names[:-1]), names
    text = asyncio.format_call_graph(task)
    assert "async waits()" in text and (not names[:-1] or "File '<C#>', line 0, in PyAsync.Tests.TestModule.SleepAsync()" in text), text
    await end(task)


async def test_the_graph_of_a_task_names_a_function_of_the_coroutine_form():
    needs_call_graphs()
    (task,) = await tasks_that_await(m.coro_sleep(30))
    text = asyncio.format_call_graph(task)
    assert "async coro_sleep()" in text and "async waits()" in text, text
    await end(task)


async def test_graphs_while_futures_come_and_go():
    needs_call_graphs()
    for i in range(repetitions(1000)):
        future = m.yield_(i)
        (task,) = await tasks_that_await(future)
        for awaited in [future, task]:
            asyncio.format_call_graph(awaited)
        assert await task == i


async def test_asyncio_ps_and_pstree_show_a_function_of_the_coroutine_form():
    needs_call_graphs()
    (task,) = await tasks_that_await(m.coro_sleep(30))
    for command in ["ps", "pstree"]:
        seen = await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "asyncio", command, str(os.getpid())], capture_output=True, text=True, timeout=120
        )
        if "ermission" in seen.stdout + seen.stderr:
            raise Skip("this machine allows no process to look into another one")
        assert seen.returncode == 0 and "coro_sleep" in seen.stdout and "waits" in seen.stdout, seen
    await end(task)


if __name__ == "__main__":
    main()
