using PyAsync.Requests;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class HeaderCacheTests
{
    [Theory]
    [InlineData("Cookie")]
    [InlineData("Authorization")]
    [InlineData("Proxy-Authorization")]
    [InlineData("X-Api-Key")]
    [InlineData("Referer")]
    public void Headers_ThatMayHoldSecrets_AreNotKept(string name)
    {
        var cache = new HeaderCache();

        cache.Find(name, "secret").ShouldBeNull();

        cache.Count.ShouldBe(0);
    }

    [Fact]
    public void Headers_ThatRepeat_AreShared()
    {
        var cache = new HeaderCache();

        SharedHeader? first = cache.Find("Accept", "text/html");

        first.ShouldNotBeNull();
        cache.Find("Accept", "text/html").ShouldBeSameAs(first);
        cache.Find("Accept", "text/plain").ShouldNotBeSameAs(first);
        cache.Find("Accept", new string('x', 1_000)).ShouldBeNull();
    }

    [Fact]
    public void Headers_ThatNeverRepeat_DoNotFillTheMemory()
    {
        var cache = new HeaderCache();

        for (int i = 0; i < 100_000; i++)
        {
            cache.Find("User-Agent", $"agent {i}");
            cache.Count.ShouldBeLessThanOrEqualTo(512);
        }
    }
}
