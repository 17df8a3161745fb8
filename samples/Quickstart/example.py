"""The Python half of the quickstart: an ordinary asyncio program, without any reference to .NET."""

import asyncio


async def py_sleep(seconds):
    """Sleep and return the time."""
    await asyncio.sleep(seconds)
    return seconds


async def sum_of_squares(square, n):
    """Await a function many times at once. The function may be written in C#."""
    return sum(await asyncio.gather(*(square(i) for i in range(n))))


async def give_up(forever):
    """Time out, which cancels the C# work."""
    try:
        await asyncio.wait_for(forever(), timeout=0.05)
    except asyncio.TimeoutError:
        return "gave up"


async def start_echo_server():
    """Start an asyncio TCP server, on a free port."""

    async def echo(reader, writer):
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
