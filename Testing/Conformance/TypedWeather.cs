using PyAsync.Interop;

namespace PyAsync.Testing.Conformance;

/// <summary>The module that <c>typed_weather.py</c> is.</summary>
[PyImport("typed_weather")]
internal partial interface ITypedWeather
{
    string Version { get; }

    int Level { get; set; }

    Task<string> ForecastAsync(string city, int days = 3, CancellationToken cancellationToken = default);

    Task<int> AddAsync(int a, int b = 1);

    ValueTask<int> Add(int a, int b);

    [PyName("add")]
    int AddNow(int a, int b = 1);

    IAsyncEnumerable<int> ReadingsAsync(int station, int count = 3, CancellationToken cancellationToken = default);

    Task<string> PassedAsync(string city = "Oslo", int days = 3, string unit = "C", [PyKeyword] bool loud = false);

    [PyName("passed")]
    Task<string> PassedAllAsync(string a, int b = 2, [PyKeyword] int d = 4, [PyKwargs] IReadOnlyDictionary<string, object?>? options = null, params int[] rest);

    string Shape(int a, int b = 2, int c = 3, [PyKeyword] int d = 4, [PyKwargs] IReadOnlyDictionary<string, int>? options = null, params int[] rest);

    string ByPosition([PyPositional] int a = 1, [PyPositional] int b = 2, int c = 3);

    [PyName("by_position")]
    string ByPositionIfGiven([PyPositional] PyOptional<int> a = default, [PyPositional] PyOptional<int> b = default);

    Task<string> OptionalAsync(PyOptional<string?> unit = default);

    Task<int> SummarizeAsync(string text, Func<string, CancellationToken, Task> onToken);

    Task<bool> CancelCallbackAsync(Func<CancellationToken, Task<string>> callback, Func<bool> hasBegun);

    Task<int> TotalAsync(Task<int> first, IAsyncEnumerable<int> items);

    Task<int[]> ApplyAsync(Func<int, int> function, IReadOnlyList<int> values);

    [PyName("forever")]
    Task WaitAsync(Action started, CancellationToken cancellationToken = default);

    Task FailAsync();

    Task<TypedReport> ReportAsync(IReadOnlyList<TypedReport> places, double? scale = null);

    [PyName("report")]
    Task<TypedWrongReport> WrongReportAsync(IReadOnlyList<TypedReport> places);

    Task<int> KeepAsync(PyObject value, [PyKeyword] object? other = null);

    Task<int> RefuseAsync(PyObject value);

    [PyName("refuse")]
    Task<int> RefusedAsync(PyObject value, [PyKeyword] PyObject other);

    Task<ITypedClient> ConnectAsync(string url);

    [PyName("Client.from_port")]
    Task<ITypedClient> FromPortAsync(int port);

    Task<List<string>> UrlsAsync(IEnumerable<ITypedClient> all);

    [PyName("urls")]
    Task<List<string>> UrlsOfAsync(PyObject all);

    Task<int> LiveAsync();

    [PyName("Bare")]
    Task<ITypedClient> BareAsync();

    [PyName("Moody")]
    Task<ITypedClient> MoodyAsync();

    Task<int> MisuseAsync(Func<int, int> callback);

    Task<string> UrlsPassedAsync(PyOptional<ITypedClient> first = default, params ITypedClient[] rest);

    [PyName("optional")]
    Task<string> OptionalObjectAsync(PyOptional<PyObject> unit = default);

    [PyName("passed")]
    Task<string> PassedObjectsAsync(params PyObject[] all);

    [PyName("passed")]
    Task<string> PassedViewAsync(PyList<string> view);

    [PyName("started")]
    int StartedNow();

    [PyName("end_started")]
    int EndStarted();

    [PyName("Nameless")]
    Task<ITypedClient> NamelessAsync();

    // What follows does not fit to the module.
    Task<int> WrongAsync();

    [PyName("wrong_items")]
    IAsyncEnumerable<int> WrongItemsAsync();

    [PyName("forecast")]
    string ForecastNow(string city);

    [PyName("readings")]
    Task<int> FirstReadingAsync(int station);

    [PyName("forecast")]
    IAsyncEnumerable<string> ForecastsAsync(string city);

    [PyName("shape")]
    IAsyncEnumerable<string> ShapesAsync(int a);

    [PyName("add")]
    IAsyncEnumerable<int> SumsAsync(int a);

    [PyName("asyncio.sleep")]
    Task<int> NumberAfterAsync(double seconds);

    [PyName("asyncio.sleep")]
    Task<string> TextAfterAsync(double seconds);

    [PyName("forecast")]
    Task<string> OtherNamesAsync(string city, [PyKeyword] int nights);

    Task<string> ForecasAsync(string city);

    string Verson { get; }
}

/// <summary>A record as argument and result.</summary>
[PyRecord]
internal sealed record TypedReport(string City, double Temperature);

[PyRecord]
internal sealed record TypedWrongReport(string City, int Humidity);

[PyProxy]
internal partial interface ITypedClient : IAsyncEnumerable<string>, IEnumerable<string>
{
    string Url { get; set; }

    int Entered { get; }

    int Broken { get; }

    int Count { get; }

    int this[string key] { get; set; }

    Task<string> GetAsync(string path, int times = 1, CancellationToken cancellationToken = default);

    ITypedClient Sibling();

    Task UsingAsync(Func<ITypedClient, CancellationToken, Task> body, CancellationToken cancellationToken = default);

    Task<TResult?> UsingAsync<TResult>(Func<ITypedClient, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default);

    Task MissingAsync();
}

[PyImport("typed_counting")]
internal interface ITypedCounting
{
    [PyName("counted")]
    Task<int> CountedAsync();
}

[PyImport("typed_raising")]
internal interface ITypedRaising
{
    int Broken { get; }

    [PyName("broken")]
    Task<int> CallBrokenAsync();

    Task<int> AbsentAsync();
}

[PyImport("typed_nowhere.at_all")]
internal interface ITypedNowhere
{
    Task GoAsync();
}
