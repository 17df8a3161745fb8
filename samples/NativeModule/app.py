import asyncio
import time

import my_async_module


async def py_sleep():
    await asyncio.sleep(0.1)


async def main():
    started = time.perf_counter()
    # Three at once, beside a Python coroutine.
    await asyncio.gather(*(my_async_module.sleep(0.1) for _ in range(3)), py_sleep())
    print(f"slept four times 0.1 s in {time.perf_counter() - started:.1f} s")

    try:
        await asyncio.wait_for(my_async_module.sleep(10), 0.1)
    except asyncio.TimeoutError:
        print("and stopped on request")


asyncio.run(main())

# Outside a loop: C# runs one until the coroutine is done.
my_async_module.await_coro(py_sleep())

# The same with the function itself, which C# calls.
my_async_module.await_callable(py_sleep)
print("done")
