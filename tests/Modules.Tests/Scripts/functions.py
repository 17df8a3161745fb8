"""Functions: arguments, results, and their attributes in Python."""

import asyncio
import collections
import datetime
import decimal
import enum
import importlib.util
import inspect
import os
import pickle
import pydoc
import threading
import uuid

import my_test_module as m
from support import HOSTED, in_thread, main, needs, raises


def test_results_and_defaults():
    assert m.add(1) == 2
    assert m.add(1, 2) == 3
    assert m.add(left=1, right=5) == 6
    assert m.add(1, right=7) == 8
    assert m.sum_all("four") == 4
    assert m.sum_all("four", 1, 2, 3) == 10
    assert m.pair([1, 2, 3], {"a": 1.0, "b": 2}) == (3, "a,b")
    assert m.pair(items=(1, 2, 3), weights={}, limit=2) == (2, "")
    assert m.fail.__doc__ == "Fails on the calling thread."


def test_default_values_of_every_kind():
    assert m.greet("you") == "hello you! 1.5 Friday 00:00:00"
    assert m.greet("you", None, True, 2, "?", 0, datetime.timedelta(seconds=1)) == "hello you?!! 2 Sunday 00:00:01"
    assert m.greet("you", loud=False, greeting="hi").startswith("hi you")


def test_names_that_are_keywords():
    assert m.from_class("a", "b", "c") == "abc"
    assert m.from_class(class_="a", from_="b", lambda_="c") == "abc"


def test_anything_there_and_back():
    class Color(enum.Enum):
        RED = 1

    class Text(str):
        pass

    moment = datetime.datetime(2024, 7, 2, 3, 4, 5)
    values = [
        *[None, True, 1, 2**70, 1.5, 1j, "text", Text("text"), b"bytes", bytearray(b"bytes"), Color.RED, range(3), object()],
        *[[1, "two"], (1, "two"), (), ((1,), [2]), {1, 2}, frozenset([1]), set(), {None}],
        *[{"k": [1]}, {None: 1}, {(1, 2): 3}, {frozenset([1]): 2}, {Color.RED: ()}, collections.OrderedDict(a=1), collections.defaultdict(list)],
        *[moment, moment.replace(tzinfo=datetime.timezone.utc), moment.date(), moment.time(), datetime.timedelta(1)],
        *[decimal.Decimal("1.50"), decimal.Decimal("Infinity"), decimal.Decimal("1E-50"), uuid.uuid4()],
    ]
    for value in [*values, values]:
        back = m.anything(value)
        assert back == value and type(back) is type(value), (value, back)
    assert m.anything(moment).tzinfo is None
    not_a_number = decimal.Decimal("NaN")
    assert m.anything(not_a_number) is not_a_number


def test_what_contains_itself_or_is_too_deep_is_a_recursion_error():
    a_list = []
    a_list.append(a_list)
    a_dict = {}
    a_dict["self"] = (a_dict,)
    for value in [a_list, a_dict, [1, {"k": a_list}]]:
        for function in [m.anything, m.kind]:
            assert "contains itself" in str(raises(RecursionError, function, value))
    for make in [lambda v: [v], lambda v: (v,), lambda v: {"k": v}]:
        value = make(None)
        for depth in range(1, 100_000):
            value = make(value)
            if depth in [20_000, 99_999]:
                assert "too deep" in str(raises(RecursionError, m.anything, value))
    raises(RecursionError, m.contains_itself)
    threading.stack_size(256 * 1024)
    try:
        assert "contains itself" in str(raises(RecursionError, in_thread, m.kind, a_list))
    finally:
        threading.stack_size(0)


def test_at_the_recursion_limit():
    outcomes = []

    def descend():
        try:
            outcomes.append(m.anything({"k": [datetime.timedelta(1), (1, {2})]}))
        except RecursionError:
            pass
        descend()

    raises(RecursionError, descend)
    assert len(outcomes) > 100


