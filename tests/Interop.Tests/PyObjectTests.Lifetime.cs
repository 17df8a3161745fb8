using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Disposal, copies, threads, finalisers and reference counts.</summary>
public sealed partial class PyObjectTests
{
    [Fact]
    public void None_IsOneObjectThatDisposeLeavesAlone()
    {
        PyObject none = PyObject.None;
        none.Dispose();
        none.Dispose();
        PyObject.None.ShouldBeSameAs(none);
        none.IsNone.ShouldBeTrue();
        none.Repr().ShouldBe("None");
        using PyObject copy = none.Clone();
        copy.ShouldBe(none);
    }

    [Fact]
    public void Disposed_EveryMember_Throws()
    {
        PyObject o = PyObject.From(5);
        o.Dispose();
        o.Dispose();

        Should.Throw<ObjectDisposedException>(() => o.GetAttr("real"));
        Should.Throw<ObjectDisposedException>(() => o.As<int>());
        Should.Throw<ObjectDisposedException>(() => o.Call());
        Should.Throw<ObjectDisposedException>(() => o.Clone());
        Should.Throw<ObjectDisposedException>(() => PyObject.From(new[] { 1 }).Contains(o));
        using PyObject builtins = PyObject.Import("builtins");
        Should.Throw<ObjectDisposedException>(() => builtins.CallMethod("repr", [o]));
        o.ToString().ShouldBe("<disposed Python object>");
    }

    [Fact]
    public void Clone_OutlivesTheOriginal()
    {
        PyObject original = PyObject.From(new[] { 1, 2 });
        using PyObject clone = original.Clone();
        original.Dispose();

        clone.Is(clone).ShouldBeTrue();
        clone.As<int[]>().ShouldBe([1, 2]);
    }

    [Fact]
    public void Members_FromManyThreadsAtOnce_NeitherCrashNorMix()
    {
        using PyObject module = PyObject.ImportSource("def f(x): return [x, str(x)]");
        using PyObject f = module.GetAttr("f");

        Parallel.For(0, 1_000, i =>
        {
            using PyObject result = f.Call([i]);
            result[1].As<string>().ShouldBe(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public void Dispose_WhileOthersUseTheObject_NeverCrashes()
    {
        using PyObject module = PyObject.ImportSource("def f(x): return len(x)");
        using PyObject f = module.GetAttr("f");
        for (int i = 0; i < 1_000; i++)
        {
            PyObject shared = PyObject.From(new string('x', 100));
            Parallel.Invoke(
                () => Ignore(() => f.Call<int>([shared]).ShouldBe(100)),
                () => Ignore(() => shared.Length.ShouldBe(100)),
                shared.Dispose);
        }

        static void Ignore(Action action)
        {
            try
            {
                action();
            }
            catch (ObjectDisposedException)
            {
                // Came too late.
            }
        }
    }

    [Fact]
    public void Forgotten_Objects_AreReleasedLater()
    {
        using PyObject module = PyObject.ImportSource("import weakref\nclass Thing: pass\nalive = weakref.WeakSet()\ndef make():\n    t = Thing()\n    alive.add(t)\n    return t");
        Forget();
        for (int i = 0; i < 100 && module.GetAttr("alive").Length > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using AttachScope scope = PythonThread.Attach(); // Its end drops what waits.
        }

        module.GetAttr("alive").Length.ShouldBe(0);

        void Forget()
        {
            for (int i = 0; i < 100; i++)
            {
                _ = module.CallMethod("make");
            }
        }
    }

    [Fact]
    public void References_AreCountedAsPythonCounts()
    {
        using PyObject module = PyObject.ImportSource("import sys\nthing = object()\ndef count(o): return sys.getrefcount(o)\ndef counts(): return [sys.getrefcount(o) for o in (None, True, 1, 'a', ())]");
        using PyObject thing = module.GetAttr("thing");
        using PyObject count = module.GetAttr("count");
        int before = count.Call<int>([thing]);
        long[] shared = module.CallMethod<long[]>("counts");

        PyObject[] clones = [.. Enumerable.Range(0, 10_000).Select(_ => thing.Clone())];
        int during = count.Call<int>([thing]);
        foreach (PyObject clone in clones)
        {
            clone.Dispose();
        }

        for (int i = 0; i < 10_000; i++)
        {
            PyObject.None.Dispose();
            PyObject.From(true).Dispose();
            PyObject.From(1).Dispose();
        }

        during.ShouldBe(before + 10_000);
        count.Call<int>([thing]).ShouldBe(before);
        foreach ((long earlier, long now) in shared.Zip(module.CallMethod<long[]>("counts")))
        {
            Math.Abs(now - earlier).ShouldBeLessThan(1_000);
        }
    }
}
