"""An application that makes every mistake, and that watches clients leave."""

import asyncio

import journal
from raw import answer, query

START = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}


async def raises_before(scope, receive, send):
    raise ValueError("before the start")


async def raises_after_start(scope, receive, send):
    await send(START)
    raise ValueError("after the start")


async def raises_in_body(scope, receive, send):
    await send(START)
    await send({"type": "http.response.body", "body": b"part", "more_body": True})
    raise ValueError("in the body")


async def raises_after_end(scope, receive, send):
    await answer(send, b"whole")
    raise ValueError("after the end")


async def returns(scope, receive, send):
    return


async def start_only(scope, receive, send):
    await send(START)


async def incomplete(scope, receive, send):
    await send(START)
    await send({"type": "http.response.body", "body": b"part", "more_body": True})


async def attempt(send, *messages):
    """Sends messages; the application answers with the types of the exceptions that the server raised."""
    outcomes = []
    for message in messages:
        try:
            await send(message)
            outcomes.append("sent")
        except BaseException as e:
            outcomes.append(type(e).__name__ if not isinstance(e, asyncio.CancelledError) else "cancelled")
    return outcomes


def attempts(*messages):
    """Makes a handler that sends messages, and records the outcomes under the query's key."""

    async def handler(scope, receive, send):
        outcomes = await attempt(send, *messages)
        key = query(scope)["key"]
        journal.record(key, *outcomes)
        journal.finish(key)

    return handler


def start(**changes):
    return {**START, **changes}


BODY = {"type": "http.response.body", "body": b"body"}
PART = {"type": "http.response.body", "body": b"part", "more_body": True}


def with_header(name, value):
    return attempts(start(headers=[(name, value)]), BODY)


async def waits_for_disconnect(scope, receive, send):
    """Waits until the client has left, before it sends anything."""
    key = query(scope)["key"]
    journal.record(key, "waits")
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        journal.record(key, f"{len(message.get('body', b''))}{'+' if message.get('more_body') else ''}")
    journal.record(key, "http.disconnect")
    again = await receive()
    journal.record(key, again["type"])
    journal.record(key, *await attempt(send, START, BODY))
    journal.finish(key)


async def disconnected_in_body(scope, receive, send):
    """Sends until the client has left, and records whether the application was cancelled."""
    key = query(scope)["key"]
    try:
        await send(START)
        await send(PART)
        journal.record(key, "part")
        message = await receive()
        while message["type"] == "http.request":
            message = await receive()
        journal.record(key, message["type"])
        await asyncio.sleep(0.01)
        journal.record(key, "not cancelled")
    except asyncio.CancelledError:
        journal.record(key, "cancelled")
        raise
    finally:
        journal.finish(key)


async def floods(scope, receive, send):
    """Sends without end to a client that reads nothing: counts how much the server takes before it makes the application wait."""
    key = query(scope)["key"]
    await send(START)
    block = bytes(64 * 1024)
    sent = 0
    try:
        while sent < 2048:
            await asyncio.wait_for(send({"type": "http.response.body", "body": block, "more_body": True}), 0.5)
            sent += 1
    except asyncio.TimeoutError:
        journal.record(key, "waits")
    except Exception as e:
        journal.record(key, type(e).__name__)
    journal.record(key, "within 32 MB" if sent < 512 else f"took {sent} blocks")
    journal.finish(key)


async def reports_disconnect_while_sending(scope, receive, send):
    """Sends until the server says that the client has left: by an exception, or by http.disconnect."""
    key = query(scope)["key"]
    journal.record(key, "begins")
    left = asyncio.ensure_future(receive())
    await send(START)
    while not left.done() or left.result()["type"] == "http.request":
        if left.done():
            left = asyncio.ensure_future(receive())
        try:
            await send(PART)
        except Exception as e:
            journal.record(key, "send: " + ("OSError" if isinstance(e, OSError) else type(e).__name__))
            break
        await asyncio.sleep(0)
    message = await left
    journal.record(key, message["type"])
    journal.finish(key)


ROUTES = {
    "/errors/raises-before": raises_before,
    "/errors/raises-after-start": raises_after_start,
    "/errors/raises-in-body": raises_in_body,
    "/errors/raises-after-end": raises_after_end,
    "/errors/returns": returns,
    "/errors/start-only": start_only,
    "/errors/incomplete": incomplete,
    "/errors/double-start": attempts(START, START, BODY),
    "/errors/body-first": attempts(BODY),
    "/errors/after-end": attempts(start(headers=[(b"content-length", b"4")]), BODY, BODY, START),
    "/errors/too-short": attempts(start(headers=[(b"content-length", b"9")]), BODY),
    "/errors/too-long": attempts(start(headers=[(b"content-length", b"2")]), BODY),
    "/errors/unknown-type": attempts({"type": "http.response.nothing"}, START, BODY),
    "/errors/no-type": attempts({"body": b""}, START, BODY),
    "/errors/str-body": attempts(START, {"type": "http.response.body", "body": "text"}),
    "/errors/str-header": attempts(start(headers=[("x-text", "text")]), BODY),
    "/errors/str-status": attempts(start(status="200"), BODY),
    "/errors/no-status": attempts({"type": "http.response.start"}, BODY),
    "/errors/status-99": attempts(start(status=99), BODY),
    "/errors/status-1000": attempts(start(status=1000), BODY),
    "/errors/header-name-space": with_header(b"x y", b"1"),
    "/errors/header-name-colon": with_header(b"x:y", b"1"),
    "/errors/header-name-crlf": with_header(b"x\r\ny", b"1"),
    "/errors/header-name-empty": with_header(b"", b"1"),
    "/errors/header-value-crlf": with_header(b"x-value", b"a\r\nset-cookie: evil=1"),
    "/errors/header-value-lf": with_header(b"x-value", b"a\nb"),
    "/errors/header-value-nul": with_header(b"x-value", b"a\0b"),
    "/errors/own-connection": with_header(b"connection", b"close"),
    "/errors/own-keep-alive": with_header(b"connection", b"keep-alive"),
    "/errors/own-transfer-encoding": with_header(b"transfer-encoding", b"chunked"),
    "/errors/own-upgrade": with_header(b"upgrade", b"h2c"),
    "/errors/two-lengths": attempts(start(headers=[(b"content-length", b"4"), (b"content-length", b"5")]), BODY),
    "/errors/length-and-encoding": attempts(start(headers=[(b"content-length", b"4"), (b"transfer-encoding", b"chunked")]), BODY),
    "/errors/waits-for-disconnect": waits_for_disconnect,
    "/errors/disconnected-in-body": disconnected_in_body,
    "/errors/floods": floods,
    "/errors/disconnect-while-sending": reports_disconnect_while_sending,
}