def test_the_bool_of_numpy():
    needs(importlib.util.find_spec("numpy"), "numpy is not installed")
    import numpy

    assert m.flag(numpy.bool_(True)) is True
    assert m.flag(numpy.int32(42) > 43) is False
    assert m.flag(numpy.array(True)) is True
    assert m.add(numpy.int32(1), numpy.array(2)) == 3
    assert m.anything(numpy.float64(1.5)) == 1.5
    for value in [numpy.int32(1), numpy.array([True]), numpy.array(1)]:
        assert "must be bool, not numpy." in str(raises(TypeError, m.flag, value))


# CPython's own messages for the same mistakes.
def add(left, right=1): ...
def sum_all(label, *numbers): ...
def pair(items, weights, limit=None): ...
def noop(): ...


def test_wrong_arguments_are_reported_as_python_reports_them():
    calls = [
        lambda f: f.add(),
        lambda f: f.add(1, 2, 3),
        lambda f: f.add(1, 2, 3, 4),
        lambda f: f.add(1, zzzzzz=2),
        lambda f: f.add(1, left=1),
        lambda f: f.add(1, 2, right=1),
        lambda f: f.add(right=1),
        lambda f: f.sum_all(),
        lambda f: f.sum_all(1, label="x"),
        lambda f: f.pair(),
        lambda f: f.pair(1),
        lambda f: f.pair(1, 2, 3, 4),
        lambda f: f.noop(1),
        lambda f: f.noop(1, 2),
        lambda f: f.noop(qqqqqq=2),
    ]
    own = type("own", (), {"add": staticmethod(add), "sum_all": staticmethod(sum_all), "pair": staticmethod(pair), "noop": staticmethod(noop)})
    for call in calls:
        expected = str(raises(TypeError, call, own))
        assert str(raises(TypeError, call, m)) == expected, expected


def test_several_missing_arguments_are_listed():
    assert str(raises(TypeError, m.from_class)) == "from_class() missing 3 required positional arguments: 'class_', 'from_', and 'lambda_'"


def test_wrong_types_are_reported_as_python_reports_them():
    def message_of(function, *args, **kwargs):
        return str(raises(TypeError, function, *args, **kwargs))

    assert message_of(m.add, "one") == "add() argument 'left' must be int, not str"
    assert message_of(m.add, 1, None) == "add() argument 'right' must be int, not None"
    assert message_of(m.add, 1.5) == "add() argument 'left' must be int, not float"
    assert message_of(m.greet, None) == "greet() argument 'name' must be str, not None"
    assert message_of(m.greet, "x", 1) == "greet() argument 'greeting' must be str | None, not int"
    assert message_of(m.pair, 1, {}) == "pair() argument 'items' must be list[int], not int"
    assert message_of(m.pair, [1, "two"], {}) == "pair() argument 'items' must be list[int]: item 1 is a str"
    assert message_of(m.pair, [], {"a": None}) == "pair() argument 'weights' must be dict[str, float]: key 'a' is None"
    assert message_of(m.pair, [], {1: 2.0}) == "pair() argument 'weights' must be dict[str, float]: key 1 is an int"
    assert message_of(m.sum_all, "x", 1, "two") == "sum_all() argument 'numbers[1]' must be int, not str"
    assert message_of(m.sleep, "x") == "sleep() argument 'seconds' must be float, not str"
    assert str(raises(OverflowError, m.add, 2**40)) == "add() argument 'left': the int 1099511627776 is out of range (-2147483648 to 2147483647)"
    assert str(raises(OverflowError, m.pair, [0, 2**40], {})) == "pair() argument 'items': item 1: the int 1099511627776 is out of range (-2147483648 to 2147483647)"
    assert str(raises(OverflowError, m.sum_all, "x", 2**10000)) == "sum_all() argument 'numbers[0]': the int of 10001 bits is out of range (-9223372036854775808 to 9223372036854775807)"
    assert message_of(m.when, datetime.datetime(2024, 1, 1)) == "when() argument 'moment' must be datetime.datetime: the datetime.datetime is naive: it has no tzinfo, and so no offset"
    assert message_of(m.when, datetime.date(2024, 1, 1)) == "when() argument 'moment' must be datetime.datetime: the datetime.date has no time of day and no tzinfo"
    assert message_of(m.flag, 1) == "flag() argument 'value' must be bool, not int"
    assert message_of(m.greet, "x", end="??") == "greet() argument 'end' must be str: the str does not have one character of 16 bits"


