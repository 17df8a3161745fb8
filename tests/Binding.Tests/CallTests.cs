using PyAsync.Interop;
using Shouldly;
using Station;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Calls Snapshots/weather.py through the code that was generated for it: the names, the kinds of parameters and the types fit.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private readonly IRuntime _runtime = PyAsyncRuntime.Create();
    private readonly IWeather _weather;

    public CallTests() => _weather = _runtime.Import<IWeather>();

    public async ValueTask InitializeAsync() => await _runtime.StartAsync();

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    [Fact]
    public async Task Functions_TakeAndReturnRecordsAndEnums()
    {
        Forecast forecast = await _weather.ForecastAsync("Oslo", 5, Unit.Fahrenheit);
        forecast.City.ShouldBe("Oslo");
        forecast.High.ShouldBe(25);
        forecast.Sky.ShouldBe(Sky.HeavyRain);
        forecast.Notes.ShouldBe(["fahrenheit"]);
        forecast.Comment.ShouldBeNull();

        (await _weather.ForecastAsync("Oslo")).High.ShouldBe(23, "Python's default");
        _weather.Version.ShouldBe("1.4");
        _weather.Limit.ShouldBe(5);
    }

    [Fact]
    public async Task Overloads_AreThoseOfPython()
    {
        (await _weather.ParseAsync("abc")).ShouldBe(new Reading(3, 0.5));
        (await _weather.ParseAsync([1, 2], strict: false)).ShouldBe([new Reading(1, 0), new Reading(2, 0)]);
        (await _weather.MixedAsync(41)).ShouldBe(42L);
        (await _weather.MixedAsync("x")).ShouldBe("x None True []");
        (await _weather.MixedAsync("x", 1.5, limit: (object?)null, options: new Dictionary<string, object?> { ["a"] = 1 })).ShouldBe("x 1.5 False [('a', 1)]");
        (await _weather.AverageAsync(1, 2, 6)).ShouldBe(3);
    }

    [Fact]
    public async Task Streams_AndCallbacks()
    {
        List<Reading> readings = [];
        await foreach (Reading reading in _weather.ReadingsAsync(4, TestContext.Current.CancellationToken))
        {
            readings.Add(reading);
        }

        readings.ShouldBe([new Reading(4, 0), new Reading(4, 0.5), new Reading(4, 1)]);
        List<string> words = [];
        (await _weather.SummarizeAsync("to the sea", async (word, _) =>
        {
            await Task.Yield();
            words.Add(word);
        })).ShouldBe("TO THE SEA");
        words.ShouldBe(["to", "the", "sea"]);
    }

    [Fact]
    public async Task Objects_HaveTheMembersOfTheirClass()
    {
        using IClient client = await _weather.ClientAsync("http://station", timeout: 1);
        client.Url.ShouldBe("http://station");
        client.Count.ShouldBe(1);
        client.Retries.ShouldBe(3);
        client["Oslo"].ShouldBe(new Reading(4, 1.5));
        client.Open.ShouldBeTrue();
        client.Open = false;
        await client.UsingAsync((entered, _) =>
        {
            entered.Open.ShouldBeTrue();
            return Task.CompletedTask;
        });
        client.Open.ShouldBeFalse();
        (await client.FetchAsync(Level.High))["http://station"].ShouldBe([new Reading(2, 2.5)]);
        (await client.FetchAsync()).Keys.ShouldContain("Level", "an enum's member arrives as one");
        string? watched = null;
        await client.WatchAsync((url, _) =>
        {
            watched = url;
            return Task.CompletedTask;
        });
        watched.ShouldBe("http://station");
        (await client.CountAsync(TestContext.Current.CancellationToken)).ShouldBe(3);
    }

    [Fact]
    public async Task Modules_HaveClassMethodsAndTypedDicts()
    {
        using IClient fromEnvironment = await _weather.ClientFromEnvAsync();
        fromEnvironment.Url.ShouldBe("weather");
        using IClient connected = await _weather.ConnectAsync("u", new Options { Unit = Unit.Celsius });
        connected.Url.ShouldBe("u?{'unit': 'celsius'}");
    }
}
