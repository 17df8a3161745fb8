"""The Python half of the quickstart: an ordinary asyncio program, which knows nothing of .NET."""

import asyncio


async def py_sleep(seconds):
    """Sleep and say for how long."""
    await asyncio.sleep(seconds)
    return seconds


async def sum_of_squares(square, n):
    """Await a function many times at once. That it is written in C# makes no difference here."""
    return sum(await asyncio.gather(*(square(i) for i in range(n))))


async def give_up(forever):
    """Lose patience: the time-out cancels the C# work."""
    try:
        await asyncio.wait_for(forever(), timeout=0.05)
    except asyncio.TimeoutError:
        return "gave up"


async def start_echo_server():
    """A TCP server of asyncio's, on a free port."""

    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
