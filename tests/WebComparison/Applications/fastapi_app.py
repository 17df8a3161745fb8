"""An application of FastAPI: validation, dependencies, models, errors, streams and WebSockets."""

from typing import List, Optional

from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

app = FastAPI(openapi_url="/fastapi/openapi.json", docs_url=None, redoc_url=None, title="compared")


class Line(BaseModel):
    price: float
    count: int = 1


class Order(BaseModel):
    id: int
    lines: List[Line]


async def user(x_user: Optional[str] = Header(None)):
    if x_user is None:
        raise HTTPException(401, "who?", headers={"www-authenticate": "X-User"})
    return x_user


@app.get("/fastapi/items/{item}")
async def item(item: int, q: Optional[str] = None):
    return {"item": item, "q": q}


@app.get("/fastapi/sync")
def synchronous():
    """Runs on a thread of the pool."""
    return {"sync": True}


@app.post("/fastapi/orders", status_code=201)
async def order(order: Order, user: str = Depends(user)):
    return {"id": order.id, "total": sum(line.price * line.count for line in order.lines), "user": user}


@app.get("/fastapi/text")
async def text(name: str):
    return {"greeting": f"grüß {name}"}


@app.get("/fastapi/fails")
async def fails():
    raise ValueError("in an endpoint")


@app.get("/fastapi/events")
async def events():
    async def lines():
        for i in range(3):
            yield f"data: {i}\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream")


@app.delete("/fastapi/items/{item}", status_code=204)
async def delete(item: int):
    return None


@app.websocket("/fastapi/socket/{room}")
async def socket(websocket: WebSocket, room: str):
    await websocket.accept()
    text = await websocket.receive_text()
    await websocket.send_text(f"{room}: {text}")
    await websocket.close(4000)
