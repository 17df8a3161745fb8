using PyAsync.Interop;

namespace PyAsync;

/// <summary>Lets a uvloop start subprocesses without .NET losing the notifications about its own: see <see cref="ChildSignals"/>.</summary>
internal sealed class UvloopChildren
{
    // libuv replaces the signal's handler when it starts a child, and removes its own when the last child has exited, directly before it notifies the protocol.
    private const string Source = """
        def share(loop, take_back):
            loop.subprocess_exec = starting(loop.subprocess_exec, take_back)
            loop.subprocess_shell = starting(loop.subprocess_shell, take_back)

        def starting(start, take_back):
            async def start_and_take_back(protocol_factory, *args, **kwargs):
                def factory():
                    protocol = protocol_factory()
                    exited = protocol.process_exited

                    def process_exited():
                        take_back()
                        exited()

                    protocol.process_exited = process_exited
                    return protocol

                try:
                    return await start(factory, *args, **kwargs)
                finally:
                    take_back()

            return start_and_take_back
        """;

    private readonly PyObject _module = PyObject.ImportSource(Source, "pyasync.uvloop_children");
    private readonly PyObject _takeBack = PyFunction.Create("take_back", ChildSignals.TakeBack);

    /// <summary>Makes a loop share the signal. With the GIL held, before the loop has any child.</summary>
    public static void Share(PyObject loop)
    {
        if (!OperatingSystem.IsWindows())
        {
            ChildSignals.Keep();
            UvloopChildren children = PythonInterpreter.Current.Attachment<UvloopChildren>();
            children._module.CallMethod("share", [loop, children._takeBack]).Dispose();
        }
    }
}
