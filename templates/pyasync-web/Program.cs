WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddPyAsync();
WebApplication app = builder.Build();

// An endpoint in C#.
app.MapGet("/", () => "hello from C#");

// The FastAPI application of main.py: its /hello is /api/hello here.
app.MapAsgi("/api", "main:app");

// A stream of events for a browser: an async generator of main.py.
app.MapGet("/ticks", (IRuntime python) => TypedResults.ServerSentEvents(python.IntoAsyncEnumerable<int>(() =>
{
    using PyObject main = PyObject.Import("main");
    return main.CallMethod("ticks");
})));
app.Run();
