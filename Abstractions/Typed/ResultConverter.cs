using PyAsync.Interop;

namespace PyAsync.Typed;

/// <summary>Converts a value of Python. An error names the member that the value comes from.</summary>
/// <param name="inner">Converts the value.</param>
/// <param name="source">The member: "the result of weather.forecast (IWeather.ForecastAsync)".</param>
internal sealed class ResultConverter<T>(PyConverter<T> inner, string source) : ReferenceConverter<T>
{
    internal override NewReference ToReference(T value) => inner.ToReference(value);

    internal override T FromReference(BorrowedReference value)
    {
        try
        {
            return inner.FromReference(value);
        }
        catch (Exception e) when (ConversionErrors.At(e, source))
        {
            throw;
        }
        catch (PythonTypeErrorException e)
        {
            if (Advice(value) is { } advice)
            {
                throw new PythonTypeErrorException($"{e.Message} {advice}", e);
            }

            throw;
        }
    }

    /// <summary>Gets advice for a value that the C# method should have awaited or read; null for others.</summary>
    private static string? Advice(BorrowedReference value)
    {
        if (value.IsNone)
        {
            return typeof(T).IsValueType ? "For a value that may be None, declare the type nullable." : null;
        }

        using PyObject owned = PyObject.FromBorrowed(value);
        switch (owned.TypeName)
        {
            case "coroutine":
                CloseIfNew(owned);
                return "It is an async def: let the method return a Task.";
            case "async_generator":
                return "It is an async generator: let the method return an IAsyncEnumerable<T>.";
            default:
                return null;
        }
    }

    /// <summary>Closes a coroutine that has never started, of which Python would warn. One that has belongs to other code.</summary>
    private static void CloseIfNew(PyObject coroutine)
    {
        using PyObject isRunning = coroutine.GetAttr("cr_running"), isSuspended = coroutine.GetAttr("cr_suspended");
        if (!PyConvert.Boolean.FromPython(isRunning) && !PyConvert.Boolean.FromPython(isSuspended))
        {
            coroutine.CallMethod("close").Dispose();
        }
    }
}
