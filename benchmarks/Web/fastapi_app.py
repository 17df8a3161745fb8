"""The application of FastAPI: an endpoint that answers with JSON."""

from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root():
    return {"message": "Hello, world!", "items": [1, 2, 3]}
