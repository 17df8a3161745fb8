"""C# that calls Python through interfaces, which generated code implements."""

import asyncio
import sys
import types

import my_test_module as m
from support import main


class Client(dict):
    def __init__(self, url):
        self.url = url

    async def get(self, path, times=3):
        await asyncio.sleep(0)
        return f"{self.url}/{path}" * times

    async def __aenter__(self):
        self.url += "!"
        return self

    async def __aexit__(self, *error):
        pass


async def summarize(text, on_word):
    words = text.split()
    for word in words:
        await on_word(word)
    return len(words)


async def items(count):
    for i in range(count):
        await asyncio.sleep(0)
        yield i


async def await_all(task, stream, tasks, streams, functions, mark):
    read = {key: [item async for item in each] for key, each in streams.items()}
    parts = [await task, [item async for item in stream], await asyncio.gather(*tasks), read, [f(3) for f in functions]]
    return await mark(str(parts))


helper = types.ModuleType("typed_helper")
helper.version = "3"
helper.summarize = summarize
helper.connect = Client
helper.items = items
helper.await_all = await_all
helper.pairs = lambda clients, **weights: [(len(clients), f"{clients[0].url}{weights}")]
helper.default = lambda unit="none": repr(unit)
sys.modules["typed_helper"] = helper


async def test_every_kind_of_member():
    assert await m.typed() == "3 2 a+b u!/pu!/pu!/p 1 5 3 1 u!{'w': 1.5} 'none' None"


async def test_tasks_streams_and_delegates_as_values():
    assert await m.typed_values() == "[1, [0, 1, 2], [1, 5], {'a': [0, 1], 'b': [0]}, [6, 9]]!"


async def test_a_missing_module():
    message = await m.typed_wrong("module")
    assert message.startswith("PyImportException: The module 'typed_nowhere' of ITypedNowhere cannot be imported"), message
    assert sys.path[-1] in message


async def test_a_missing_function():
    message = await m.typed_wrong("missing")
    assert message.startswith("PyImportException: The module 'typed_helper' has no 'missing', which ITypedHelper.MissingAsync needs"), message


async def test_other_parameter_names():
    message = await m.typed_wrong("names")
    assert message.startswith("PythonTypeErrorException: Python refused the call of typed_helper.default (ITypedHelper.OtherNamesAsync)"), message
    assert "unexpected keyword argument 'nights'. Python's signature is (unit='none')." in message


async def test_a_result_of_another_type():
    message = await m.typed_wrong("type")
    assert message == "PythonTypeErrorException: The result of typed_helper.default (ITypedHelper.WrongTypeAsync): a Python 'str' cannot be converted to System.Int32."


main()
