import asyncio

import my_async_module


async def main():
    print(my_async_module.greet())
    await asyncio.gather(*(my_async_module.sleep(0.1) for _ in range(10)))


asyncio.run(main())
