using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;
using static PyAsync.Tests.TestApplication;

namespace PyAsync.Tests;

/// <summary>The route that ASP.NET Core reports for a request to an application.</summary>
public sealed class MetricsTests
{
    /// <summary>Puts a route into the scope, as FastAPI does; below <c>/mounted</c> as an application that is mounted within another one.</summary>
    private static readonly string s_application = App($$"""
        class Route:
            path = "/items/{id}"
        if "mounted" in scope["path"]:
            scope["root_path"] += "/mounted"
        if "other" in scope["path"]:
            scope["route"] = 7
        elif "nothing" not in scope["path"]:
            scope["route"] = Route()
        if "raises" in scope["path"]:
            raise ValueError("early")
        await send({{Start}})
        await send({{End}})
        """);

    [Theory]
    [InlineData("/api/items/7", "/api/items/{id}")]
    [InlineData("/api/mounted/items/7", "/api/mounted/items/{id}")]
    [InlineData("/api/raises", "/api/items/{id}")]
    [InlineData("/api/nothing", "/api/{**asgi_path}")]
    [InlineData("/api/other", "/api/{**asgi_path}")]
    public async Task TheDuration_HasTheRouteOfTheApplication(string path, string route)
    {
        var measured = Channel.CreateUnbounded<KeyValuePair<string, object?>[]>();
        using var listener = new MeterListener();
        await using AsgiServer server = await AsgiServer.Start(s_application, "/api");
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.server.request.duration" && instrument.Meter.Scope == server.Application.Services.GetRequiredService<IMeterFactory>())
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Writer.TryWrite(tags.ToArray()));
        listener.Start();

        for (int i = 0; i < 3; i++)
        {
            (await server.Client.GetAsync(path)).Dispose();
        }

        for (int i = 0; i < 3; i++)
        {
            KeyValuePair<string, object?>[] tags = await measured.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1));
            tags.Where(static tag => tag.Key == "http.route").Select(static tag => tag.Value).ShouldBe([route]);
        }
    }

    [Fact]
    public async Task Activities_EndWithTheRouteOfTheApplication()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        ConcurrentQueue<string?> routes = new();
        await using AsgiServer server = await AsgiServer.Start(s_application, "/api", use: application => application.Use(async (context, next) =>
        {
            await next(context);
            routes.Enqueue((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        }));

        (await server.Client.GetStringAsync("/api/items/7")).ShouldBe("fine");

        routes.ShouldBe(["/api/items/{id}"]);
    }

    [Fact]
    public async Task WithoutMetricsAndActivities_TheEndpointStaysTheSame()
    {
        ConcurrentQueue<string?> routes = new();
        await using AsgiServer server = await AsgiServer.Start(s_application, "/api", use: application => application.Use(async (context, next) =>
        {
            await next(context);
            routes.Enqueue((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
        }));

        (await server.Client.GetStringAsync("/api/items/7")).ShouldBe("fine");

        routes.ShouldBe(["/api/{**asgi_path}"]);
    }
}