def test_the_reason_of_a_wrong_type_is_the_cause():
    error = raises(TypeError, m.pair, [1, "two"], {})
    assert str(error.__cause__) == "Item 1: a Python 'str' cannot be converted to System.Int32."


def test_a_wrong_type_is_reported_by_the_awaitable_too():
    error = raises(TypeError, m.yield_, "x")
    assert str(error) == "yield_() argument 'value' must be int, not str"


def test_objects_with_index_and_float_are_numbers():
    class One(enum.IntEnum):
        ONE = 1

    class Index:
        def __index__(self):
            return 41

    assert m.add(One.ONE) == 2
    assert m.add(Index()) == 42


def test_signatures():
    assert str(inspect.signature(m.add)) == "(left, right=1)"
    assert str(inspect.signature(m.noop)) == "()"
    assert str(inspect.signature(m.sum_all)) == "(label, *numbers)"
    assert str(inspect.signature(m.sleep)) == "(seconds, result=0)"
    assert str(inspect.signature(m.greet)) == "(name, greeting=None, loud=False, times=1.5, end='!', day=<DayOfWeek.FRIDAY: 5>, pause=None)"
    assert str(inspect.signature(m.call_back)) == "(function, times)"


def test_what_a_signature_shows_may_be_passed():
    defaults = {name: p.default for name, p in inspect.signature(m.greet).parameters.items() if p.default is not p.empty}
    assert m.greet("you", **defaults) == m.greet("you")
    assert m.greet("you", pause=datetime.timedelta(seconds=1)) == "hello you! 1.5 Friday 00:00:01"
    error = raises(TypeError, m.greet, "you", pause=1)
    assert str(error) == "greet() argument 'pause' must be datetime.timedelta | None, not int"


def test_documentation():
    assert m.__doc__ == "The module that the tests import.\n\nIt has one of everything."
    assert m.sleep.__doc__ == (
        "Sleeps.\n\nArgs:\n    seconds: For how long.\n    result: What it gives.\n\nReturns:\n    The `result`.\n\nRaises:\n    ValueError: `seconds` is negative."
    )
    text = pydoc.render_doc(m, renderer=pydoc.plaintext)
    for line in ["sleep(seconds, result=0)", "For how long.", "class Counter(builtins.object)", "next_after(self, /, seconds)"]:
        assert line in text, (line, text)


def test_functions_look_like_functions():
    assert inspect.isroutine(m.add)
    assert m.add.__name__ == m.add.__qualname__ == "add"
    assert m.add.__module__ == "my_test_module"
    assert callable(m.add)
    assert repr(m.add) == "<C# function add>"
    assert pickle.loads(pickle.dumps(m.add)) is m.add
    m.add.note = 1
    assert m.add.note == 1
    del m.add.note


def test_a_function_in_a_class_is_a_method():
    class Twice:
        twice = m.add
        static = staticmethod(m.add)

        def __index__(self):
            return 20

    assert Twice().twice(22) == 42
    assert Twice.static(1, 1) == 2
    assert Twice().twice.__self__ is not None


def test_constants():
    assert m.VERSION == "1.0"
    assert m.VERSION_INFO == [1, 0]
    assert m.nothing is None


def test_the_module_has_what_its_initialisation_gave_it():
    assert m.NEXT_VERSION == "1.01"
    assert m.__file__.endswith(os.path.join("my_test_module", "__init__.py") if HOSTED else "my_test_module.abi3.so")
    assert m.__spec__.name == "my_test_module"


def test_a_synchronous_function_runs_on_the_calling_thread():
    assert m.thread_of() == "caller"


def test_importing_it_leaves_asyncio_to_those_who_need_it():
    from support import child

    code, output, errors = child(
        "import sys\nimport my_test_module\nprint('asyncio' in sys.modules, my_test_module.add(1))"
    )
    assert (code, output, errors) == (0, "False 2\n", "")


def test_importing_it_anew_gives_a_module_that_works():
    import sys

    del sys.modules["my_test_module"]
    import my_test_module as again

    assert again is not m
    assert again.add(1) == 2
    assert again.Counter is m.Counter
    assert again.total([m.Counter(3)]) == 3


main()
