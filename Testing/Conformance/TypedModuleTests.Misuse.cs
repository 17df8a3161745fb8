using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

// Objects and modules that lack what an interface needs, or that fail when they are asked for it.
public abstract partial class TypedModuleTests<TFixture>
{
    [ConformanceFact]
    public virtual async Task A_disposed_proxy_cannot_be_used_and_is_named()
    {
        ITypedClient client = await Weather.ConnectAsync("a");
        using PyObject o = PyProxies.ObjectOf(client);
        using ITypedClient same = Runtime.ToProxy<ITypedClient>(o);
        client.Equals(same).ShouldBeTrue();
        int hash = client.GetHashCode();
        client.Dispose();
        client.Dispose();
        client.Equals(client).ShouldBeTrue("so that a collection can remove it");
        client.GetHashCode().ShouldBe(hash);
        client.Equals(same).ShouldBeFalse();
        var view = new PyList<int>(PyObject.From((int[])[1], PyConvert.Array(PyConvert.Int32)), PyConvert.Int32);
        view.Dispose();
        Should.Throw<ObjectDisposedException>(() => client.Url).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => { client.Url = ""; }).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => client.Count).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => client.Sibling()).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => { _ = client.GetAsync("a"); }).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => { _ = client.UsingAsync(static (_, _) => Task.CompletedTask); }).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => { _ = Weather.UrlsPassedAsync(new PyOptional<ITypedClient>(client)); }).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => PyProxies.ObjectOf(client)).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => PyObject.From<object>(client, PyConvert.Object!)).ObjectName.ShouldBe("ITypedClient");
        Should.Throw<ObjectDisposedException>(() => PyObject.From<object>(view, PyConvert.Object!)).ObjectName.ShouldContain("PyList");
        client.ToString().ShouldBe("<disposed Python object>");
    }

    [ConformanceFact]
    public virtual async Task An_object_without_the_protocol_is_named_with_the_member_that_needs_it()
    {
        using ITypedClient bare = await Weather.BareAsync();
        Should.Throw<PyImportException>(() => bare.Count).Message.ShouldBe(
            "A Python 'typed_weather.Bare' has no '__len__', which ITypedClient.Count needs: object of type 'Bare' has no len(). "
            + "Remove the member from the interface, or wrap an object of a type that has the method.");
        Should.Throw<PyImportException>(() => bare["x"]).Message.ShouldStartWith("A Python 'typed_weather.Bare' has no '__getitem__', which ITypedClient.this needs: 'Bare' object is not subscriptable. ");
        Should.Throw<PyImportException>(() => { bare["x"] = 1; }).Message.ShouldStartWith("A Python 'typed_weather.Bare' has no '__setitem__', which ITypedClient.this needs: 'Bare' object does not support item assignment. ");
        Should.Throw<PyImportException>(() => ((IEnumerable<string>)bare).ToList()).Message.ShouldStartWith("A Python 'typed_weather.Bare' has no '__iter__', which ITypedClient needs. ");
        (await ThrowsAsync<PyImportException>(((IAsyncEnumerable<string>)bare).ToListAsync().AsTask())).Message
            .ShouldStartWith("A Python 'typed_weather.Bare' has no '__aiter__', which ITypedClient needs. ");
        bool hasRun = false;
        PyImportException error = await ThrowsAsync<PyImportException>(bare.UsingAsync((_, _) =>
        {
            hasRun = true;
            return Task.CompletedTask;
        }));
        (error.Module, error.MemberName).ShouldBe(("typed_weather.Bare", "__aenter__"));
        error.Message.ShouldStartWith("A Python 'typed_weather.Bare' has no '__aenter__', which ITypedClient.UsingAsync needs. ");
        (await ThrowsAsync<PyImportException>(bare.UsingAsync(static (_, _) => Task.FromResult(1)))).MemberName.ShouldBe("__aenter__");
        hasRun.ShouldBeFalse();
    }

    [ConformanceFact]
    public virtual async Task A_TypeError_of_an_object_that_has_the_protocol_is_not_changed()
    {
        using ITypedClient client = await Weather.ConnectAsync("a");
        using PyObject o = PyProxies.ObjectOf(client);
        o.SetAttr("values", PyObject.None);
        Should.Throw<PythonException>(() => client.Count).IsInstanceOf("TypeError").ShouldBeTrue();
        Should.Throw<PythonException>(() => client["x"]).IsInstanceOf("TypeError").ShouldBeTrue();
        Should.Throw<PythonException>(() => { client["x"] = 1; }).IsInstanceOf("TypeError").ShouldBeTrue();
    }

    [ConformanceFact]
    public virtual async Task A_proxy_that_is_optional_or_one_of_params_may_be_disposed_right_after_the_call()
    {
        int before = await Weather.LiveAsync();
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            ITypedClient a = await Weather.ConnectAsync("a"), b = await Weather.ConnectAsync("b"), c = await Weather.ConnectAsync("c");
            Task<string> call = Weather.UrlsPassedAsync(new PyOptional<ITypedClient>(a), b, c);
            a.Dispose();
            b.Dispose();
            c.Dispose();
            (await call).ShouldBe("a b c");
        }

        (await Weather.UrlsPassedAsync()).ShouldBe("");
        await EventuallyAsync(async () => await Weather.LiveAsync() <= before);
    }

    [ConformanceFact]
    public virtual async Task A_wrong_call_of_a_delegate_names_the_delegate_and_its_method()
    {
        (await ThrowsAsync<PythonTypeErrorException>(Weather.MisuseAsync(static x => x))).Message
            .ShouldBe("callback() takes exactly one argument (3 given): it is the C# delegate 'callback' of 'ITypedWeather.MisuseAsync'");
    }

    [ConformanceFact]
    public virtual async Task An_exception_of_a_modules_getattr_is_not_taken_for_a_missing_member()
    {
        ITypedRaising raising = Runtime.Import<ITypedRaising>();
        Should.Throw<PythonException>(() => raising.Broken).Error.Message.ShouldBe("no broken today");
        (await ThrowsAsync<PythonException>(raising.CallBrokenAsync())).Error.Message.ShouldBe("no broken today");
        (await ThrowsAsync<PyImportException>(raising.AbsentAsync())).Message
            .ShouldStartWith("The module 'typed_raising' has no 'absent', which ITypedRaising.AbsentAsync needs: ", customMessage: "though its __file__ cannot be read");
    }

    [ConformanceFact]
    public virtual async Task An_exception_of_an_objects_getattr_is_not_taken_for_a_missing_member()
    {
        using ITypedClient moody = await Weather.MoodyAsync();
        Should.Throw<PythonException>(() => moody.Url).Error.Message.ShouldBe("no url today");
        (await ThrowsAsync<PythonException>(moody.MissingAsync())).Error.Message.ShouldBe("no missing today");
        Should.Throw<PythonException>(() => moody.Sibling()).Error.Message.ShouldBe("no sibling today");
        (await ThrowsAsync<PyImportException>(moody.GetAsync("a"))).Message
            .ShouldBe("A Python 'typed_weather.Moody' has no 'get', which ITypedClient.GetAsync needs: no get. Correct the name in the interface, or set it with [PyName(\"name\")].");
    }
}
