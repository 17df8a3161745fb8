"""C# records, enums by name, JSON and views in the signatures of a module."""

import collections
import dataclasses
import decimal
import json
import types
import typing

import my_test_module as m
from support import main, raises


@dataclasses.dataclass
class Order:
    id: int
    total: object
    lines: list
    note: str | None = None


class Line(typing.NamedTuple):
    name: str
    how_many: int = 1


LINE = {"name": "nut", "how_many": 2}


def test_a_record_is_a_dict():
    total = decimal.Decimal("1.50")
    expected = {"id": 1, "total": total, "lines": [LINE, LINE], "note": None}
    assert m.doubled({"id": 1, "total": total, "lines": [LINE]}) == expected
    assert m.doubled(Order(1, total, [Line("nut", 2)])) == expected
    assert m.doubled(types.SimpleNamespace(id=1, total=total, lines=(types.MappingProxyType(LINE),), other=5)) == expected
    assert m.any_order() == [{"name": "a", "how_many": 1}, "LIGHT"]


async def test_in_collections_tasks_and_streams():
    assert await m.by_name([LINE, None, {"name": "bolt"}]) == {"nut": LINE, "": None, "bolt": {"name": "bolt", "how_many": 1}}
    assert [line async for line in m.count_up(LINE)] == [{"name": "nut", "how_many": 0}, {"name": "nut", "how_many": 1}]


def test_a_record_with_a_class():
    parcel = m.wrap({"weight": 1, "inner": types.SimpleNamespace(weight=5, shade="LIGHT")})
    assert type(parcel) is types.SimpleNamespace and type(parcel.inner.inner) is types.SimpleNamespace
    assert (parcel.weight, parcel.shade, parcel.inner.shade, parcel.inner.inner.weight) == (2.0, "LIGHT", "VERY_DARK", 5.0)
    assert m.wrap(parcel, "VERY_DARK").shade == "VERY_DARK" and m.wrap.__text_signature__ == "(parcel, shade='LIGHT')"


def test_wrong_values_name_the_field():
    error = raises(TypeError, m.doubled, {"id": 1, "total": 1, "lines": [LINE, {"name": 5}]})
    assert str(error) == "doubled() argument 'order' must be dict[str, Any]: field 'lines': item 1: field 'name' is an int", error
    error = raises(TypeError, m.doubled, {"id": 1, "total": 1, "lines": [{"how_many": 5}]})
    assert str(error) == "doubled() argument 'order' must be dict[str, Any]: field 'lines': item 0: the dict has no field 'name', which the member Name is read from", error
    error = raises(TypeError, m.doubled, {"id": 1, "total": 1, "lines": [{"name": "a", "count": 5}]})
    assert "the dict has the unknown field 'count'; the known ones are name, how_many" in str(error), error
    error = raises(TypeError, m.doubled, 5)
    assert str(error) == "doubled() argument 'order' must be dict[str, Any], not int", error
    error = raises(OverflowError, m.wrap, {"weight": 1, "shade": "PINK"})
    assert "field 'shade': the str PINK is out of range (LIGHT, VERY_DARK)" in str(error), error
    raises(TypeError, m.doubled, None)


def test_json():
    value = {"a": [1, 2.0, None, True, "x", {"b": 2 ** 70}], "c": {}}
    assert m.same_json(value) == value and repr(m.same_json(value)) == repr(value) == repr(json.loads(json.dumps(value)))
    assert m.member(value, "c") == {} and m.member(value, "d") is None
    error = raises(TypeError, m.same_json, [1, object()])
    assert "item 1: the object has no form in JSON" in str(error), error


def test_tuples_of_eight_and_views():
    assert m.shifted((1, 2, 3, 4, 5, 6, 7, 8)) == (8, 1, 2, 3, 4, 5, 6, 7)
    raises(TypeError, m.shifted, (1, 2, 3, 4, 5, 6, 7, 8, 9))
    assert m.at(collections.deque([1, 2, 3]), 2) == 3
    raises(TypeError, m.at, [1, "a"], 1)


if __name__ == "__main__":
    main()
