WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddPyAsync().AddPyImport<IMain>();
WebApplication app = builder.Build();

// An endpoint in C#.
app.MapGet("/", () => "hello from C#");

// The FastAPI application of main.py: its /hello is /api/hello here.
app.MapAsgi("/api", "main:app");

// A stream of events for a browser: an async generator of main.py.
app.MapGet("/ticks", (IMain main) => TypedResults.ServerSentEvents(main.TicksAsync()));
app.Run();

// main.py as C# sees it. The compiler generates the implementation.
[PyImport("main")]
public partial interface IMain
{
    IAsyncEnumerable<int> TicksAsync(); // async def ticks()
}
