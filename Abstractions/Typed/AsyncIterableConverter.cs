using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>Takes the async iterable that a call returns. An error names the function, and the right result of the method.</summary>
/// <param name="function">The names of the function: "weather.readings (IWeather.ReadingsAsync)".</param>
internal sealed class AsyncIterableConverter(string function) : ReferenceConverter<PyObject>
{
    internal override NewReference ToReference(PyObject value) => NewReference.From(value.Reference);

    internal override PyObject FromReference(BorrowedReference value)
    {
        PyObject result = PyObject.FromBorrowed(value);
        if (result.HasAttr("__aiter__"))
        {
            return result;
        }

        using (result)
        {
            string type = result.TypeName;
            if (type == "coroutine")
            {
                result.CallMethod("close").Dispose(); // Never started: Python would warn of it.
            }

            throw new PythonTypeErrorException(
                $"The result of {function} is a Python '{type}', which 'async for' cannot read. "
                + (type == "coroutine" ? "It is an async def without 'yield': let the method return a Task, of the stream if the function returns one."
                    : result.HasAttr("__iter__") ? "It is an ordinary iterable: let the method return a list, or a Task of one."
                    : "Let the method return the type of the value, or a Task of it."));
        }
    }
}
