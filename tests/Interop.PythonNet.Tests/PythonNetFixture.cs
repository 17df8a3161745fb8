using PyAsync.Backends;
using PyAsync.Testing;

namespace PyAsync.Tests;

/// <summary>A runtime whose loop has a thread of its own, and asyncio in debug mode.</summary>
public sealed class PythonNetFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new ThreadPoolBackend();
}
