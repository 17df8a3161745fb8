using PyAsync.Interop;
using Shouldly;

namespace PyAsync.Testing;

/// <summary>Scopes: .NET code inside Python context managers, and groups of work on both sides.</summary>
/// <inheritdoc cref="ConformanceTests{TFixture}" path="/param"/>
public abstract partial class ScopeTests<TFixture>(TFixture fixture) : ConformanceTests<TFixture>(fixture)
    where TFixture : RuntimeFixture
{
    /// <summary>Managers that record what they receive, and that refuse to be exited in another task or context than the one in which they were entered.</summary>
    private const string Managers = """
        import contextlib
        import contextvars

        variable = contextvars.ContextVar("variable", default="unset")
        log = []

        class Manager:
            def __init__(self, value=None, swallow=False, fail=None, name=""):
                self.value, self.swallow, self.fail, self.name = value, swallow, fail, name

            def enter(self):
                log.append("enter" + self.name)
                self.task = asyncio.current_task()
                self.token = variable.set("inside")
                return self.value

            def exit(self, error):
                if asyncio.current_task() is not self.task:
                    log.append("exited in another task")
                variable.reset(self.token)
                log.append(f"exit{self.name}: {type(error).__name__}")
                self.error = error
                if self.fail is not None:
                    raise self.fail
                return self.swallow

        class Asynchronous(Manager):
            async def __aenter__(self):
                await asyncio.sleep(0)
                return self.enter()

            async def __aexit__(self, type, error, traceback):
                await asyncio.sleep(0)
                return self.exit(error)

        class Synchronous(Manager):
            def __enter__(self):
                return self.enter()

            def __exit__(self, type, error, traceback):
                return self.exit(error)

        async def which():
            seen = variable.get()
            variable.set("changed by a call")
            return seen

        async def fail():
            raise ValueError("of a call")

        def take_log():
            taken = list(log)
            log.clear()
            return taken

        def fails(kind):
            return globals()[kind](fail=KeyError("exit"))
        """;

    private static readonly string[] s_kinds = ["Asynchronous", "Synchronous"];

    [ConformanceFact]
    public virtual async Task Entering_the_code_and_exiting_share_one_task_and_one_context()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            int result = await Runtime.UsingAsync(
                () => module.CallMethod(kind, [42]),
                PyConvert.Int32,
                async (value, cancellationToken) =>
                {
                    await Task.Yield();
                    cancellationToken.CanBeCanceled.ShouldBeTrue();
                    return value + 1;
                });

            result.ShouldBe(43, kind);
            Log(module).ShouldBe(["enter", "exit: NoneType"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task Calls_of_the_code_see_the_context_variables_that_entering_has_set()
    {
        using PyObject module = Python(Managers);
        using PyObject which = module.GetAttr("which");
        var seen = new List<string>();

        await Runtime.UsingAsync(
            () => module.CallMethod("Asynchronous"),
            async (_, cancellationToken) =>
            {
                seen.Add(await Runtime.CallAsync<string>(which, cancellationToken: cancellationToken));
                await Task.Delay(1, cancellationToken);
                seen.Add(await Task.Run(() => Runtime.Spawn(token => Runtime.CallAsync<string>(which, cancellationToken: token))));
            });

        seen.ShouldBe(["inside", "inside"]);
        (await Runtime.CallAsync<string>(which)).ShouldBe("unset");
        Log(module).ShouldBe(["enter", "exit: NoneType"]);
    }

    [ConformanceFact]
    public virtual async Task Scopes_of_a_given_context_have_its_variables_and_those_of_entering()
    {
        using PyObject module = Python(Managers + """


            other = contextvars.ContextVar("other", default="unset")

            async def in_context(capture):
                other.set("given")
                capture()

            async def both():
                return other.get(), variable.get()
            """);
        EventLoopContext? given = null;
        PyObject capture = Own(PyFunction.Create("capture", () => given = Runtime.CaptureContext()));
        await Runtime.CallAsync(module.GetAttr("in_context"), [capture]);

        (string, string) seen = await Runtime.In(given!).UsingAsync(
            () => module.CallMethod("Asynchronous"),
            (_, cancellationToken) => Runtime.CallAsync<(string, string)>(module.GetAttr("both"), cancellationToken: cancellationToken));

        seen.ShouldBe(("given", "inside"));
    }

    [ConformanceFact]
    public virtual async Task Exiting_receives_the_exception_of_the_code()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            var thrown = new InvalidOperationException("of the code");
            (await ThrowsAsync<InvalidOperationException>(Runtime.UsingAsync(() => module.CallMethod(kind), async (_, _) =>
            {
                await Task.Yield();
                throw thrown;
            }))).ShouldBeSameAs(thrown);
            Log(module).ShouldBe(["enter", "exit: DotNetException"], kind);

            // An exception that Python raised is the same object for the manager.
            PythonException raised = await ThrowsAsync<PythonException>(Runtime.UsingAsync(
                () => module.CallMethod(kind), (_, cancellationToken) => Runtime.CallMethodAsync(module, "fail", cancellationToken: cancellationToken)));
            raised.TypeName.ShouldBe("builtins.ValueError");
            raised.Error.Traceback.ShouldContain("of a call");
            Log(module).ShouldBe(["enter", "exit: ValueError"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task An_exception_that_exiting_swallows_is_over()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            string? result = await Runtime.UsingAsync<string>(() => module.CallMethod(kind, [PyArgument.Named("swallow", true)]), async (_, _) =>
            {
                await Task.Yield();
                throw new InvalidOperationException("of the code");
            });

            result.ShouldBeNull();
            Log(module).ShouldBe(["enter", "exit: DotNetException"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task An_exit_that_raises_replaces_the_outcome()
    {
        using PyObject module = Python(Managers);
        foreach (string kind in s_kinds)
        {
            PythonException e = await ThrowsAsync<PythonException>(Runtime.UsingAsync<int>(
                () => module.CallMethod("fails", [kind]), (_, _) => Task.FromResult(1)));
            e.TypeName.ShouldBe("builtins.KeyError");

            e = await ThrowsAsync<PythonException>(Runtime.UsingAsync<int>(
                () => module.CallMethod("fails", [kind]), (_, _) => Task.FromException<int>(new InvalidOperationException("of the code"))));
            e.TypeName.ShouldBe("builtins.KeyError");
            e.Error.Traceback.ShouldContain("of the code"); // During handling of …
            Log(module).ShouldBe(["enter", "exit: NoneType", "enter", "exit: DotNetException"], kind);
        }
    }

    [ConformanceFact]
    public virtual async Task Code_whose_manager_is_not_entered_does_not_run()
    {
        using PyObject module = Python("""
            class Broken:
                async def __aenter__(self):
                    raise KeyError("enter")

                async def __aexit__(self, type, error, traceback):
                    raise AssertionError("was never entered")
            """);

        (await ThrowsAsync<PythonException>(Runtime.UsingAsync(() => module.CallMethod("Broken"), MustNotRun))).TypeName.ShouldBe("builtins.KeyError");
        (await ThrowsAsync<PythonException>(Runtime.UsingAsync(() => PyObject.From(5), MustNotRun))).Message.ShouldContain("'int' object is not a context manager");
        (await ThrowsAsync<InvalidOperationException>(Runtime.UsingAsync(() => null!, MustNotRun))).Message.ShouldContain("it must return a context manager");
        (await ThrowsAsync<DivideByZeroException>(Runtime.UsingAsync(() => throw new DivideByZeroException(), MustNotRun))).ShouldNotBeNull();
    }

    [ConformanceFact]
    public virtual async Task A_value_that_does_not_convert_reaches_the_exit()
    {
        using PyObject module = Python(Managers);

        PythonTypeErrorException e = await ThrowsAsync<PythonTypeErrorException>(Runtime.UsingAsync(
            () => module.CallMethod("Asynchronous", ["text"]), PyConvert.Int32, (_, _) => throw new InvalidOperationException("must not run")));

        e.Message.ShouldContain("the value of the context manager");
        Log(module).ShouldBe(["enter", "exit: TypeError"]);
    }

    [ConformanceFact]
    public virtual async Task A_coroutine_that_returns_a_manager_is_awaited_first()
    {
        using PyObject module = Python(Managers + """


            async def connect():
                await asyncio.sleep(0)
                return Asynchronous("connection")

            async def connect_to_nothing():
                return 5
            """);

        string? value = await Runtime.UsingAsync(() => module.CallMethod("connect"), PyConvert.String, (value, _) => Task.FromResult(value));

        value.ShouldBe("connection");
        Log(module).ShouldBe(["enter", "exit: NoneType"]);
        (await ThrowsAsync<PythonException>(Runtime.UsingAsync(() => module.CallMethod("connect_to_nothing"), MustNotRun))).Message.ShouldContain("'int' object is not a context manager");
    }

    [ConformanceFact]
    public virtual async Task The_value_lives_as_long_as_the_code()
    {
        using PyObject module = Python(Managers);
        PyObject? kept = null;
        PyObject? cloned = null;

        await Runtime.UsingAsync(() => module.CallMethod("Asynchronous", [new[] { 1, 2 }]), async (value, _) =>
        {
            await Task.Yield();
            value.As<int[]>().ShouldBe([1, 2]);
            (kept, cloned) = (value, Own(value.Clone()));
        });

        Should.Throw<ObjectDisposedException>(() => kept!.As<int[]>());
        cloned!.As<int[]>().ShouldBe([1, 2]);

        // Closing a map of memory fails while a buffer of it is held.
        using PyObject mmap = PyObject.Import("mmap");
        await Runtime.UsingAsync(() => mmap.CallMethod("mmap", [-1, 16]), PyConvert.Buffer<byte>(), async (value, _) =>
        {
            await Task.Yield();
            value.Span[0] = 1;
        });
    }

    [ConformanceFact]
    public virtual async Task AsyncLocals_of_the_caller_reach_the_code()
    {
        using PyObject module = Python(Managers);
        var local = new AsyncLocal<string>();
        foreach (string kind in s_kinds)
        {
            local.Value = kind;
            (await Runtime.UsingAsync(() => module.CallMethod(kind), async (_, _) =>
            {
                await Task.Yield();
                return local.Value;
            })).ShouldBe(kind);
        }
    }

    private static Task MustNotRun(PyObject value, CancellationToken cancellationToken) => throw new ShouldAssertException("the code must not run");

    private static string[] Log(PyObject module) => module.CallMethod<string[]>("take_log");
}
