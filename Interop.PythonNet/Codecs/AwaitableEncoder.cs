using System.Diagnostics.CodeAnalysis;
using Python.Runtime;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Codecs;

/// <summary>C# Tasks and streams on their way to Python.</summary>
internal sealed class AwaitableEncoder(RegisteredCodecs codecs) : IPyObjectEncoder
{
    /// <summary>Called with the declared type of a member, or the type of a value.</summary>
    public bool CanEncode(Type type) => type == typeof(object) || DotNetAwaitable.IsTask(type) || DotNetAwaitable.IsStream(type);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "pythonnet calls this with Python on the stack above it and catches nothing: an exception would end the process. Null leaves the value to pythonnet.")]
    public ForeignObject? TryEncode(object value)
    {
        try
        {
            if (DotNetAwaitable.For(value) is not { } awaitable)
            {
                return null;
            }

            using PyObject made = codecs.Objects.Encode(awaitable, value);
            return made.ToPythonNet();
        }
        catch (Exception)
        {
            return null;
        }
    }
}
