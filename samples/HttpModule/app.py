"""Check the features of dotnet_http against a local server, then compare its speed with aiohttp's client, if that is installed."""

import asyncio
import pathlib
import subprocess
import sys
import time

import dotnet_http
import pyasync

AT_ONCE = 100


async def check(base):
    async with dotnet_http.Client(base, connections=AT_ONCE) as client:
        # Many at once: each one is awaited…
        bodies = await asyncio.gather(*(client.read(f"/item/{i}") for i in range(1000)))
        assert bodies == [b"/item/%d" % i for i in range(1000)]
        # …or all of them together.
        assert await client.read_all([f"/item/{i}" for i in range(1000)]) == bodies
        print("fetched 2,000 pages")

        # A body that is read in chunks.
        size = 0
        async with await client.get("/big") as response:
            assert response.status == 200 and response.version == "1.1" and response.headers["Transfer-Encoding"] == "chunked"
            async for chunk in response:
                size += len(chunk)
        assert size == 64 * 0x4000, size
        print(f"streamed {size:,} bytes")

        # A cancelled request closes its connection.
        task = asyncio.ensure_future(client.read("/never"))
        while await client.read("/waiting") != b"1":
            await asyncio.sleep(0.01)
        task.cancel()
        try:
            await task
            raise AssertionError("not cancelled")
        except asyncio.CancelledError:
            pass
        while await client.read("/waiting") != b"0":
            await asyncio.sleep(0.01)
        print("cancelled")

        # A failure raises an exception.
        async with await client.get("/missing") as response:
            assert response.status == 404
        try:
            await client.read("/missing")
            raise AssertionError("not raised")
        except OSError as e:  # Converted from an HttpRequestException; ConnectionError, if there was no answer.
            assert e.dotnet_type == "System.Net.Http.HttpRequestException" and "404" in str(e), e
            print(f"raised: {e}")

    async with dotnet_http.Client(base, timeout=0.2) as client:
        try:
            await client.read("/never")
            raise AssertionError("no time-out")
        except TimeoutError as e:
            print(f"timed out: {e}")
    try:
        await client.read("/item/1")
        raise AssertionError("not closed")
    except pyasync.DotNetException as e:
        assert e.dotnet_type == "System.ObjectDisposedException", e.dotnet_type

    assert await dotnet_http.get_text(base + "/item/1") == "/item/1"


async def per_second(fetch, n):
    """AT_ONCE workers that fetch one page after another."""
    numbers = iter(range(n))

    async def worker():
        for i in numbers:
            assert await fetch(f"/item/{i}") == b"/item/%d" % i

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return n / (time.perf_counter() - start)


async def compare(base, n):
    async with dotnet_http.Client(base, connections=AT_ONCE) as client:
        await per_second(client.read, n // 4)  # Warm-up.
        ours = await per_second(client.read, n)
        start = time.perf_counter()
        await client.read_all([f"/item/{i}" for i in range(n)])
        at_once = n / (time.perf_counter() - start)
    print(f"dotnet_http: {ours:,.0f} requests per second, {at_once:,.0f} with read_all")

    try:
        import aiohttp
    except ImportError:
        print("aiohttp is not installed, so there is nothing to compare with: pip install aiohttp")
        return

    async with aiohttp.ClientSession(base, connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def fetch(path):
            async with session.get(path) as response:
                return await response.read()

        await per_second(fetch, n // 4)
        theirs = await per_second(fetch, n)
    print(f"aiohttp:     {theirs:,.0f}; dotnet_http has {ours / theirs:.1f} times as many, {at_once / theirs:.1f} times with read_all")


def main():
    server = subprocess.Popen(
        [sys.executable, pathlib.Path(__file__).with_name("server.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        asyncio.run(check(base))
        asyncio.run(compare(base, 5000))
        print("all right")
    finally:
        server.communicate()


main()
