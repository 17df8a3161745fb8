using PyAsync.Testing;

namespace PyAsync.Tests;

/// <summary>A runtime whose loop has a dedicated thread, and asyncio in debug mode.</summary>
public sealed class PythonNetFixture : RuntimeFixture
{
    public override RuntimeBackend CreateBackend() => new ThreadPoolBackend();
}
