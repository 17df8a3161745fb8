"""The application that both servers serve: a raw one with every type of message, one of Starlette and one of FastAPI, by the path's first segment."""

import fastapi_app
import raw
import raw_errors
import raw_sockets
import starlette_app

STARTED = {"count": 0}
HTTP_ROUTES = raw.ROUTES | raw_errors.ROUTES


async def lifespan(scope, receive, send):
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            STARTED["count"] += 1
            if "state" in scope:
                scope["state"]["started"] = STARTED["count"]
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(scope, receive, send)
        return
    path = scope["path"]
    if path.startswith("/starlette/"):
        await starlette_app.app(scope, receive, send)
    elif path.startswith("/fastapi/"):
        await fastapi_app.app(scope, receive, send)
    elif scope["type"] == "websocket":
        await raw_sockets.ROUTES[path](scope, receive, send)
    else:
        await HTTP_ROUTES.get(path, raw.path)(scope, receive, send)
