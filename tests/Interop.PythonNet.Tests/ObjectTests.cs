using PyAsync.Interop;
using Python.Runtime;
using Shouldly;
using Xunit;
using ForeignObject = Python.Runtime.PyObject;
using PyObject = PyAsync.Interop.PyObject;

namespace PyAsync.Tests;

public sealed class ObjectTests(PythonNetFixture fixture) : PythonNetTests(fixture)
{
    [Fact]
    public void ToPythonNet_GivesTheSameObject_WithASeparateReference()
    {
        using AttachScope scope = PythonThread.Attach();
        using PyObject ours = PyObject.ImportSource("class C: pass\no = C()").GetAttr("o");
        int before = ReferencesTo(ours);

        ForeignObject theirs = ours.ToPythonNet();
        ReferencesTo(ours).ShouldBe(before + 1);
        using (PyObject again = theirs.ToPyAsync())
        {
            again.Is(ours).ShouldBeTrue();
            ReferencesTo(ours).ShouldBe(before + 2);
        }

        ReferencesTo(ours).ShouldBe(before + 1);
        theirs.Dispose();
        ReferencesTo(ours).ShouldBe(before);
    }

    [Fact]
    public void ToPyAsync_OutlivesTheOriginal()
    {
        PyObject ours;
        using (Py.GIL())
        {
            using PyModule module = Py.CreateScope();
            module.Exec("class C: pass\no = C()\no.name = 'kept'");
            using ForeignObject theirs = module.Get("o");
            ours = theirs.ToPyAsync();
        }

        using (ours)
        {
            ours.GetAttr("name").As<string>().ShouldBe("kept");
        }
    }

    [Fact]
    public void AnObjectThatNoCodeHolds_IsFreed()
    {
        using Py.GILState gil = Py.GIL();
        using PyObject module = PyObject.ImportSource("freed = []\nclass C:\n    def __del__(self): freed.append(1)");
        using PyObject created = module.CallMethod("C");
        ForeignObject theirs = created.ToPythonNet();
        PyObject again = theirs.ToPyAsync();

        created.Dispose();
        again.Dispose();
        module.GetAttr("freed").Length.ShouldBe(0);
        theirs.Dispose();
        module.GetAttr("freed").Length.ShouldBe(1);
    }

    [Fact]
    public void None_IsNone()
    {
        using Py.GILState gil = Py.GIL();
        PyObject.None.ToPythonNet().IsNone().ShouldBeTrue();
        ForeignObject.None.ToPyAsync().IsNone.ShouldBeTrue();
    }

    [Fact]
    public void ADisposedObject_IsRefused()
    {
        using Py.GILState gil = Py.GIL();
        ForeignObject theirs = new PyInt(1);
        theirs.Dispose();
        PyObject ours = PyObject.From(1);
        ours.Dispose();

        Should.Throw<ObjectDisposedException>(() => theirs.ToPyAsync()).ObjectName.ShouldBe("Python.Runtime.PyObject");
        Should.Throw<ObjectDisposedException>(() => ours.ToPythonNet());

        // The next one works.
        using PyObject next = new PyInt(2).ToPyAsync();
        next.As<int>().ShouldBe(2);
    }

    [Fact]
    public void Null_IsRefused()
    {
        Should.Throw<ArgumentNullException>(() => ((ForeignObject)null!).ToPyAsync());
        Should.Throw<ArgumentNullException>(() => ((PyObject)null!).ToPythonNet());
    }

    /// <summary>Objects that cross while others do, and while pythonnet's finaliser drops objects that were not disposed, which may let other threads in.</summary>
    [Fact]
    public void ManyThreads_GetTheirOwnObjects_AThousandTimes()
    {
        using PyObject module = PyObject.ImportSource("class C:\n    def __init__(self, n): self.n = n\n    def __del__(self):\n        for _ in range(100): pass");
        Parallel.For(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using PyObject ours = module.CallMethod("C", [i]);
            ForeignObject theirs = ours.ToPythonNet();
            using PyObject again = theirs.ToPyAsync();
            again.Is(ours).ShouldBeTrue();
            again.GetAttr("n").As<int>().ShouldBe(i);
            if (i % 2 == 0)
            {
                using Py.GILState gil = Py.GIL();
                theirs.Dispose();
            }

            if (i % 100 == 0)
            {
                GC.Collect();
            }
        });
    }

    [Fact]
    public async Task AnArgumentAndAResult_MayBePythonNets()
    {
        using PyObject module = PyObject.ImportSource("async def same(x): return x");
        PyInt given = MakeInt(7);
        ForeignObject result = await Runtime.CallAsync<ForeignObject>(module.GetAttr("same"), [PyArgument.Of<ForeignObject>(given, PythonNetConvert.For<ForeignObject>())]);

        using Py.GILState gil = Py.GIL();
        result.As<int>().ShouldBe(7);
        result.Dispose();
        given.Dispose();
    }

    [Fact]
    public async Task PyAsyncsObjects_CrossThroughPythonNetAsWhatTheyAre() =>
        (await OnLoop<bool>("o = object()\nreturn service.Echo(o) is o", ("service", new Service()))).ShouldBeTrue();

    private static PyInt MakeInt(int value)
    {
        using Py.GILState gil = Py.GIL();
        return new PyInt(value);
    }

    private static int ReferencesTo(PyObject o) => PyObject.Import("sys").CallMethod<int>("getrefcount", [o]);
}
