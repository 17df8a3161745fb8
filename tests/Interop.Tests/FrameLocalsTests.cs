using PyAsync.Interop;
using PyAsync.Testing;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>A failure that has reached .NET keeps no local variables of frames that have finished, and touches no other frame.</summary>
[Collection(nameof(MemoryTests))]
public sealed class FrameLocalsTests
{
    private const string Source = """
        import traceback

        alive = 0

        class Counted:
            def __init__(self):
                global alive
                alive += 1
            def __del__(self):
                global alive
                alive -= 1

        def count(): return alive

        def fail():
            local = Counted()
            raise ValueError("failed")

        def fail_deep(n):
            local = Counted()
            if n: fail_deep(n - 1)
            else: fail()

        def fail_in_generator():
            def generate():
                local = Counted()
                yield 1
                fail()
            local = Counted()
            for _ in generate(): pass

        def fail_with_itself():
            local = Counted()
            try:
                fail()
            except ValueError as e:
                kept = e
            raise kept

        def fail_from_cause():
            local = Counted()
            try:
                fail()
            except ValueError as e:
                raise KeyError("key") from e

        def fail_in_context():
            local = Counted()
            try:
                fail()
            except ValueError:
                raise KeyError("key") from None

        def fail_in_group():
            local = Counted()
            errors = []
            for _ in range(10):
                try:
                    fail()
                except ValueError as e:
                    errors.append(e)
            raise ExceptionGroup("several", [ExceptionGroup("inner", errors)])

        class Loud:
            def __del__(self): raise KeyError("in __del__")

        def fail_loudly():
            local = Loud()
            fail()

        def keeper():
            local = Counted()
            try:
                fail()
            except ValueError as e:
                stored = e
            while True:
                yield stored
                yield local

        def rethrow(e): raise e

        def handle(f):
            local = Counted()
            try:
                fail()
            except ValueError as e:
                f(e)
            return local

        def frames_of(e):
            return [frame.f_code.co_name for frame, _ in traceback.walk_tb(e.__traceback__)]

        def locals_of(e):
            return [name for frame, _ in traceback.walk_tb(e.__traceback__) for name in frame.f_locals]
        """;

    [Theory]
    [InlineData("fail", "fail")]
    [InlineData("fail_in_generator", "fail_in_generator,generate,fail")]
    [InlineData("fail_with_itself", "fail_with_itself,fail_with_itself,fail")]
    [InlineData("fail_from_cause", "fail_from_cause")]
    [InlineData("fail_in_context", "fail_in_context")]
    [InlineData("fail_in_group", "fail_in_group")]
    public void Caught_Failure_KeepsItsTracebackWithoutLocals(string function, string frames)
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");
        List<PythonException> failures = [];
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            failures.Add(Should.Throw<PythonException>(() => module.CallMethod(function)));
        }

        module.CallMethod<int>("count").ShouldBe(0);
        string.Join(",", module.CallMethod<List<string>>("frames_of", [failures[^1].Value])).ShouldBe(frames);
        module.CallMethod<List<string>>("locals_of", [failures[^1].Value]).ShouldBeEmpty();
        GC.KeepAlive(failures);
    }

    [Fact]
    public void Caught_DeepTraceback_KeepsNoLocals()
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");

        PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail_deep", [500]));

        module.CallMethod<int>("count").ShouldBe(0);
        module.CallMethod<List<string>>("frames_of", [e.Value]).Count.ShouldBe(502);
    }

    [Fact]
    public void Caught_DestructorOfALocalFails_IsTheFailureItself()
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");
        using PyObject sys = PyObject.Import("sys");
        using PyObject hook = sys.GetAttr("unraisablehook");
        int reported = 0;
        using PyObject quiet = PyFunction.Create("quiet", _ =>
        {
            reported++;
            return PyObject.None;
        });
        sys.SetAttr("unraisablehook", quiet);
        try
        {
            Should.Throw<PythonException>(() => module.CallMethod("fail_loudly")).Message.ShouldBe("ValueError: failed");
        }
        finally
        {
            sys.SetAttr("unraisablehook", hook);
        }

        reported.ShouldBe(1);
    }

    [Fact]
    public void Caught_ExceptionStoredByAGeneratorThatContinues_LeavesTheGeneratorAlone()
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");
        using PyObject generator = module.CallMethod("keeper");
        for (int i = 0; i < Repetitions.Of(1_000); i++)
        {
            using PyObject stored = generator.CallMethod("__next__");

            PythonException e = Should.Throw<PythonException>(() => module.CallMethod("rethrow", [stored]));

            module.CallMethod<int>("count").ShouldBe(1, "the generator's own; the failed function has none");
            module.CallMethod<List<string>>("frames_of", [e.Value]).ShouldContain("keeper");
            using PyObject local = generator.CallMethod("__next__");
            local.TypeName.ShouldBe("frame_locals.Counted");
        }
    }

    [Fact]
    public void Caught_ExceptionOfAFrameThatRuns_LeavesTheFrameAlone()
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");
        PythonException? caught = null;
        using PyObject handler = PyFunction.Create("handler", arguments =>
        {
            PyObject error = arguments[0];
            caught = Should.Throw<PythonException>(() => module.CallMethod("rethrow", [error]));
            return PyObject.None;
        });

        using PyObject local = module.CallMethod("handle", [handler]);

        local.TypeName.ShouldBe("frame_locals.Counted");
        module.CallMethod<List<string>>("frames_of", [caught!.Value]).ShouldBe(["rethrow", "handle", "fail"]);
    }

    [Fact]
    public void Caught_WithKeepTracebackLocals_KeepsThem()
    {
        using PyObject module = PyObject.ImportSource(Source, "frame_locals");
        PythonInterpreter.Start(new PythonInterpreterOptions { KeepTracebackLocals = true });
        try
        {
            PythonException e = Should.Throw<PythonException>(() => module.CallMethod("fail"));

            module.CallMethod<int>("count").ShouldBe(1);
            e.Value.Dispose();
            PythonThread.Attach().Dispose(); // Releases objects that were disposed without the GIL.
            module.CallMethod<int>("count").ShouldBe(0);

            e = Should.Throw<PythonException>(() => module.CallMethod("fail"));
            module.CallMethod<List<string>>("locals_of", [e.Value]).ShouldBe(["local"]);
        }
        finally
        {
            FrameLocals.AreKept = false;
        }
    }
}
