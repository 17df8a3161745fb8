"""A weather service, as any Python package could have it: it knows nothing of C#."""

import asyncio

version = "2.1"


async def forecast(city, days=7):
    await asyncio.sleep(0.01)
    return [(day, 10 + (len(city) + day) % 9) for day in range(days)]


async def readings(station):
    """An async generator, without an end."""
    n = 0
    while True:
        await asyncio.sleep(0.001)
        yield station + n / 10
        n += 1


async def summarize(text, on_word):
    """Awaits a callback for each word."""
    words = text.split()
    for word in words:
        await on_word(word)
    return f"{len(words)} words"


class Client:
    def __init__(self, host):
        self.host = host
        self.cache = {}

    async def __aenter__(self):
        print(f"connected to {self.host}")
        return self

    async def __aexit__(self, *error):
        print("disconnected")

    async def temperature(self, city, *, unit="C"):
        await asyncio.sleep(0.001)
        celsius = self.cache.setdefault(city, 3.0 * len(city))
        return celsius if unit == "C" else celsius * 9 / 5 + 32

    def __len__(self):
        return len(self.cache)

    def __getitem__(self, city):
        return self.cache[city]
