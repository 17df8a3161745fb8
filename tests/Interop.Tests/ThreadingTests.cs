using PyAsync.Interop;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

public sealed class ThreadingTests
{
    [Fact]
    public void CarriedContext_OfAThreadThatHoldsNothing_IsKnownAsSuch()
    {
        bool? atFirst = null, withValue = null, afterwards = null, withTwo = null;
        object? kept = null;
        var thread = new Thread(() =>
        {
            atFirst = HoldsNothing();
            var local = new AsyncLocal<object?> { Value = this };
            withValue = HoldsNothing();
            kept = local.Value;
            local.Value = null;
            afterwards = HoldsNothing();
            local.Value = this;
            _ = new AsyncLocal<object?> { Value = this };
            withTwo = HoldsNothing();
        });
        thread.UnsafeStart();
        thread.Join();

        atFirst.ShouldBe(true);
        withValue.ShouldBe(false);
        kept.ShouldBeSameAs(this); // The look at the context has put it back.
        afterwards.ShouldBe(true);
        withTwo.ShouldBe(false);

        static bool HoldsNothing() => ExecutionContextCarrier.HoldsNothing(ExecutionContext.Capture()!);
    }

    [Fact]
    public void Attach_NestsAndDetachesInBetween()
    {
        PythonThread.IsAttached.ShouldBeFalse();
        using (PythonThread.Attach())
        {
            PythonThread.IsAttached.ShouldBeTrue();
            using (PythonThread.Attach())
            {
                PythonThread.IsAttached.ShouldBeTrue();
            }

            PythonThread.IsAttached.ShouldBeTrue();
            using (PythonThread.Detach())
            {
                PythonThread.IsAttached.ShouldBeFalse();
                using (PythonThread.Attach())
                {
                    PythonThread.IsAttached.ShouldBeTrue();
                }

                PythonThread.IsAttached.ShouldBeFalse();
            }

            PythonThread.IsAttached.ShouldBeTrue();
        }

        PythonThread.IsAttached.ShouldBeFalse();
        using (PythonThread.Detach())
        {
            PythonThread.IsAttached.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task ThreadLocalState_LastsAsLongAsTheThreadIsAttached()
    {
        using PyObject module = PyObject.ImportSource(
            """
            import contextvars, decimal, sys, threading

            local = threading.local()
            variable = contextvars.ContextVar("variable", default=0)
            default = decimal.getcontext().prec

            def put():
                local.value = 1
                decimal.getcontext().prec = 5
                variable.set(1)

            def kept():
                return [
                    hasattr(local, "value"),
                    decimal.getcontext().prec != default,
                    variable.get() == 1,
                ]
            """);
        void Look()
        {
            module.CallMethod("put").Dispose();
            module.CallMethod("kept").As<bool[]>().ShouldBe([false, false, false], "each call attaches again");
            using (PythonThread.Attach())
            {
                module.CallMethod("put").Dispose();
                module.CallMethod("kept").As<bool[]>().ShouldBe([true, true, true], "within one scope");
            }

            module.CallMethod("kept").As<bool[]>().ShouldBe([false, false, false], "the scope has ended");
        }

        await Task.Factory.StartNew(Look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public void Gate_Shut_WaitsForHoldersAndRefusesNewcomers()
    {
        using var gate = new AttachGate();
        gate.Enter();
        gate.Enter();
        gate.Shut(TimeSpan.Zero).ShouldBeFalse();
        Should.Throw<ObjectDisposedException>(gate.Enter);
        gate.Holders.ShouldBe(2);
        gate.Exit();
        gate.Shut(TimeSpan.Zero).ShouldBeFalse();
        gate.Exit();
        gate.Shut(TimeSpan.Zero).ShouldBeTrue();
        gate.IsShut.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(gate.Enter).Message.ShouldContain("ending");
    }

    [Fact]
    public void Gate_Shut_DoesNotWaitForDetachedThreads()
    {
        using var gate = new AttachGate();
        gate.Enter();
        gate.Leave();
        gate.TryReturn().ShouldBeTrue();
        (gate.Holders, gate.Detached).ShouldBe((1, 0));
        gate.Leave();
        (gate.Holders, gate.Detached).ShouldBe((0, 1));
        gate.Shut(TimeSpan.Zero).ShouldBeTrue();
        gate.TryReturn().ShouldBeFalse("Python may have ended");
        (gate.Holders, gate.Detached).ShouldBe((0, 1));
    }

    [Fact]
    public void Detach_WithinScopesOfBothKinds_CountsTheThreadOnce()
    {
        AttachGate gate = AttachGate.OfProcess;
        int detached = gate.Detached;
        using (PythonThread.Attach())
        {
            AttachGate inside = PythonThread.GateInside.ShouldNotBeNull();
            inside.ShouldBe(gate);
            using (PythonThread.Detach())
            {
                PythonThread.GateInside.ShouldBeNull();
                gate.Detached.ShouldBeGreaterThan(detached);
                using (PythonThread.Attach())
                {
                    PythonThread.GateInside.ShouldBe(gate);
                }

                PythonThread.GateInside.ShouldBeNull();
            }

            PythonThread.GateInside.ShouldBe(gate);
        }

        PythonThread.GateInside.ShouldBeNull();
    }

    [Fact]
    public void Gate_ShutAgainstManyThreads_LetsNoneInAfterwards()
    {
        for (int round = 0; round < 1_000; round++)
        {
            using var gate = new AttachGate();
            int inside = 0;
            int insideAtTheEnd = -1;
            Parallel.Invoke(
                Holder,
                Holder,
                () => insideAtTheEnd = gate.Shut(TimeSpan.FromMinutes(1)) ? Volatile.Read(ref inside) : -1);
            insideAtTheEnd.ShouldBe(0);

            void Holder()
            {
                for (int i = 0; i < 10; i++)
                {
                    try
                    {
                        gate.Enter();
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }

                    Interlocked.Increment(ref inside);
                    Interlocked.Decrement(ref inside);
                    gate.Exit();
                }
            }
        }
    }

    [Fact]
    public void UrgentRelease_WakesOneLoopThatRuns_OrAll()
    {
        var queue = new DeferredReleaseQueue();
        int all = 0, first = 0, second = 0;
        queue.DrainWanted += () => all++;
        queue.UrgentDrainWanted += () => { first++; return false; };
        queue.UrgentDrainWanted += () => { second++; return true; };
        queue.UrgentDrainWanted += () => throw new InvalidOperationException("one is enough");
        using PyObject o = PyObject.From(1_000_000);
        using (PythonThread.Attach())
        {
            queue.EnqueueUrgent(NewReference.From(o.Reference).Take());
            queue.EnqueueUrgent(NewReference.From(o.Reference).Take());
            (all, first, second).ShouldBe((0, 1, 1), "the second one is dropped with the first");
            queue.DrainUrgent().ShouldBeTrue();
            queue.DrainUrgent().ShouldBeFalse();
        }

        var other = new DeferredReleaseQueue();
        other.DrainWanted += () => all++;
        other.UrgentDrainWanted += () => false;
        using (PythonThread.Attach())
        {
            other.EnqueueUrgent(NewReference.From(o.Reference).Take());
            all.ShouldBe(1);
            other.Drain();
            other.DrainUrgent().ShouldBeFalse();
        }
    }

    [Fact]
    public void DeferredRelease_PastTheThreshold_AsksForADrain()
    {
        var queue = new DeferredReleaseQueue();
        int asked = 0;
        queue.DrainWanted += () => asked++;
        using (PythonThread.Attach())
        {
            for (int i = 0; i < DeferredReleaseQueue.WakeThreshold; i++)
            {
                using NewReference number = CPython.PyLong_FromLongLong(1_000_000 + i).OrThrow();
                queue.Enqueue(NewReference.From(number.Borrow()).Take());
            }

            asked.ShouldBe(1);
            queue.Drain();
            queue.Count.ShouldBe(0);
        }
    }
}
