using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Random nested .NET values go to Python and come back equal, or with a clear error.</summary>
public sealed class ObjectFromDotNetTests
{
    [Fact]
    public void Value_ThatGoesToPython_ComesBackEqualOrWithAClearError() => Fuzz.Run(nameof(ObjectFromDotNetTests), static seed =>
    {
        var random = new Random(seed);
        object? value = DotNetValues.Make(random, random.Next(5));
        object? back;
        try
        {
            using PyObject converted = PyObject.From(value, PyConvert.Object);
            back = converted.As(PyConvert.Object);
        }
        catch (Exception e) when (IsClear(e))
        {
            return;
        }

        object? expected = DotNetValues.Normalise(value);
        if (!DotNetValues.AreEqual(expected, back))
        {
            throw new ShouldAssertException($"{DotNetValues.Describe(value)} came back as {DotNetValues.Describe(back)}");
        }
    });

    /// <summary>True for a refusal that names the type, or the key that Python cannot hash.</summary>
    private static bool IsClear(Exception e) =>
        e is NotSupportedException or PythonOverflowException or PythonTypeErrorException
        || (e is PythonException python && python.Message.Contains("unhashable type", StringComparison.Ordinal));
}
