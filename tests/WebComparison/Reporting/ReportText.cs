namespace PyAsync.Tests;

/// <summary>The parts of the report that no run writes.</summary>
internal static class ReportText
{
    public const string Introduction = """
        # The ASGI server compared with uvicorn

        `tests/WebComparison` serves the same applications with Kestrel (`app.MapAsgi("/", "compare:app")`) and with uvicorn (`--http httptools --loop uvloop`), asks
        both the same questions over plain connections, and compares the answers. The applications are a raw one that sends and receives every type of
        message, one of Starlette and one of FastAPI; they are in `tests/WebComparison/Applications`. An answer is the status, the headers in any order, the framing
        of the body (a length, chunks, the end of the connection), the body, and whether the connection is kept; where the application records something, what it saw.
        The values of `Date` and `Server`, the reason phrases, and the boundaries of chunks are not compared.

        This page is written by the tests from the answers of both servers, and a test fails if an answer changes, if two answers differ without a reason in the
        list, or if a listed difference is gone. `PYASYNC_UPDATE_REPORT=1` writes it again.

        """;

    public const string UvicornLacks = """

        ## What uvicorn lacks

        Served by Kestrel and tested in `tests/WebComparison/Http2Tests.cs` and `tests/AspNetCore.Tests`; no version of uvicorn has it:

        - HTTP/2, with or without TLS: streams, flow control for each stream, a reset of one stream as `http.disconnect`.
        - The extensions `http.response.trailers` and `http.response.pathsend`.
        - `scope["user"]` and `scope["auth"]` from the server's authentication, authorisation, rate limits, output caching and compression in front of the application.
        - Several applications, and endpoints in C#, in one process and on one port.
        - Limits for the size of a body, and for the rate at which a client sends and reads. uvicorn waits for a slow client without end.

        """;

    public const string ByHand = """

        ## Starlette's own tests

        Run once by hand on 2026-11-30, and not a part of `./test.sh`. The tests are those of the tag 0.26.1 of Starlette's
        repository, with Python 3.11 and Starlette 0.26.1. An adapter replaced the transport of `TestClient` by requests to Kestrel in the same process; WebSockets kept Starlette's own. The
        tests of requests, responses, routing, applications, endpoints, background tasks, static files, exceptions, authentication, forms, templates and middleware, on asyncio:
        288 passed, 5 failed, in 358 requests. The failures:

        - `test_response_phrase` answers with the status 123; a response has 200 to 599.
        - `test_request_headers` expects the header `connection`, which the adapter did not send.
        - `test_request_raw_path`: `%2F` stays encoded in the path, see above.
        - `test_request_send_push_promise` sends `http.response.push`, which the scope does not offer, here and with uvicorn.
        - `test_staticfiles_with_invalid_dir_permissions_returns_401` needs a user who is not root.

        """;
}
