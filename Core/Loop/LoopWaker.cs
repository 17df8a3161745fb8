using PyAsync.Interop;

namespace PyAsync;

/// <summary>Wakes an event loop, from any thread, so that it runs a drain.</summary>
internal abstract class LoopWaker
{
    /// <summary>Signals one after another: more of them are no signals.</summary>
    private const int MaxInterrupts = 10;

    /// <summary>The best way that the loop offers. Needs the GIL.</summary>
    /// <param name="loop">The loop; borrowed.</param>
    /// <param name="drain">What it is to consume; borrowed.</param>
    public static LoopWaker Create(BorrowedReference loop, PyObject drain)
    {
        WakeUpDescriptor? descriptor = WakeUpDescriptor.TryCreate();
        if (descriptor is not null)
        {
            using NewReference number = PyConvert.Int32.ToReference(descriptor.Descriptor);
            using NewReference result = CoreModules.Current.LoopRun("add_reader").Call(loop, number.Borrow(), drain.Reference);
            if (!result.IsNull)
            {
                return new DescriptorWaker(descriptor);
            }

            if (PythonErrors.TryClear("NotImplementedError"))
            {
                descriptor.Dispose();
            }
            else
            {
                // An interrupt, and the loop may know the descriptor already: it would take another of the same number for this one.
                NewReference error = CPython.PyErr_GetRaisedException();
                new DescriptorWaker(descriptor).Close(loop);
                CPython.PyErr_SetRaisedException(error);
                throw PythonErrors.Take();
            }
        }

        return new ThreadsafeWaker(loop, drain.Clone());
    }

    /// <summary>From any thread, without the GIL, without blocking.</summary>
    public abstract void Wake();

    /// <summary>At the start of a drain: the next <see cref="Wake"/> counts anew. On the loop's thread.</summary>
    public abstract void Clear();

    /// <summary>The loop is closed or closing. Needs the GIL.</summary>
    /// <param name="loop">The loop, while it can still be talked to; else NULL.</param>
    public abstract void Close(BorrowedReference loop);

    /// <summary>A descriptor that the loop watches: a system call on the waking thread, no GIL.</summary>
    private sealed class DescriptorWaker(WakeUpDescriptor descriptor) : LoopWaker
    {
        public override void Wake() => descriptor.Signal();

        public override void Clear() => descriptor.Clear();

        public override void Close(BorrowedReference loop)
        {
            if (!loop.IsNull)
            {
                RemoveReader(loop);
            }

            descriptor.Dispose();
        }

        /// <summary>The loop must forget the descriptor's number, whatever comes in between. NULL: it is closed, and its selector with it; or interrupted.</summary>
        private void RemoveReader(BorrowedReference loop)
        {
            using NewReference number = PyConvert.Int32.ToReference(descriptor.Descriptor);
            NewReference interrupt = default;
            for (int attempt = 0; attempt < MaxInterrupts; attempt++)
            {
                using NewReference result = loop.CallMethod(PythonInterpreter.Current.Names["remove_reader"], number.Borrow());
                if (!result.IsNull)
                {
                    break;
                }

                NewReference error = CPython.PyErr_GetRaisedException();
                if (!PostponedInterrupt.IsInterrupt(error.Borrow()))
                {
                    error.Dispose();
                    break;
                }

                interrupt.Dispose();
                interrupt = error;
            }

            if (!interrupt.IsNull)
            {
                PostponedInterrupt.TryPostpone(interrupt);
            }
        }
    }

    /// <summary>
    /// <c>call_soon_threadsafe</c>, for loops that watch no descriptors (Windows). It needs the GIL, so a pool thread does it and the
    /// waking thread goes on.
    /// </summary>
    private sealed class ThreadsafeWaker : LoopWaker
    {
        private readonly PyObject _drain;
        private OwnedReference _weakLoop;

        public ThreadsafeWaker(BorrowedReference loop, PyObject drain)
        {
            _drain = drain;
            _weakLoop.Set(CPython.PyWeakref_NewRef(loop, default).OrThrow());
        }

        public override void Wake() => ThreadPool.UnsafeQueueUserWorkItem(static waker => waker.WakeAttached(), this, preferLocal: false);

        public override void Clear()
        {
        }

        public override void Close(BorrowedReference loop)
        {
            _weakLoop.Clear();
            _drain.Dispose();
        }

        private void WakeAttached()
        {
            using AttachScope scope = PythonThread.Attach();
            if (_weakLoop.IsNull)
            {
                return;
            }

            using NewReference loop = _weakLoop.Borrow().Call();
            if (!loop.Borrow().IsNone)
            {
                using NewReference handle = loop.Borrow().CallMethod(PythonInterpreter.Current.Names["call_soon_threadsafe"], CoreModules.Current.Consume, _drain.Reference);
                if (handle.IsNull)
                {
                    PythonErrors.Forget(); // Closed: whoever closes it settles what is queued.
                }
            }
        }
    }
}
