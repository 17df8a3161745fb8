"""The weather service."""
from __future__ import annotations
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any, Literal, NamedTuple, Optional, TypedDict, Union, overload, NotRequired, Protocol, Final

version: str = "1.4"
LIMIT = 5
Unit = Literal["celsius", "fahrenheit"]
Handler = Callable[[str], Awaitable[None]]
_sentinel = object()

class Sky(Enum):
    CLEAR = "clear"
    HEAVY_RAIN = "heavy-rain"

class Level(IntEnum):
    LOW = 1
    HIGH = 2

@dataclass
class Forecast:
    """The expected weather."""
    city: str
    high: float
    sky: Sky = Sky.CLEAR
    notes: list[str] = field(default_factory=list)
    comment: str | None = None

class Reading(NamedTuple):
    station: int
    value: float

class Options(TypedDict, total=False):
    unit: Unit
    days: int

async def forecast(city: str, days: int = 3, *, unit: Unit = "celsius") -> Forecast:
    """Forecast the weather.

    Takes the model of the day.
    """
    return Forecast(city, 20.0 + days, Sky.HEAVY_RAIN, [unit])

async def readings(station: int, /) -> AsyncIterator[Reading]:
    """Yield readings."""
    for i in range(3):
        yield Reading(station, i / 2)

async def summarize(text: str, on_token: Callable[[str], Awaitable[None]]) -> str:
    for word in text.split():
        await on_token(word)
    return text.upper()

def average(*values: float) -> float:
    return sum(values) / len(values)

def mixed(value: Union[int, str], timeout: Optional[float] = None, limit=_sentinel, **options: Any) -> Union[int, str]:
    return f"{value} {timeout} {limit is _sentinel} {sorted(options.items())}" if isinstance(value, str) else value + 1

@overload
def parse(text: str) -> Reading: ...
@overload
def parse(text: bytes, strict: bool = True) -> list[Reading]: ...
def parse(text, strict=True):
    return Reading(len(text), 0.5) if isinstance(text, str) else [Reading(byte, float(strict)) for byte in text]

def unhinted(a, b=1):
    return a

class Client:
    """A client of a station."""
    url: str
    retries: Final[int] = 3
    def __init__(self, url: str, *, timeout: float = 5.0) -> None:
        self.url = url
        self.open: bool = True
    @classmethod
    def from_env(cls, name: str = "WEATHER") -> Client:
        return cls(name.lower())
    @property
    def count(self) -> int: return 1
    async def __aenter__(self) -> Client:
        self.open = True
        return self
    async def __aexit__(self, *a) -> None:
        self.open = False
    def __len__(self) -> int: return 1
    def __getitem__(self, key: str) -> Reading:
        return Reading(len(key), 1.5)
    def __aiter__(self) -> AsyncIterator[Reading]:
        return readings(7)
    async def fetch(self, level: Level = Level.LOW) -> dict[str, list[Reading]]:
        return {self.url: [Reading(level.value, 2.5)], type(level).__name__: []}
    async def watch(self, handler: Handler) -> None:
        await handler(self.url)
        self.open = False

async def connect(url: str, options: Options | None = None) -> Client:
    return Client(f"{url}?{options}")
