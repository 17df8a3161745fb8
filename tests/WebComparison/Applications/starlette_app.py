"""An application of Starlette: its requests, responses, middleware, background tasks and WebSockets."""

import asyncio
import os
import tempfile

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

import journal

_file = os.path.join(tempfile.mkdtemp(), "file.txt")
with open(_file, "w") as f:
    f.write("0123456789" * 20_000)
os.utime(_file, (1_700_000_000, 1_700_000_000))


class Adding(BaseHTTPMiddleware):
    """Middleware that wraps send and receive in tasks, which is the hardest case for a server."""

    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["x-middleware"] = "yes"
        return response


async def json_of(request):
    body = await request.json()
    return JSONResponse({"body": body, "query": dict(request.query_params), "url": request.url.path, "cookies": request.cookies})


async def form(request):
    """Counts the body of a form without a parser, which is another package."""
    return PlainTextResponse(f"{request.headers['content-type']} {len(await request.body())}")


async def stream(request):
    async def parts():
        for i in range(5):
            yield f"{i}\n"
            await asyncio.sleep(0)

    return StreamingResponse(parts(), media_type="text/plain")


async def file(request):
    response = FileResponse(_file, headers={"etag": '"fixed"'})
    return response


async def redirect(request):
    return RedirectResponse("/starlette/hello")


async def hello(request):
    return PlainTextResponse("hello", headers={"x-one": "1"})


async def compressed(request):
    return PlainTextResponse("x" * 5000)


async def cookie(request):
    response = PlainTextResponse("cookies")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", httponly=True)
    return response


async def refused(request):
    raise HTTPException(403, "refused")


async def fails(request):
    raise ValueError("in an endpoint")


async def background(request):
    key = request.query_params["key"]

    async def work():
        journal.record(key, "ran")
        journal.finish(key)

    return PlainTextResponse("answered", background=BackgroundTask(work))


async def disconnected(request):
    """Reports when Starlette sees that the client has left."""
    key = request.query_params["key"]
    journal.record(key, "waits")
    for _ in range(100):
        if await request.is_disconnected():
            journal.record(key, "is_disconnected")
            break
        await asyncio.sleep(0.01)
    journal.finish(key)
    return PlainTextResponse("")


async def endless(request):
    """Streams without end; the generator's finally runs when the client leaves."""
    key = request.query_params["key"]

    async def parts():
        try:
            while True:
                yield "x" * 1000
                await asyncio.sleep(0.001)
        finally:
            journal.record(key, "finally")
            journal.finish(key)

    return StreamingResponse(parts())


async def socket(websocket):
    await websocket.accept(subprotocol=(websocket.scope["subprotocols"] or [None])[0])
    async for text in websocket.iter_text():
        await websocket.send_json({"text": text})


app = Starlette(
    routes=[
        Route("/starlette/hello", hello, methods=["GET", "POST"]),
        Route("/starlette/json", json_of, methods=["POST"]),
        Route("/starlette/form", form, methods=["POST"]),
        Route("/starlette/stream", stream),
        Route("/starlette/file", file),
        Route("/starlette/redirect", redirect),
        Route("/starlette/compressed", compressed),
        Route("/starlette/cookie", cookie),
        Route("/starlette/refused", refused),
        Route("/starlette/fails", fails),
        Route("/starlette/background", background),
        Route("/starlette/disconnected", disconnected),
        Route("/starlette/endless", endless),
        WebSocketRoute("/starlette/socket", socket),
    ],
    middleware=[Middleware(GZipMiddleware, minimum_size=1000), Middleware(Adding)],
)
