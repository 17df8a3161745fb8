"""The client library websockets against a server: prints the answer of each scenario as JSON."""

import asyncio
import json
import sys

import websockets

URL = f"ws://127.0.0.1:{sys.argv[1]}/sockets"
JOURNAL = f"http://127.0.0.1:{sys.argv[1]}/raw/journal"
SCENARIOS = {}


def scenario(name):
    return lambda function: SCENARIOS.setdefault(name, function)


def described(message):
    return f"text:{message}" if isinstance(message, str) else f"bytes:{len(message)}"


def extensions(websocket):
    protocol = getattr(websocket, "protocol", websocket)
    return [extension.name for extension in protocol.extensions]


async def closing(websocket):
    """Waits for the server's close, and describes it."""
    try:
        return described(await websocket.recv())
    except websockets.ConnectionClosed as e:
        received = getattr(e, "rcvd", None)
        return f"{received.code} {received.reason}" if received else "no close frame"


@scenario("echo")
async def echo():
    async with websockets.connect(f"{URL}/echo") as websocket:
        answers = []
        for message in ("hello", "", "grüß dich 🐍", b"\x00\xff", b""):
            await websocket.send(message)
            answers.append(described(await websocket.recv()))
        return answers


@scenario("large")
async def large():
    async with websockets.connect(f"{URL}/echo", max_size=None, compression=None) as websocket:
        await websocket.send("x" * 5_000_000)
        return len(await websocket.recv())


@scenario("fragmented")
async def fragmented():
    async with websockets.connect(f"{URL}/echo") as websocket:
        await websocket.send(["one ", "two ", "three"])
        return await websocket.recv()


@scenario("ping")
async def ping():
    async with websockets.connect(f"{URL}/echo") as websocket:
        await asyncio.wait_for(await websocket.ping(b"data"), 10)
        return "pong"


@scenario("scope")
async def scope():
    headers = {"X-Own": "1"}
    try:
        connection = await websockets.connect(f"{URL}/scope?a=1", additional_headers=headers, subprotocols=["one", "two"])
    except TypeError:
        connection = await websockets.connect(f"{URL}/scope?a=1", extra_headers=headers, subprotocols=["one", "two"])
    seen = json.loads(await connection.recv())
    await connection.close()
    return seen


@scenario("subprotocol")
async def subprotocol():
    async with websockets.connect(f"{URL}/subprotocol", subprotocols=["one", "two"]) as websocket:
        return f"{websocket.subprotocol} {await closing(websocket)}"


@scenario("compression")
async def compression():
    async with websockets.connect(f"{URL}/echo", compression="deflate") as websocket:
        await websocket.send("x" * 10_000)
        return f"{extensions(websocket)} {len(await websocket.recv())}"


async def closed(code):
    async with websockets.connect(f"{URL}/closes?code={code}") as websocket:
        return await closing(websocket)


@scenario("close 1000")
async def close_1000():
    return await closed(1000)


@scenario("close 3001")
async def close_3001():
    return await closed(3001)


async def rejected(path):
    try:
        async with websockets.connect(f"{URL}/{path}"):
            return "accepted"
    except websockets.InvalidHandshake as e:
        response = getattr(e, "response", None)
        return response.status_code if response is not None else getattr(e, "status_code", type(e).__name__)


@scenario("rejected")
async def rejected_plainly():
    return await rejected("rejects")


@scenario("rejected with a response")
async def rejected_with_response():
    return await rejected("rejects-with-response")


@scenario("client closes")
async def client_closes():
    key = f"python{sys.argv[1]}"
    async with websockets.connect(f"{URL}/watches?key={key}") as websocket:
        await websocket.send("hello")
        await websocket.close(3005, "client is done")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    writer.write(f"GET /raw/journal?key={key} HTTP/1.1\r\nHost: compared\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer.decode().split("\r\n\r\n", 1)[1]


@scenario("100 at once")
async def many():
    async def one(i):
        async with websockets.connect(f"{URL}/echo") as websocket:
            for j in range(20):
                await websocket.send(f"{i} {j}")
                if await websocket.recv() != f"{i} {j}":
                    return 0
            return 1

    return sum(await asyncio.gather(*(one(i) for i in range(100))))


async def main():
    answers = {}
    for name, function in SCENARIOS.items():
        try:
            answers[name] = await asyncio.wait_for(function(), 30)
        except Exception as e:
            answers[name] = f"{type(e).__name__}: {e}"
    print(json.dumps({name: answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False) for name, answer in answers.items()}))


asyncio.run(main())
