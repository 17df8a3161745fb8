using PyAsync.Interop;

namespace PyAsync.Lifetime;

/// <summary>A loop cannot run here, because another one does. Python sees a <c>RuntimeError</c>, as from asyncio itself.</summary>
internal sealed class NestedRunException(string message) : InvalidOperationException(message), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "RuntimeError";
}
