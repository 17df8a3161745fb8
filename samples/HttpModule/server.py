"""A small HTTP server, run as a separate process: python server.py prints its port and serves until its standard input ends."""

import asyncio
import sys

waiting = 0  # The number of clients that wait for an answer that is never sent.


def answer(body, status="200 OK"):
    return f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def never(reader):
    global waiting
    waiting += 1
    try:
        await reader.read()  # Until the client cancels.
    finally:
        waiting -= 1


async def serve(reader, writer):
    try:
        while request := await reader.readuntil(b"\r\n\r\n"):
            path = request.split(b" ", 2)[1]
            if path == b"/never":
                await never(reader)
                break
            elif path == b"/waiting":
                writer.write(answer(str(waiting).encode()))
            elif path == b"/big":
                writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for i in range(64):
                    writer.write(b"4000\r\n" + bytes([i]) * 0x4000 + b"\r\n")
                    await writer.drain()
                writer.write(b"0\r\n\r\n")
            elif path.startswith(b"/item/"):
                writer.write(answer(path))
            else:
                writer.write(answer(b"", "404 Not Found"))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # The client has closed the connection.
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
