using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>asyncio's loop, which refuses to watch descriptors, as the one of Windows (Proactor) does.</summary>
internal sealed class NoReaderLoopFactory : EventLoopFactory
{
    // asyncio's own sockets, pipes and subprocesses add by the methods that begin with an underscore, and remove by these.
    private const string Source = """
        import asyncio

        class NoReaderLoop(asyncio.SelectorEventLoop):
            def add_reader(self, fd, callback, *args):
                raise NotImplementedError

            def add_writer(self, fd, callback, *args):
                raise NotImplementedError
        """;

    public override string Name => "noreader";

    public override PyObject CreateLoop()
    {
        using PyObject module = PyObject.ImportSource(Source, "no_reader_loop");
        return module.CallMethod("NoReaderLoop");
    }
}
