"""Workers and a server of asyncio, whose queues and streams C# uses as channels and pipes, and the other way round."""

import asyncio

import pyasync

jobs, results = pyasync.Queue(maxsize=4), pyasync.Queue(maxsize=4)


async def produce(count):
    """Fill a queue that C# reads, and wait until C# has done all jobs."""
    for number in range(count):
        await jobs.put(number)
    jobs.shutdown()
    await jobs.join()


async def add_up():
    """Read the queue that C# writes into, up to its end."""
    total = 0
    try:
        while True:
            total += await results.get()
    except pyasync.QueueShutDown:
        return total


async def shout(words, shouted):
    """Pass on the items of one channel of C# to another one, as queues of asyncio."""
    async for word in words:
        await shouted.put(word.upper())
    shouted.shutdown()


async def connect():
    """Start a server that answers each line with its length, and connect to it."""

    async def answer(reader, writer):
        async for line in reader:
            writer.write(b"%d\n" % len(line.rstrip()))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return await asyncio.open_connection(*server.sockets[0].getsockname())


async def count_lines(reader):
    """Read a pipe of C# as a StreamReader."""
    count = 0
    while await reader.readline():
        count += 1
    return count
