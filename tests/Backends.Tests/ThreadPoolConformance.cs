using PyAsync.Testing;

namespace PyAsync.Tests.OnThreadPool;

public sealed class ThreadPoolFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new ThreadPoolBackend();

    public override EventLoopFactory CreateEventLoop() => TestLoops.Create();
}

public sealed class Compliance : ComplianceTests<ThreadPoolFixture>;

public sealed class Baseline(ThreadPoolFixture fixture) : BaselineTests<ThreadPoolFixture>(fixture);

public sealed class Cancellation(ThreadPoolFixture fixture) : CancellationTests<ThreadPoolFixture>(fixture);

public sealed class Errors(ThreadPoolFixture fixture) : ErrorTests<ThreadPoolFixture>(fixture);

public sealed class Loops(ThreadPoolFixture fixture) : LoopTests<ThreadPoolFixture>(fixture);

public sealed class Context(ThreadPoolFixture fixture) : ContextTests<ThreadPoolFixture>(fixture);

public sealed class InlineFunctions(ThreadPoolFixture fixture) : InlineFunctionTests<ThreadPoolFixture>(fixture);

public sealed class Interrupts(ThreadPoolFixture fixture) : InterruptTests<ThreadPoolFixture>(fixture);

public sealed class Blocking(ThreadPoolFixture fixture) : BlockingTests<ThreadPoolFixture>(fixture);

public sealed class Buffers(ThreadPoolFixture fixture) : BufferTests<ThreadPoolFixture>(fixture);

public sealed class Values(ThreadPoolFixture fixture) : ValueTests<ThreadPoolFixture>(fixture);

public sealed class Scopes(ThreadPoolFixture fixture) : ScopeTests<ThreadPoolFixture>(fixture);

public sealed class Streams(ThreadPoolFixture fixture) : StreamTests<ThreadPoolFixture>(fixture);

public sealed class Flows(ThreadPoolFixture fixture) : FlowTests<ThreadPoolFixture>(fixture);

public sealed class Ordering(ThreadPoolFixture fixture) : OrderingTests<ThreadPoolFixture>(fixture);

public sealed class Lifetime(ThreadPoolFixture fixture) : LifetimeTests<ThreadPoolFixture>(fixture);

public sealed class RealLibraries(ThreadPoolFixture fixture) : RealLibraryTests<ThreadPoolFixture>(fixture);

public sealed class Tasks(ThreadPoolFixture fixture) : TaskTests<ThreadPoolFixture>(fixture);

public sealed class TypedModules(ThreadPoolFixture fixture) : TypedModuleTests<ThreadPoolFixture>(fixture);
