"""Random Python values, the same for the same seed, and what it means that one has come back as itself."""

import collections
import datetime
import decimal
import enum
import fractions
import random
import re
import types
import uuid


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Text(str):
    pass


class Whole(int):
    pass


class Items(list):
    pass


class Group(frozenset):
    pass


Point = collections.namedtuple("Point", "x y")

EDGES = [0, 1, -1, 2**15, 2**30, 2**31, 2**32, 2**52, 2**53, 2**60, 2**62, 2**63, 2**64, 2**127, 2**200]
FLOATS = [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), 5e-324, 1.7976931348623157e308, 2.0**53, 1e16]
ALPHABETS = ["ab", "\x00\x1f\x7f", "äß€", "\U0001f600\U0010ffff", "\ud800\udfff", "\u2028\ufeff\ufffe"]


def number(r):
    return r.choice([1, -1]) * r.choice(EDGES) + r.randint(-2, 2) if r.random() < 0.7 else r.getrandbits(r.randrange(1, 300)) * r.choice([1, -1])


def real(r):
    return r.choice(FLOATS) if r.random() < 0.5 else r.uniform(-1e6, 1e6) * 10.0 ** r.randint(-300, 300)


def text(r):
    made = "".join(r.choice(r.choice(ALPHABETS)) for _ in range(r.choice([0, 1, 2, 10, 100])))
    # Both halves of a surrogate pair in a row are one character in UTF-16, which .NET's strings are.
    return re.sub("[\ud800-\udbff]+(?=[\udc00-\udfff])", "", made)


def zone(r):
    limit = 24 * 3600 - 1
    seconds = r.choice([0, 3600, -3600, 60 * r.randint(-1439, 1439), r.randint(-limit, limit)])
    delta = datetime.timedelta(seconds=seconds, microseconds=r.choice([0, 0, 0, r.randrange(1000000)]) if abs(seconds) < limit else 0)
    return r.choice([None, datetime.timezone.utc, datetime.timezone(delta), datetime.timezone(delta, "name")])


def moment(r):
    return r.choice([datetime.datetime.min, datetime.datetime.max, datetime.datetime(r.randint(1, 9999), r.randint(1, 12), r.randint(1, 28), r.randrange(24), r.randrange(60), r.randrange(60), r.randrange(1000000))]).replace(
        tzinfo=zone(r), fold=r.randrange(2))


def clock(r):
    return datetime.time(r.randrange(24), r.randrange(60), r.randrange(60), r.randrange(1000000), tzinfo=zone(r), fold=r.randrange(2))


def span(r):
    return r.choice([datetime.timedelta.min, datetime.timedelta.max, datetime.timedelta(days=r.randint(-10675200, 10675200), seconds=r.randrange(86400), microseconds=r.randrange(1000000)), datetime.timedelta(0)])


def exact(r):
    return r.choice([
        decimal.Decimal(r.choice(["NaN", "sNaN", "Infinity", "-Infinity", "-0", "0E-28", "0E-29", "0E+3", "1E+28", "1E+29", "79228162514264337593543950335", "79228162514264337593543950336"])),
        decimal.Decimal((r.randrange(2), tuple(r.randrange(10) for _ in range(r.randint(1, 35))), r.randint(-40, 10))),
    ])


ATOMS = [
    lambda r: None,
    lambda r: r.random() < 0.5,
    number,
    real,
    text,
    lambda r: r.randbytes(r.choice([0, 1, 10, 300])),
    moment,
    lambda r: datetime.date(r.randint(1, 9999), r.randint(1, 12), r.randint(1, 28)),
    clock,
    span,
    exact,
    lambda r: uuid.UUID(int=r.getrandbits(128)),
    lambda r: complex(real(r), real(r)),
    lambda r: fractions.Fraction(r.randint(-9, 9), r.randint(1, 9)),
    lambda r: r.choice([Color.RED, Level.LOW, Text("a"), Whole(5), Point(1, 2), Group([1]), range(r.randrange(9)), Ellipsis, NotImplemented, int, len]),
]

# Values without a hash, and other containers.
FURTHER = [lambda r: bytearray(r.randbytes(3)), lambda r: Items([1, 2]), lambda r: types.SimpleNamespace(a=1), lambda r: collections.OrderedDict(a=1), lambda r: collections.deque([1])]


def value(r, depth, hashable=False):
    if depth == 0 or r.random() < 0.3:
        # A signalling NaN has no hash.
        return atom(r) if hashable else r.choice(ATOMS + FURTHER)(r)
    count = r.choice([0, 1, 2, 3, 3, 5, 20 if depth < 3 else 4])
    kind = r.choice(["tuple", "frozenset"] if hashable else ["list", "tuple", "dict", "set", "frozenset"])
    if kind == "dict":
        return {value(r, depth - 1, True): value(r, depth - 1) for _ in range(count)}
    if kind in ("set", "frozenset"):
        return (set if kind == "set" else frozenset)(value(r, depth - 1, True) for _ in range(count))
    return (list if kind == "list" else tuple)(value(r, depth - 1, hashable) for _ in range(count))


def atom(r):
    while True:
        made = r.choice(ATOMS)(r)
        try:
            hash(made)
            return made
        except TypeError:
            pass


def same(a, b):
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b)) and all(same(x, y) for x, y in zip(a.values(), b.values()))
    if isinstance(a, (set, frozenset)):
        # In any order: each has its like in the other.
        rest = list(b)
        for x in a:
            found = next((i for i, y in enumerate(rest) if same(x, y)), None)
            if found is None:
                return False
            del rest[found]
        return not rest
    if isinstance(a, datetime.datetime):
        # Equal as Python has it: .NET keeps neither the fold of an unambiguous time nor the name of a zone.
        return a == b and a.utcoffset() == b.utcoffset() and (a.tzinfo is None) == (b.tzinfo is None)
    if isinstance(a, datetime.time):
        return a == b
    return repr(a) == repr(b)


def difference(a, b):
    """Describes the innermost values that differ."""
    if type(a) is type(b) and isinstance(a, (list, tuple, dict)) and len(a) == len(b):
        pairs = [*zip(a, b), *(zip(a.values(), b.values()) if isinstance(a, dict) else ())]
        for x, y in pairs:
            if not same(x, y):
                return difference(x, y)
    return f"{a!r} came back as {b!r}"


def check(identity, seed):
    """Describes the difference; None if there is none."""
    r = random.Random(seed)
    made = value(r, r.randrange(5))
    back = identity(made)
    return None if same(made, back) else difference(made, back)
