import asyncio

from fastapi import FastAPI

app = FastAPI()


@app.get("/hello")
async def hello(name: str = "world"):
    return {"message": f"hello {name}"}


async def ticks():
    """Counts, once a second, until the browser closes the page."""
    n = 0
    while True:
        yield n
        n += 1
        await asyncio.sleep(1)
