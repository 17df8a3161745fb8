"""The part of the service that is written in Python: a FastAPI application under /api, and a stream of prices."""

import asyncio
import random

from fastapi import Depends, FastAPI, Request
from pyasync.web import dotnet

app = FastAPI()


@app.get("/me")
async def me(request: Request):
    """Returns the user that ASP.NET Core has authenticated."""
    return {"name": request.user.display_name, "is_authenticated": request.user.is_authenticated, "scopes": request.auth.scopes}


@app.get("/discount/{article}")
async def discount(article: str, request: Request, orders=Depends(dotnet("IOrderCounts"))):
    """Computes a discount from the user's orders, which a C# service has."""
    count = await orders.count(request.user.display_name, article)
    return {"article": article, "ordered": count, "percent": min(30, 5 * count)}


async def prices():
    """Yields a price twice a second."""
    price = 100.0
    try:
        while True:
            yield round(price, 2)
            price *= 1 + random.uniform(-0.01, 0.01)
            await asyncio.sleep(0.5)
    finally:
        print("the stream of prices has ended", flush=True)
