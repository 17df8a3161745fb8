import asyncio


async def report(weather):
    # C# Tasks are awaited like coroutines: one by one, together, with a time-out.
    temperatures = await asyncio.gather(*(weather.TemperatureAsync(city) for city in ("Oslo", "Lagos", "Quito")))
    berlin = await asyncio.wait_for(weather.TemperatureAsync("Berlin"), timeout=10)

    # An IAsyncEnumerable<string>.
    warnings = [warning async for warning in weather.WarningsAsync()]

    # A coroutine for a parameter of type Task<string>.
    described = await weather.DescribeAsync(describe(warnings))
    return f"{temperatures} {berlin} {described}"


async def describe(warnings):
    await asyncio.sleep(0.01)
    return " and ".join(warnings)


async def mean(values):
    await asyncio.sleep(0.01)
    return sum(values) / len(values)
