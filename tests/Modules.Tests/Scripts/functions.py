"""Functions: arguments, results, and what Python sees of them."""

import asyncio
import datetime
import enum
import inspect
import os
import pickle
import pydoc

import my_test_module as m
from support import HOSTED, main, raises


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
    for value in [None, True, 1, 2**70, 1.5, "text", b"bytes", [1, "two"], {"k": [1]}, datetime.timedelta(1), object()]:
        assert m.anything(value) == value


# What CPython itself says of the same mistakes.
def add(left, right=1): ...
def sum_all(label, *numbers): ...
def pair(items, weights, limit=None): ...
def noop(): ...


def test_wrong_arguments_are_told_as_python_tells_them():
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


def test_wrong_types_are_told_as_python_tells_them():
    def told(function, *args, **kwargs):
        return str(raises(TypeError, function, *args, **kwargs))

    assert told(m.add, "one") == "add() argument 'left' must be int, not str"
    assert told(m.add, 1, None) == "add() argument 'right' must be int, not None"
    assert told(m.add, 1.5) == "add() argument 'left' must be int, not float"
    assert told(m.greet, None) == "greet() argument 'name' must be str, not None"
    assert told(m.greet, "x", 1) == "greet() argument 'greeting' must be str | None, not int"
    assert told(m.pair, 1, {}) == "pair() argument 'items' must be list[int], not int"
    assert told(m.pair, [1, "two"], {}) == "pair() argument 'items' must be list[int], not list"
    assert told(m.sum_all, "x", 1, "two") == "sum_all() argument 'numbers[1]' must be int, not str"
    assert told(m.sleep, "x") == "sleep() argument 'seconds' must be float, not str"
    assert str(raises(OverflowError, m.add, 2**40)).startswith("The Python 'int' 1099511627776 is out of the range of System.Int32")


def test_the_reason_of_a_wrong_type_is_the_cause():
    error = raises(TypeError, m.pair, [1, "two"], {})
    assert str(error.__cause__) == "A Python 'str' cannot be converted to System.Int32."


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
    assert str(inspect.signature(m.greet)) == "(name, greeting=None, loud=False, times=1.5, end='!', day=5, pause=None)"
    assert str(inspect.signature(m.call_back)) == "(function, times)"


def test_what_a_signature_shows_may_be_passed():
    defaults = {name: p.default for name, p in inspect.signature(m.greet).parameters.items() if p.default is not p.empty}
    assert m.greet("you", **defaults) == m.greet("you")
    assert m.greet("you", pause=datetime.timedelta(seconds=1)) == "hello you! 1.5 Friday 00:00:01"
    error = raises(TypeError, m.greet, "you", pause=1)
    assert str(error) == "greet() argument 'pause' must be datetime.timedelta | None, not int"


def test_documentation():
    assert m.__doc__ == "What the tests import.\n\nIt has one of everything."
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


def test_coroutine_functions_are_known_as_such():
    with __import__("warnings").catch_warnings():
        __import__("warnings").simplefilter("ignore", DeprecationWarning)
        assert asyncio.iscoroutinefunction(m.sleep)
        assert not asyncio.iscoroutinefunction(m.add)
    if hasattr(inspect, "markcoroutinefunction"):
        assert inspect.iscoroutinefunction(m.sleep)
        assert not inspect.iscoroutinefunction(m.add)


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
