"""An application without a framework: requests and responses of every form."""

import asyncio
import hashlib
import json
from urllib.parse import unquote

import journal

CHUNK = 64 * 1024
PLAIN = [(b"content-type", b"text/plain")]


def query(scope):
    pairs = (pair.partition("=") for pair in scope["query_string"].decode().split("&") if pair)
    return {name: unquote(value) for name, _, value in pairs}


async def read(receive):
    """Reads the body; returns its parts, and None at the end if the client left."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return parts + [None]
        if message.get("body"):
            parts.append(message["body"])
        if not message.get("more_body", False):
            return parts


async def answer(send, body, status=200, headers=PLAIN):
    headers = [*headers, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def hello(scope, receive, send):
    await answer(send, b"hello")


async def scope_of(scope, receive, send):
    """Answers with the scope, without what differs between two connections."""
    seen = {}
    for name in ("type", "http_version", "method", "scheme", "path", "root_path"):
        seen[name] = scope.get(name)
    seen["raw_path"] = scope.get("raw_path", b"").decode("latin-1")
    seen["query_string"] = scope["query_string"].decode("latin-1")
    seen["headers"] = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"] if name != b"host"]
    seen["client"] = scope["client"][0] if scope.get("client") else None
    seen["server"] = scope["server"][0] if scope.get("server") else None
    seen["types"] = [type(scope[name]).__name__ for name in ("path", "raw_path", "query_string")]
    seen["asgi"] = scope["asgi"]["version"]
    await answer(send, json.dumps(seen, separators=(",", ":")).encode())


async def keys(scope, receive, send):
    state = scope.get("state")
    fresh = state is not None and "mark" not in state
    if state is not None:
        state["mark"] = 1
    seen = {"started": (state or {}).get("started"), "copied": fresh, "extensions": sorted(scope.get("extensions") or {})}
    await answer(send, json.dumps(seen).encode())


async def path(scope, receive, send):
    await answer(send, f"{scope['path']} {scope['raw_path'].decode('latin-1')}".encode())


async def echo(scope, receive, send):
    await answer(send, b"".join(await read(receive)))


async def count(scope, receive, send):
    """Answers with the size and the hash of the body, read part by part."""
    size, digest = 0, hashlib.sha256()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body = message.get("body", b"")
        size += len(body)
        digest.update(body)
        if not message.get("more_body", False):
            break
    await answer(send, f"{size} {digest.hexdigest()[:16]}".encode())


async def streamed_echo(scope, receive, send):
    """Sends each part of the body as soon as it has come."""
    await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        await send({"type": "http.response.body", "body": message.get("body", b""), "more_body": more})


async def receive_twice(scope, receive, send):
    await read(receive)
    second = asyncio.ensure_future(receive())
    done, _ = await asyncio.wait([second], timeout=0.05)
    await answer(send, b"returned at once" if done else b"waits")
    message = await second
    journal.record(query(scope)["key"], message["type"])
    journal.finish(query(scope)["key"])


async def ignores_body(scope, receive, send):
    await answer(send, b"not read")


async def no_length(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
    await send({"type": "http.response.body", "body": b"without a length"})


async def chunks(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": PLAIN})
    for body in (b"one", b"", b"two", b"three"):
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body"})


async def parts_with_length(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6")]})
    await send({"type": "http.response.body", "body": b"one", "more_body": True})
    await send({"type": "http.response.body", "body": b"two"})


async def empty(scope, receive, send):
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body"})


async def status(scope, receive, send):
    code = int(query(scope)["code"])
    await send({"type": "http.response.start", "status": code, "headers": [(b"x-code", b"%d" % code)]})
    await send({"type": "http.response.body"})


async def not_modified(scope, receive, send):
    await send({"type": "http.response.start", "status": 304, "headers": [(b"etag", b'"1"'), (b"content-length", b"5")]})
    await send({"type": "http.response.body"})


async def duplicates(scope, receive, send):
    headers = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"x-many", b"1"), (b"x-many", b"2"), (b"vary", b"a"), (b"vary", b"b")]
    await answer(send, b"", headers=headers)


async def latin(scope, receive, send):
    await answer(send, b"", headers=[(b"x-latin", "caf\xe9".encode("latin-1")), (b"x-empty", b""), (b"X-Upper", b"Kept")])


async def own_headers(scope, receive, send):
    await answer(send, b"", headers=[(b"date", b"Mon, 01 Jan 2024 00:00:00 GMT"), (b"server", b"mine")])


async def memory(scope, receive, send):
    """Sends bodies that are bytearray and memoryview, and changes them afterwards."""
    body = bytearray(b"bytearray")
    await send({"type": "http.response.start", "status": 200, "headers": iter([[b"x-list", b"1"]])})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    body[:] = b"*********"
    view = bytearray(b" memoryview")
    await send({"type": "http.response.body", "body": memoryview(view)})
    view[:] = b"***********"


async def large(scope, receive, send):
    """Sends as many bytes as the query asks for."""
    size = int(query(scope)["size"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % size)]})
    block = bytes(range(256)) * (CHUNK // 256)
    while size > 0:
        await send({"type": "http.response.body", "body": block[:size], "more_body": size > CHUNK})
        size -= CHUNK


async def background(scope, receive, send):
    """Works on after the end of the response."""
    await answer(send, b"answered")
    journal.record(query(scope)["key"], "works on")
    await asyncio.sleep(0.01)
    journal.finish(query(scope)["key"])


async def read_journal(scope, receive, send):
    await answer(send, " ".join(await journal.read(query(scope)["key"])).encode())


async def reached_journal(scope, receive, send):
    await journal.reached(query(scope)["key"], query(scope)["entry"])
    await answer(send, b"reached")


ROUTES = {
    "/raw/hello": hello,
    "/raw/scope": scope_of,
    "/raw/keys": keys,
    "/raw/echo": echo,
    "/raw/count": count,
    "/raw/streamed-echo": streamed_echo,
    "/raw/receive-twice": receive_twice,
    "/raw/ignores-body": ignores_body,
    "/raw/no-length": no_length,
    "/raw/chunks": chunks,
    "/raw/parts-with-length": parts_with_length,
    "/raw/empty": empty,
    "/raw/status": status,
    "/raw/not-modified": not_modified,
    "/raw/duplicates": duplicates,
    "/raw/latin": latin,
    "/raw/own-headers": own_headers,
    "/raw/memory": memory,
    "/raw/large": large,
    "/raw/background": background,
    "/raw/journal": read_journal,
    "/raw/reached": reached_journal,
}
