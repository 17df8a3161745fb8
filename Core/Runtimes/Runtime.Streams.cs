using PyAsync.Interop;

namespace PyAsync.Runtimes;

internal sealed partial class Runtime
{
    public IAsyncEnumerable<T> IntoAsyncEnumerable<T>(Func<PyObject> source, PyConverter<T> converter, int buffer = 128) =>
        IntoAsyncEnumerable(null, source, converter, buffer);

    public PyObject AsyncEnumerableIntoPy<T>(IAsyncEnumerable<T> source, PyConverter<T> converter, int buffer = 128) =>
        AsyncEnumerableIntoPy(null, source, converter, buffer);

    internal IAsyncEnumerable<T> IntoAsyncEnumerable<T>(EventLoopContext? context, Func<PyObject> source, PyConverter<T> converter, int buffer)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        return new PythonStreamSource<T>(this, context, source, converter, buffer);
    }

    internal PyObject AsyncEnumerableIntoPy<T>(EventLoopContext? context, IAsyncEnumerable<T> source, PyConverter<T> converter, int buffer)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(converter);
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer, 1);
        _phase.ThrowIfEnding();
        using AttachScope scope = PythonThread.Attach();
        return new DotNetStream<T>(this, source, converter, buffer).CreateIterator(context);
    }
}
