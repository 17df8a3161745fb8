"""C# enums in the signatures of a module: IntEnum and IntFlag classes of the module."""

import copy
import enum
import importlib
import inspect
import json
import pickle
import sys

import my_test_module as m
from my_test_module import Access, Urgency

from support import main, raises, repetitions


def test_they_are_classes_of_the_module():
    assert issubclass(Urgency, enum.IntEnum) and issubclass(Access, enum.IntFlag)
    assert (Urgency.__module__, Urgency.__qualname__, Urgency.__name__) == ("my_test_module", "Urgency", "Urgency")
    assert inspect.getdoc(Urgency) == "The degrees of urgency."
    assert {name: int(member) for name, member in Urgency.__members__.items()} == {
        "LOW": 1, "HIGH": 10, "URGENT": 10, "VERY_LOW": -5, "RED": 20, "RED_": 21, "_PRIVATE": 30,
    }
    assert Urgency.URGENT is Urgency.HIGH
    names = ["Urgency", "Access", "Bits", "Small", "Large", "OfConstant", "OfProperty", "OfItems", "DayOfWeek", "StringComparison"]
    assert all(issubclass(getattr(m, name), int) for name in names) and set(names) <= set(dir(m))
    assert m.DayOfWeek.FRIDAY == 5 and m.StringComparison.ORDINAL_IGNORE_CASE == 5


async def test_values_come_out_as_members():
    assert m.same(Urgency.LOW) is Urgency.LOW
    assert m.same() is Urgency.HIGH and m.same(1) is Urgency.LOW and m.same(-5) is Urgency.VERY_LOW and m.same(urgency=20) is Urgency.RED
    assert await m.urgency_later(Urgency.LOW) is Urgency.LOW
    assert m.any_urgency("High") is Urgency.HIGH
    assert m.THE_ONLY is m.OfConstant.ONLY
    assert [item async for item in m.items()] == [m.OfItems.FIRST, m.OfItems.SECOND]
    switch = m.Switch()
    assert switch.state is m.OfProperty.OFF
    switch.state = m.OfProperty.ON
    assert switch.state is m.OfProperty.ON
    switch.state = 0
    assert switch.state is m.OfProperty.OFF and switch.compare(m.StringComparison.ORDINAL) is m.StringComparison.ORDINAL
    value = m.nested({Urgency.LOW: [m.DayOfWeek.FRIDAY, None, 0]})
    assert value == {Urgency.LOW: [m.DayOfWeek.FRIDAY, None, m.DayOfWeek.SUNDAY]}
    assert [type(key) for key in value] == [Urgency] and [type(day) for day in value[1]] == [m.DayOfWeek, type(None), m.DayOfWeek]
    assert m.greet("you", day=m.DayOfWeek.MONDAY) == m.greet("you", day=1)


def test_a_result_that_is_no_member_is_an_int():
    assert type(m.urgency_of(7)) is int and m.urgency_of(7) == 7
    assert m.urgency_of(10) is Urgency.HIGH


def test_a_number_that_is_no_member_is_refused():
    for number in (7, 1 << 33, (1 << 32) + 1, 1 << 70):
        assert "same() argument 'urgency'" in str(raises(OverflowError, m.same, number))
    raises(OverflowError, m.extremes, 1, 257, m.Large.MOST)
    assert str(raises(TypeError, m.same, "HIGH")) == "same() argument 'urgency' must be Urgency, not str"
    raises(TypeError, m.same, 1.0)
    raises(TypeError, m.same, None)


def test_members_of_other_enums_are_numbers():
    assert m.same(m.Small.ONE) is Urgency.LOW


def test_flags():
    assert m.combine(Access.READ, Access.WRITE) is Access.READ_WRITE
    assert m.combine(Access.NONE) == Access.READ | Access.EXECUTE and isinstance(m.combine(Access.NONE), Access)
    assert m.combine(0, 0) is Access.NONE
    assert m.combine(8, Access.READ) == 9 and isinstance(m.combine(8, 1), Access)
    assert Access.WRITE in m.combine(Access.READ_WRITE)
    assert Access.ANYTHING == 0xFFFFFFFF and m.combine(Access.ANYTHING, Access.READ) is Access.ANYTHING and m.number_of(Access.ANYTHING) == -1
    assert m.number_of(-1) == -1 and m.number_of(-2) == -2 and m.number_of(~Access.READ) == -2 and m.combine(-2, 0) == ~Access.READ
    for number in (1 << 32, -(1 << 31) - 1, 1 << 70):
        raises(OverflowError, m.number_of, number)


def test_extremes():
    extremes = (m.Bits.LAST, m.Small.ONE, m.Large.MOST)
    assert m.extremes(*extremes) == extremes == (1 << 63, 1, (1 << 64) - 1)
    assert [type(value) for value in m.extremes(*extremes)] == [m.Bits, m.Small, m.Large]
    assert m.extremes(m.Bits.FIRST | m.Bits.LAST, 1, m.Large.MOST)[0] == m.Bits.FIRST | m.Bits.LAST
    assert m.extremes(-1 << 63, 1, m.Large.MOST)[0] is m.Bits.LAST


def test_signatures():
    parameter = inspect.signature(m.same).parameters["urgency"]
    assert parameter.default is Urgency.HIGH
    assert inspect.signature(m.combine).parameters["right"].default == 5
    assert inspect.signature(m.greet).parameters["day"].default is m.DayOfWeek.FRIDAY


def test_what_else_is_done_with_members():
    assert pickle.loads(pickle.dumps(m.same(1))) is Urgency.LOW and copy.deepcopy(m.same(1)) is Urgency.LOW
    assert json.dumps({"urgency": m.same(1)}) == '{"urgency": 1}'
    assert m.same(1) + 1 == 2 and hash(m.same(1)) == hash(1) and m.same(1).name == "LOW" and Urgency["LOW"] is m.same(1)
    assert m.anything(Urgency.LOW) is Urgency.LOW


def test_a_module_that_is_imported_anew_has_the_same():
    before = m.Urgency
    del sys.modules["my_test_module"]
    try:
        anew = importlib.import_module("my_test_module")
        assert anew.Urgency is before and anew.same(1) is before.LOW
    finally:
        sys.modules["my_test_module"] = m


def test_no_references_are_left():
    # Members of an IntFlag that are combinations are kept by Python; these are few.
    m.same(1), m.combine(1, 2), m.urgency_of(1_000_000)
    before = sys.getrefcount(Urgency.LOW), sys.getrefcount(Access.READ_WRITE)
    for _ in range(repetitions(1000)):
        m.same(1), m.combine(1, 2)
    after = sys.getrefcount(Urgency.LOW), sys.getrefcount(Access.READ_WRITE)
    assert after[0] - before[0] < 10 and after[1] - before[1] < 10


if __name__ == "__main__":
    main()
