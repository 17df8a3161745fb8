using PyAsync.Interop;

namespace PyAsync;

/// <summary>asyncio's own event loop, of the kind that suits the platform.</summary>
public sealed class AsyncioLoopFactory : EventLoopFactory
{
    /// <inheritdoc/>
    public override string Name => "asyncio";

    /// <inheritdoc/>
    public override PyObject CreateLoop()
    {
        using PyObject asyncio = PyObject.Import("asyncio");

        // Not asyncio.new_event_loop(): a policy that the application installed would give loops of another kind under this name.
        string type = OperatingSystem.IsWindows() ? "ProactorEventLoop" : "SelectorEventLoop";
        return asyncio.CallMethod(type);
    }
}
