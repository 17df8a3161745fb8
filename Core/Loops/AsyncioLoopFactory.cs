using PyAsync.Interop;

namespace PyAsync;

/// <summary>Creates asyncio's own event loop, of the kind that suits the platform.</summary>
public sealed class AsyncioLoopFactory : EventLoopFactory
{
    /// <inheritdoc/>
    public override string Name => "asyncio";

    /// <inheritdoc/>
    public override PyObject CreateLoop()
    {
        using PyObject asyncio = PyObject.Import("asyncio");

        // Not asyncio.new_event_loop(): with a policy that the application installed, it would create loops of another kind under this name.
        string type = OperatingSystem.IsWindows() ? "ProactorEventLoop" : "SelectorEventLoop";
        return asyncio.CallMethod(type);
    }
}
