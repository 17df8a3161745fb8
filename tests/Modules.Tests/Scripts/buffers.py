"""Memory that Python and C# use without a copy."""

import array
import gc
import sys
import threading

import my_test_module as m
from support import main, raises, repetitions, run


async def failure(awaitable):
    try:
        await awaitable
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def test_csharp_uses_memory_of_python():
    async def use():
        numbers = array.array("d", range(1000))
        assert await m.add_up(numbers) == 499500
        numbers.append(1)
        assert await m.add_up(memoryview(numbers)[::2]) == sum(numbers[::2])
        data = bytearray(10)
        await m.fill(data, 7)
        data.append(1)
        assert data == b"\7" * 10 + b"\1"

    run(use())


def test_memory_of_another_type_is_refused():
    async def use():
        assert (await failure(m.add_up(array.array("f", [1])))).startswith("TypeError: A Python 'array.array' cannot be converted to PyAsync.Interop.PyReadOnlyBuffer<System.Double>: it has items of the format 'f'")
        assert "is read-only" in await failure(m.fill(b"bytes", 1))
        assert "does not support the buffer protocol" in await failure(m.fill([1], 1))

    run(use())


def test_python_uses_memory_of_csharp():
    before = m.memories()
    view = m.new_memory(5)
    assert type(view) is memoryview and view.format == "i" and view.shape == (5,) and not view.readonly
    view[4] = 7
    part = view[3:]
    assert view.tolist() == [0, 0, 0, 0, 7] and m.memories() == before + 1
    del view
    assert part.tolist() == [0, 7] and m.memories() == before + 1
    exporter = part.obj
    assert type(exporter).__module__ == "pyasync" and memoryview(exporter).nbytes == 20
    raises(TypeError, type(exporter))
    part.release()
    assert m.memories() == before + 1, "the exporting object is alive"
    del exporter
    m.collect_owners()
    assert m.memories() == before


def test_memory_is_released_on_any_thread_and_in_cycles():
    before = m.memories()

    def work():
        for i in range(repetitions(1000)):
            view = m.new_memory(10)
            view[i % 10] = i
            cycle = [view]
            cycle.append(cycle)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.collect()
    m.collect_owners()
    assert m.memories() == before


def test_memory_is_alive_when_python_ends():
    # Released, if at all, while Python is finalised.
    sys.kept = m.new_memory(10)
    sys.kept_reader = memoryview(sys.kept)[1:]


if __name__ == "__main__":
    main()
