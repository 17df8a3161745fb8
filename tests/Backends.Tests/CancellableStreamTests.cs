using PyAsync.Typed;
using Shouldly;
using Xunit;

namespace PyAsync.Tests.OnThreadPool;

/// <summary>A stream of a typed module that two tokens can end: the source that links both is a registration with the caller's tokens.</summary>
public sealed class CancellableStreamTests
{
    [Fact]
    public async Task Reading_ThatIsDisposed_EndsTheLinkOfItsTokens()
    {
        using CancellationTokenSource ofCall = new(), ofReading = new();
        var stream = new FakeStream();
        IAsyncEnumerator<int> reading = new CancellableStream<int>(stream, ofCall.Token).GetAsyncEnumerator(ofReading.Token);
        stream.Token.ShouldNotBe(ofCall.Token);
        stream.Token.WaitHandle.ShouldNotBeNull();

        await reading.DisposeAsync();

        Should.Throw<ObjectDisposedException>(() => stream.Token.WaitHandle);
    }

    [Fact]
    public async Task Reading_WhoseEndFails_EndsTheLinkOfItsTokens()
    {
        using CancellationTokenSource ofCall = new(), ofReading = new();
        var stream = new FakeStream { EndFails = true };
        IAsyncEnumerator<int> reading = new CancellableStream<int>(stream, ofCall.Token).GetAsyncEnumerator(ofReading.Token);

        await Should.ThrowAsync<NotSupportedException>(async () => await reading.DisposeAsync());

        Should.Throw<ObjectDisposedException>(() => stream.Token.WaitHandle);
    }

    [Fact]
    public void Reading_ThatCannotBegin_EndsTheLinkOfItsTokens()
    {
        using CancellationTokenSource ofCall = new(), ofReading = new();
        var stream = new FakeStream { BeginFails = true };

        Should.Throw<NotSupportedException>(() => new CancellableStream<int>(stream, ofCall.Token).GetAsyncEnumerator(ofReading.Token));

        Should.Throw<ObjectDisposedException>(() => stream.Token.WaitHandle);
    }

    [Fact]
    public void Reading_WithOneToken_HasNoLink()
    {
        using CancellationTokenSource ofCall = new();
        var stream = new FakeStream();

        new CancellableStream<int>(stream, ofCall.Token).GetAsyncEnumerator(ofCall.Token);

        stream.Token.ShouldBe(ofCall.Token);
    }

    private sealed class FakeStream : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        public bool BeginFails { get; init; }

        public bool EndFails { get; init; }

        public CancellationToken Token { get; private set; }

        public int Current => 0;

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            Token = cancellationToken;
            return BeginFails ? throw new NotSupportedException() : this;
        }

        public ValueTask<bool> MoveNextAsync() => new(false);

        public ValueTask DisposeAsync() => EndFails ? throw new NotSupportedException() : default;
    }
}
