using CustomBackend;
using PyAsync.Testing;

namespace PyAsync.Tests;

public sealed class LimitedPoolFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new LimitedPoolBackend();
}

public sealed class Compliance : ComplianceTests<LimitedPoolFixture>;

public sealed class Baseline(LimitedPoolFixture fixture) : BaselineTests<LimitedPoolFixture>(fixture);

public sealed class Cancellation(LimitedPoolFixture fixture) : CancellationTests<LimitedPoolFixture>(fixture);

public sealed class Errors(LimitedPoolFixture fixture) : ErrorTests<LimitedPoolFixture>(fixture);

public sealed class Loops(LimitedPoolFixture fixture) : LoopTests<LimitedPoolFixture>(fixture);

public sealed class Context(LimitedPoolFixture fixture) : ContextTests<LimitedPoolFixture>(fixture);

public sealed class InlineFunctions(LimitedPoolFixture fixture) : InlineFunctionTests<LimitedPoolFixture>(fixture);

public sealed class Interrupts(LimitedPoolFixture fixture) : InterruptTests<LimitedPoolFixture>(fixture);

public sealed class Blocking(LimitedPoolFixture fixture) : BlockingTests<LimitedPoolFixture>(fixture);

public sealed class Buffers(LimitedPoolFixture fixture) : BufferTests<LimitedPoolFixture>(fixture);

public sealed class Values(LimitedPoolFixture fixture) : ValueTests<LimitedPoolFixture>(fixture);

public sealed class Scopes(LimitedPoolFixture fixture) : ScopeTests<LimitedPoolFixture>(fixture);

public sealed class Streams(LimitedPoolFixture fixture) : StreamTests<LimitedPoolFixture>(fixture);

public sealed class Flows(LimitedPoolFixture fixture) : FlowTests<LimitedPoolFixture>(fixture);

public sealed class Ordering(LimitedPoolFixture fixture) : OrderingTests<LimitedPoolFixture>(fixture);

public sealed class Lifetime(LimitedPoolFixture fixture) : LifetimeTests<LimitedPoolFixture>(fixture);

public sealed class RealLibraries(LimitedPoolFixture fixture) : RealLibraryTests<LimitedPoolFixture>(fixture);

public sealed class Tasks(LimitedPoolFixture fixture) : TaskTests<LimitedPoolFixture>(fixture);

public sealed class TypedModules(LimitedPoolFixture fixture) : TypedModuleTests<LimitedPoolFixture>(fixture);
