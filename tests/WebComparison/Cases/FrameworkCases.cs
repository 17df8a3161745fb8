using static PyAsync.Tests.Question;
using static PyAsync.Tests.Requests;

namespace PyAsync.Tests;

/// <summary>Applications of Starlette and FastAPI.</summary>
internal static class FrameworkCases
{
    private const string Starlette = "Starlette";
    private const string FastApi = "FastAPI";

    public static IEnumerable<Question> All { get; } =
    [
        Exchange(Starlette, "text", Get("/starlette/hello")),
        Exchange(Starlette, "HEAD", Line("HEAD", "/starlette/hello")),
        Exchange(Starlette, "a method that is not allowed", Line("DELETE", "/starlette/hello")),
        Exchange(Starlette, "not found", Get("/starlette/nothing")),
        Exchange(Starlette, "JSON, query, cookies", Post("/starlette/json?a=1&b=2", """{"a": [1, 2, "Ã¼"]}""", "Content-Type: application/json", "Cookie: session=abc")),
        Exchange(Starlette, "a body that is no JSON", Post("/starlette/json", "nonsense", "Content-Type: application/json")),
        Exchange(Starlette, "a form of 100 KB", Post("/starlette/form", "a=" + new string('b', 100_000), "Content-Type: application/x-www-form-urlencoded")),
        Exchange(Starlette, "StreamingResponse", Get("/starlette/stream")),
        Exchange(Starlette, "FileResponse", Get("/starlette/file")),
        Exchange(Starlette, "HEAD of FileResponse", Line("HEAD", "/starlette/file")),
        Exchange(Starlette, "a range of FileResponse", Get("/starlette/file", "Range: bytes=10-19")),
        Exchange(Starlette, "RedirectResponse", Get("/starlette/redirect")),
        Exchange(Starlette, "redirect to the path with a slash", Get("/starlette/hello/")),
        new(Starlette, "GZipMiddleware", static async server =>
        {
            Answer answer = (await server.Ask(Get("/starlette/compressed", "Accept-Encoding: gzip")))!;
            using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(answer.Body), System.IO.Compression.CompressionMode.Decompress);
            string text = await new StreamReader(gzip).ReadToEndAsync();
            return $"{answer.Status}, {answer.Framing}, {answer.Value("content-encoding")}, {answer.Value("vary")}, {text.Length} × {text[0]}";
        }),
        Exchange(Starlette, "two cookies", Get("/starlette/cookie")),
        Exchange(Starlette, "HTTPException", Get("/starlette/refused")),
        Exchange(Starlette, "an exception in an endpoint", Get("/starlette/fails")),
        Recorded(Starlette, "BackgroundTask", Get("/starlette/background?key={key}")),

        Exchange(FastApi, "parameters", Get("/fastapi/items/5?q=x")),
        Exchange(FastApi, "a parameter of the wrong type", Get("/fastapi/items/five")),
        Exchange(FastApi, "a def endpoint, on a thread", Get("/fastapi/sync")),
        Exchange(FastApi, "a model and a dependency", Post("/fastapi/orders", """{"id": 1, "lines": [{"price": 2.5, "count": 2}, {"price": 1}]}""", "Content-Type: application/json", "X-User: ada")),
        Exchange(FastApi, "a model that is not valid", Post("/fastapi/orders", """{"id": "x"}""", "Content-Type: application/json", "X-User: ada")),
        Exchange(FastApi, "a dependency that refuses", Post("/fastapi/orders", """{"id": 1, "lines": []}""", "Content-Type: application/json")),
        Exchange(FastApi, "text in UTF-8", Get("/fastapi/text?name=%C3%84nn")),
        Exchange(FastApi, "an exception in an endpoint", Get("/fastapi/fails")),
        Exchange(FastApi, "server-sent events", Get("/fastapi/events")),
        Exchange(FastApi, "204", Line("DELETE", "/fastapi/items/5")),
        Exchange(FastApi, "a method that is not allowed", Line("PUT", "/fastapi/sync")),
        Exchange(FastApi, "openapi.json", Get("/fastapi/openapi.json")),
    ];
}
