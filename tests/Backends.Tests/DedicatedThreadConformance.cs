using PyAsync.Testing;

namespace PyAsync.Tests.OnDedicatedThread;

public sealed class DedicatedThreadFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new DedicatedThreadBackend();

    public override EventLoopFactory CreateEventLoop() => TestLoops.Create();
}

public sealed class Compliance : ComplianceTests<DedicatedThreadFixture>;

public sealed class Baseline(DedicatedThreadFixture fixture) : BaselineTests<DedicatedThreadFixture>(fixture);

public sealed class Cancellation(DedicatedThreadFixture fixture) : CancellationTests<DedicatedThreadFixture>(fixture);

public sealed class Errors(DedicatedThreadFixture fixture) : ErrorTests<DedicatedThreadFixture>(fixture);

public sealed class Loops(DedicatedThreadFixture fixture) : LoopTests<DedicatedThreadFixture>(fixture);

public sealed class Context(DedicatedThreadFixture fixture) : ContextTests<DedicatedThreadFixture>(fixture);

public sealed class InlineFunctions(DedicatedThreadFixture fixture) : InlineFunctionTests<DedicatedThreadFixture>(fixture);

public sealed class Interrupts(DedicatedThreadFixture fixture) : InterruptTests<DedicatedThreadFixture>(fixture);

public sealed class Blocking(DedicatedThreadFixture fixture) : BlockingTests<DedicatedThreadFixture>(fixture);

public sealed class Buffers(DedicatedThreadFixture fixture) : BufferTests<DedicatedThreadFixture>(fixture);

public sealed class Values(DedicatedThreadFixture fixture) : ValueTests<DedicatedThreadFixture>(fixture);

public sealed class Scopes(DedicatedThreadFixture fixture) : ScopeTests<DedicatedThreadFixture>(fixture);

public sealed class Streams(DedicatedThreadFixture fixture) : StreamTests<DedicatedThreadFixture>(fixture);

public sealed class Flows(DedicatedThreadFixture fixture) : FlowTests<DedicatedThreadFixture>(fixture);

public sealed class Ordering(DedicatedThreadFixture fixture) : OrderingTests<DedicatedThreadFixture>(fixture);

public sealed class Lifetime(DedicatedThreadFixture fixture) : LifetimeTests<DedicatedThreadFixture>(fixture);

public sealed class RealLibraries(DedicatedThreadFixture fixture) : RealLibraryTests<DedicatedThreadFixture>(fixture);

public sealed class Tasks(DedicatedThreadFixture fixture) : TaskTests<DedicatedThreadFixture>(fixture);

public sealed class TypedModules(DedicatedThreadFixture fixture) : TypedModuleTests<DedicatedThreadFixture>(fixture);
