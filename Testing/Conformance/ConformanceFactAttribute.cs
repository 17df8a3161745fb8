using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace PyAsync.Testing;

/// <summary>A test that fails, rather than hangs the run, when it takes too long.</summary>
[XunitTestCaseDiscoverer(typeof(FactDiscoverer))]
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConformanceFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute with a time-out of five minutes: a busy machine is slow, and only a test that hangs takes so long.</summary>
    public ConformanceFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Timeout = 300_000;
}
