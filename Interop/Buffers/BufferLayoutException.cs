namespace PyAsync.Buffers;

/// <summary>A buffer's memory does not have the requested form; Python sees a <c>BufferError</c>.</summary>
internal sealed class BufferLayoutException(string message, Exception? innerException = null)
    : InvalidOperationException(message, innerException), IPythonExceptionName
{
    string IPythonExceptionName.PythonName => "BufferError";
}
