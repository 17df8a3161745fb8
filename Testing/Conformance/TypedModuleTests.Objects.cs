using System.Runtime.CompilerServices;
using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Objects of Python classes, and interfaces that do not fit to their modules.
public abstract partial class TypedModuleTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task Objects_have_methods_properties_and_items()
    {
        using ITypedClient client = await Weather.ConnectAsync("u");
        (await client.GetAsync("a")).ShouldBe("u/a");
        (await client.GetAsync("b", 2)).ShouldBe("u/bu/b");
        client.Url = "v";
        client.Url.ShouldBe("v");
        using ITypedClient sibling = client.Sibling();
        sibling.Url.ShouldBe("v'");
        client.Count.ShouldBe(0);
        client["x"] = 5;
        client["y"] = 6;
        client.Count.ShouldBe(2);
        client["x"].ShouldBe(5);
        Should.Throw<PythonException>(() => client["z"]).IsInstanceOf("KeyError").ShouldBeTrue();
        ((IEnumerable<string>)client).ShouldBe(["x", "y"]);
        (await ((IAsyncEnumerable<string>)client).ToListAsync()).ShouldBe(["x", "y"]);
        using ITypedClient other = await Weather.FromPortAsync(80);
        other.Url.ShouldBe("port 80");
        client.ToString().ShouldStartWith("<typed_weather.Client object");
    }

    [ConformanceFact]
    public virtual async Task Code_runs_inside_async_with()
    {
        using ITypedClient client = await Weather.ConnectAsync("u");
        await client.UsingAsync((entered, _) =>
        {
            entered.ShouldBe(client);
            entered.Entered.ShouldBe(1);
            return Task.CompletedTask;
        });
        (await client.UsingAsync(static async (entered, token) => await entered.GetAsync("a", cancellationToken: token))).ShouldBe("u/a");
        client.Entered.ShouldBe(0);
    }

    [ConformanceFact]
    public virtual async Task Proxies_are_arguments_alone_and_in_lists()
    {
        using ITypedClient a = await Weather.ConnectAsync("a"), b = await Weather.ConnectAsync("b");
        (await Weather.UrlsAsync([a, b])).ShouldBe(["a", "b"]);
        using PyObject list = PyObject.From<object>(new List<object> { a }, PyConvert.Object!);
        (await Weather.UrlsOfAsync(list)).ShouldBe(["a"]);
        using PyObject get = PyObject.Import("operator").GetAttr("attrgetter").Call(["url"]);
        (await Runtime.CallAsync<string>(get, [b])).ShouldBe("b", "in untyped calls too");
        using PyObject o = PyProxies.ObjectOf(b);
        using ITypedClient again = Runtime.ToProxy<ITypedClient>(o);
        again.ShouldBe(b);
        (await ThrowsAsync<PythonTypeErrorException>(Weather.UrlsAsync([new FakeClient()]))).Message
            .ShouldContain("cannot be converted to Python: it implements PyAsync.Testing.Conformance.ITypedClient, but is not a proxy of a Python object");
        Should.Throw<ArgumentException>(static () => PyProxies.ObjectOf(new FakeClient()));
    }

    [ConformanceFact]
    public virtual async Task An_argument_may_be_disposed_right_after_the_call()
    {
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject list = PyObject.From((string[])["x"], PyConvert.Array(PyConvert.String));
            Task<List<string>> call = Weather.UrlsOfAsync(list);
            list.Dispose();
            (await ThrowsAsync<PythonException>(call)).IsInstanceOf("AttributeError").ShouldBeTrue("the list arrived: its item has no url");
        }
    }

    [ConformanceFact]
    public virtual async Task An_optional_argument_and_those_of_params_may_be_disposed_right_after_the_call_too()
    {
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            PyObject a = PyObject.From("a", PyConvert.String), b = PyObject.From("b", PyConvert.String);
            var view = new PyList<string>(a, PyConvert.String);
            PyObject[] rest = [a, b];
            Task<string> optional = Weather.OptionalObjectAsync(a), all = Weather.PassedObjectsAsync(rest), viewed = Weather.PassedViewAsync(view);
            rest[0] = PyObject.None;
            a.Dispose();
            b.Dispose();
            view.Dispose();
            (await optional).ShouldBe("'a'");
            (await all).ShouldBe("('a', 'b') []");
            (await viewed).ShouldBe("('a',) []");
        }

        using PyObject disposed = PyObject.From("a", PyConvert.String), kept = PyObject.From("b", PyConvert.String);
        disposed.Dispose();
        Should.Throw<ObjectDisposedException>(() => { _ = Weather.PassedObjectsAsync(kept, disposed); });
        (await Weather.PassedObjectsAsync(kept, kept)).ShouldBe("('b', 'b') []");
        (await Weather.PassedObjectsAsync(null!)).ShouldBe("() []");
    }

    [ConformanceFact]
    public virtual async Task An_AttributeError_inside_a_property_is_not_taken_for_a_missing_one()
    {
        using ITypedClient client = await Weather.ConnectAsync("a");
        PythonException error = Should.Throw<PythonException>(() => client.Broken);
        error.IsInstanceOf("AttributeError").ShouldBeTrue();
        error.Error.Message.ShouldContain("'nothing'");
    }

    [ConformanceFact]
    public virtual void A_coroutine_that_other_code_has_started_is_not_closed()
    {
        Should.Throw<PythonTypeErrorException>(() => Weather.StartedNow()).Message.ShouldEndWith("It is an async def: let the method return a Task.");
        Weather.EndStarted().ShouldBe(1);
    }

    [ConformanceFact]
    public virtual async Task A_missing_member_is_named_also_where_dir_fails()
    {
        using ITypedClient client = await Weather.NamelessAsync();
        (await ThrowsAsync<PyImportException>(client.MissingAsync())).Message
            .ShouldBe("A Python 'typed_weather.Nameless' has no 'missing', which ITypedClient.MissingAsync needs: 'Nameless' object has no attribute 'missing'. "
                + "Correct the name in the interface, or set it with [PyName(\"name\")].");
    }

    [ConformanceFact]
    public virtual async Task Objects_that_are_not_disposed_are_released()
    {
        int before = await Weather.LiveAsync();
        await ConnectAndForget();
        await EventuallyAsync(async () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return await Weather.LiveAsync() <= before;
        });
    }

    [ConformanceFact]
    public virtual async Task A_missing_module_is_named_with_Python_and_the_searched_folders()
    {
        string similar = $"typed_nowhere_at_all{Guid.NewGuid().ToString("N")[..4]}", file = Path.Combine(AppContext.BaseDirectory, similar + ".py");
        await File.WriteAllTextAsync(file, "");
        PyImportException error;
        try
        {
            error = await ThrowsAsync<PyImportException>(Runtime.Import<ITypedNowhere>().GoAsync());
        }
        finally
        {
            File.Delete(file);
        }

        error.Message.ShouldContain("The application has similar names: ");
        error.Message.ShouldContain(similar);

        error.Module.ShouldBe("typed_nowhere.at_all");
        error.Message.ShouldStartWith("The module 'typed_nowhere.at_all' of ITypedNowhere cannot be imported: ModuleNotFoundError: No module named 'typed_nowhere'");
        error.Message.ShouldContain($"Python {PythonInterpreter.Current.Installation.Version}");
        error.Message.Split("searched for it").Length.ShouldBe(2, "the Python is named once");
        error.ToString().Split("searched for it").Length.ShouldBe(2, "in a log too");
        error.ToString().ShouldContain("--- Python ---");
        using PyObject sys = PyObject.Import("sys"), path = sys.GetAttr("path"), last = path[-1];
        error.Message.ShouldContain($"Searched: ");
        error.Message.ShouldContain(last.ToString());
        error.InnerException.ShouldBeOfType<PythonException>();
    }

    [ConformanceFact]
    public virtual async Task A_missing_function_is_named_with_similar_ones()
    {
        PyImportException error = await ThrowsAsync<PyImportException>(Weather.ForecasAsync("Oslo"));
        error.MemberName.ShouldBe("forecas");
        error.Message.ShouldStartWith("The module 'typed_weather'");
        error.Message.ShouldContain("has no 'forecas', which ITypedWeather.ForecasAsync needs");
        error.Message.ShouldContain("Similar names: forecast.");
        Should.Throw<PyImportException>(() => Weather.Verson).Message.ShouldContain("Similar names: version.");
        using ITypedClient client = await Weather.ConnectAsync("a");
        (await ThrowsAsync<PyImportException>(client.MissingAsync())).Message
            .ShouldStartWith("A Python 'typed_weather.Client' has no 'missing', which ITypedClient.MissingAsync needs");
    }

    [ConformanceFact]
    public virtual async Task Other_parameters_are_named_with_Pythons_signature()
    {
        PythonTypeErrorException error = await ThrowsAsync<PythonTypeErrorException>(Weather.OtherNamesAsync("Oslo", 4));

        error.Message.ShouldContain("Python refused the call of typed_weather.forecast (ITypedWeather.OtherNamesAsync): forecast() got an unexpected keyword argument 'nights'");
        error.Message.ShouldContain("Python's signature is (city, days=7). The call passed 1 by position, nights by keyword.");
        error.InnerException.ShouldBeOfType<PythonException>();
    }

    [ConformanceFact]
    public virtual async Task A_result_of_another_type_is_named_with_its_member()
    {
        (await ThrowsAsync<PythonTypeErrorException>(Weather.WrongAsync())).Message
            .ShouldBe("The result of typed_weather.wrong (ITypedWeather.WrongAsync): a Python 'str' cannot be converted to System.Int32.", "whatever its hint says");
        (await ThrowsAsync<PythonTypeErrorException>(Weather.WrongItemsAsync().ToListAsync().AsTask())).Message
            .ShouldContain("n item of typed_weather.wrong_items (ITypedWeather.WrongItemsAsync): a Python 'str' cannot be converted to System.Int32.");
        Should.Throw<PythonTypeErrorException>(() => Weather.ForecastNow("Oslo")).Message.ShouldEndWith("It is an async def: let the method return a Task.");
        (await ThrowsAsync<PythonTypeErrorException>(Weather.FirstReadingAsync(1))).Message.ShouldEndWith("It is an async generator: let the method return an IAsyncEnumerable<T>.");
    }

    [ConformanceFact]
    public virtual async Task A_result_that_is_no_stream_is_named_with_the_right_result_of_the_method()
    {
        (await ThrowsAsync<PythonTypeErrorException>(Weather.ForecastsAsync("Oslo").ToListAsync().AsTask())).Message.ShouldBe(
            "The result of typed_weather.forecast (ITypedWeather.ForecastsAsync) is a Python 'coroutine', which 'async for' cannot read. "
            + "It is an async def without 'yield': let the method return a Task, of the stream if the function returns one.");
        (await ThrowsAsync<PythonTypeErrorException>(Weather.ShapesAsync(1).ToListAsync().AsTask())).Message
            .ShouldEndWith("is a Python 'str', which 'async for' cannot read. It is an ordinary iterable: let the method return a list, or a Task of one.");
        (await ThrowsAsync<PythonTypeErrorException>(Weather.SumsAsync(1).ToListAsync().AsTask())).Message
            .ShouldEndWith("is a Python 'int', which 'async for' cannot read. Let the method return the type of the value, or a Task of it.");
    }

    [ConformanceFact]
    public virtual async Task A_None_that_the_type_excludes_is_reported_with_the_remedy()
    {
        (await ThrowsAsync<PythonTypeErrorException>(Weather.NumberAfterAsync(0))).Message
            .ShouldBe("The result of typed_weather.asyncio.sleep (ITypedWeather.NumberAfterAsync): a Python 'NoneType' cannot be converted to System.Int32. For a value that may be None, declare the type nullable.");
        (await ThrowsAsync<PythonTypeErrorException>(Weather.TextAfterAsync(0))).Message
            .ShouldEndWith("to System.String. For a value that may be None, declare the type nullable, or pass PyConvert.OrNull(converter).");
    }

    [ConformanceFact]
    public virtual void An_interface_of_the_other_kind_is_refused_with_its_use()
    {
        using PyObject value = PyObject.From(1);
        Should.Throw<InvalidOperationException>(() => Runtime.Import<ITypedClient>()).Message.ShouldEndWith("ITypedClient is a [PyProxy], which describes objects, not a module: a function of a module returns them, and runtime.ToProxy wraps a PyObject.");
        Should.Throw<InvalidOperationException>(() => Runtime.ToProxy<ITypedWeather>(value)).Message.ShouldEndWith("ITypedWeather is a [PyImport], which describes a module, not an object: runtime.Import returns it.");
        Should.Throw<InvalidOperationException>(() => Runtime.Import<FakeClient>()).Message.ShouldEndWith(" is not an interface: declare one that is marked [PyImport(\"module\")]. The generator writes its implementation.");
    }

    [ConformanceFact]
    public virtual async Task An_argument_that_cannot_be_converted_is_named()
    {
        PythonTypeErrorException error = await ThrowsAsync<PythonTypeErrorException>(Weather.UrlsAsync([new FakeClient()]));
        error.Message.ShouldContain("he argument 'all' of typed_weather.urls (ITypedWeather.UrlsAsync)");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ConnectAndForget() => _ = await Weather.ConnectAsync("forgotten");

    private sealed class FakeClient : ITypedClient
    {
        public string Url { get; set; } = "";

        public int Entered => 0;

        public int Broken => 0;

        public int Count => 0;

        public int this[string key]
        {
            get => 0;
            set => _ = value;
        }

        public Task<string> GetAsync(string path, int times = 1, CancellationToken cancellationToken = default) => Task.FromResult(path);

        public ITypedClient Sibling() => this;

        public Task UsingAsync(Func<ITypedClient, CancellationToken, Task> body, CancellationToken cancellationToken = default) => body(this, cancellationToken);

        public async Task<TResult?> UsingAsync<TResult>(Func<ITypedClient, CancellationToken, Task<TResult>> body, CancellationToken cancellationToken = default) =>
            await body(this, cancellationToken);

        public Task MissingAsync() => Task.CompletedTask;

        public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IEnumerator<string> GetEnumerator() => throw new NotSupportedException();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose()
        {
        }
    }
}
