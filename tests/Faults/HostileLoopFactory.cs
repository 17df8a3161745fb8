using PyAsync.Interop;

namespace PyAsync.Tests;

/// <summary>asyncio's loop, one of whose methods fails once: at its n-th call after <see cref="Arm"/>.</summary>
internal sealed class HostileLoopFactory(string method, int call) : EventLoopFactory, IDisposable
{
    public const string Injected = "injected";

    private const string Source = """
        import asyncio

        class HostileLoop(asyncio.SelectorEventLoop):
            left = 0

        failures = []

        def make(method, call):
            def fails(self, *args, **kwargs):
                if self.left:
                    self.left -= 1
                    if not self.left:
                        failures.append(method)
                        raise MemoryError("injected")
                return original(self, *args, **kwargs)

            original = getattr(asyncio.SelectorEventLoop, method)
            return type("HostileLoop", (HostileLoop,), {method: fails, "call": call})()

        def arm(loop):
            loop.left = loop.call
        """;

    private readonly PyObject _module = PyObject.ImportSource(Source, "hostile_loop");

    public override string Name => "hostile";

    /// <summary>Gets a value that indicates whether the method has failed. Takes the GIL, and calls no method of the loop.</summary>
    public bool HasFailed
    {
        get
        {
            using PyObject failures = _module.GetAttr("failures");
            return failures.Length > 0;
        }
    }

    public override PyObject CreateLoop() => _module.CallMethod("make", [method, call]);

    /// <summary>Begins to count the calls.</summary>
    public async Task Arm(IRuntime runtime)
    {
        using PyObject arm = _module.GetAttr("arm");
        await runtime.InvokeAsync(() =>
        {
            using PyObject loop = runtime.GetCurrentLoop().GetPythonLoop();
            arm.Call([loop]).Dispose();
        });
    }

    public void Dispose() => _module.Dispose();
}
