"""The Python functions of the service."""

import asyncio


async def analyse(order):
    """Simulate a model that computes the value of an order."""
    await asyncio.sleep(0.02)
    return {"id": order["id"], "total": sum(line["price"] * line["count"] for line in order["lines"])}
