using Xunit;

namespace PyAsync.Tests;

/// <summary>Tests that use Python in the tests' own process, one at a time. Those of child processes run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class InThisProcess
{
    /// <summary>The collection's name.</summary>
    public const string Name = nameof(InThisProcess);
}
