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
    return Forecast(city, 20.0)

async def readings(station: int, /) -> AsyncIterator[Reading]:
    """Yield readings."""
    yield Reading(station, 1.0)

async def summarize(text: str, on_token: Callable[[str], Awaitable[None]]) -> str:
    await on_token("x")
    return text

def average(*values: float) -> float:
    return sum(values) / len(values)

def mixed(value: Union[int, str], timeout: Optional[float] = None, limit=_sentinel, **options: Any) -> Union[int, str]:
    return value

@overload
def parse(text: str) -> Reading: ...
@overload
def parse(text: bytes, strict: bool = True) -> list[Reading]: ...
def parse(text, strict=True):
    return None

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
    def from_env(cls, name: str = "WEATHER") -> Client: ...
    @property
    def count(self) -> int: return 1
    async def __aenter__(self) -> Client: return self
    async def __aexit__(self, *a) -> None: pass
    def __len__(self) -> int: return 1
    def __getitem__(self, key: str) -> Reading: ...
    def __aiter__(self) -> AsyncIterator[Reading]: ...
    async def fetch(self, level: Level = Level.LOW) -> dict[str, list[Reading]]: ...
    async def watch(self, handler: Handler) -> None: ...

async def connect(url: str, options: Options | None = None) -> Client:
    return Client(url)
