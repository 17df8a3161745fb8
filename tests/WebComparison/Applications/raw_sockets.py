"""WebSockets without a framework: every type of message, every end."""

import asyncio
import json

import journal
from raw import query


async def accept(receive, send, **more):
    message = await receive()
    assert message["type"] == "websocket.connect", message
    await send({"type": "websocket.accept", **more})


async def echo(scope, receive, send):
    await accept(receive, send)
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        reply = {"type": "websocket.send"}
        if message.get("text") is not None:
            reply["text"] = message["text"]
        else:
            reply["bytes"] = message["bytes"]
        await send(reply)


async def scope_of(scope, receive, send):
    await accept(receive, send)
    seen = {name: scope.get(name) for name in ("type", "http_version", "scheme", "path", "root_path", "subprotocols")}
    seen["query_string"] = scope["query_string"].decode()
    seen["own"] = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-own"]
    seen["extensions"] = sorted(scope.get("extensions") or {})
    await send({"type": "websocket.send", "text": json.dumps(seen)})
    await send({"type": "websocket.close"})


async def subprotocol(scope, receive, send):
    await accept(receive, send, subprotocol=scope["subprotocols"][-1], headers=[(b"x-accepted", b"yes"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")])
    await send({"type": "websocket.close", "code": 1000})


async def closes(scope, receive, send):
    await accept(receive, send)
    await send({"type": "websocket.close", "code": int(query(scope)["code"]), "reason": "because"})


async def closes_without_code(scope, receive, send):
    await accept(receive, send)
    await send({"type": "websocket.close"})


async def rejects(scope, receive, send):
    await receive()
    await send({"type": "websocket.close", "code": 4001, "reason": "no"})


async def rejects_with_response(scope, receive, send):
    await receive()
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.http.response.start", "status": 401, "headers": [(b"x-why", b"no ticket")]})
    await send({"type": "websocket.http.response.body", "body": b"no ", "more_body": True})
    await send({"type": "websocket.http.response.body", "body": b"ticket"})


async def raises_before(scope, receive, send):
    await receive()
    raise ValueError("before accept")


async def raises_after(scope, receive, send):
    await accept(receive, send)
    raise ValueError("after accept")


async def returns_before(scope, receive, send):
    await receive()


async def returns_after(scope, receive, send):
    await accept(receive, send)


async def sends_first(scope, receive, send):
    """Sends before accept, and records the exception."""
    await receive()
    try:
        await send({"type": "websocket.send", "text": "early"})
        journal.record(query(scope)["key"], "sent")
    except Exception as e:
        journal.record(query(scope)["key"], type(e).__name__)
    journal.finish(query(scope)["key"])


async def sends_after_close(scope, receive, send):
    key = query(scope)["key"]
    await accept(receive, send)
    await send({"type": "websocket.close", "code": 1000})
    try:
        await asyncio.wait_for(send({"type": "websocket.send", "text": "late"}), 2)
        journal.record(key, "sent")
    except asyncio.TimeoutError:
        journal.record(key, "waits")
    except Exception as e:
        journal.record(key, type(e).__name__)
    journal.finish(key)


async def watches(scope, receive, send):
    """Records how the client ends the connection."""
    key = query(scope)["key"]
    await accept(receive, send)
    journal.record(key, "accepted")
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            journal.record(key, f"disconnect {message.get('code')} {message.get('reason') or '-'}")
            break
        text = message.get("text")
        journal.record(key, f"text:{len(text)}" if text is not None else f"bytes:{len(message['bytes'])}")
    journal.finish(key)


async def floods(scope, receive, send):
    """Sends to a client that reads nothing, until the server makes the application wait."""
    key = query(scope)["key"]
    await accept(receive, send)
    sent = 0
    block = bytes(64 * 1024)
    try:
        while sent < 2048:
            await asyncio.wait_for(send({"type": "websocket.send", "bytes": block}), 0.5)
            sent += 1
    except asyncio.TimeoutError:
        journal.record(key, "waits")
    except Exception as e:
        journal.record(key, type(e).__name__)
    journal.record(key, "within 32 MB" if sent < 512 else f"took {sent} blocks")
    journal.finish(key)


ROUTES = {
    "/sockets/echo": echo,
    "/sockets/scope": scope_of,
    "/sockets/subprotocol": subprotocol,
    "/sockets/closes": closes,
    "/sockets/closes-without-code": closes_without_code,
    "/sockets/rejects": rejects,
    "/sockets/rejects-with-response": rejects_with_response,
    "/sockets/raises-before": raises_before,
    "/sockets/raises-after": raises_after,
    "/sockets/returns-before": returns_before,
    "/sockets/returns-after": returns_after,
    "/sockets/sends-first": sends_first,
    "/sockets/sends-after-close": sends_after_close,
    "/sockets/watches": watches,
    "/sockets/floods": floods,
}
