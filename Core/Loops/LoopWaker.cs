using PyAsync.Interop;

namespace PyAsync.Loops;

/// <summary>Wakes an event loop, from any thread, so that it runs a drain.</summary>
internal abstract class LoopWaker
{
    /// <summary>Creates the best waker that the loop supports. Needs the GIL.</summary>
    /// <param name="loop">The loop; borrowed.</param>
    /// <param name="drain">The object that it is to consume; borrowed.</param>
    public static LoopWaker Create(BorrowedReference loop, PyObject drain)
    {
        WakeUpDescriptor? descriptor = WakeUpDescriptor.TryCreate();
        if (descriptor is not null)
        {
            using NewReference number = PyConvert.Int32.ToReference(descriptor.Descriptor);
            using NewReference result = CoreModules.Current.LoopRun("add_reader").Call(loop, number.Borrow(), drain.Reference);
            if (!result.IsNull)
            {
                return new DescriptorWaker(descriptor, drain.Clone());
            }

            if (PythonErrors.TryClear("NotImplementedError"))
            {
                descriptor.Dispose();
            }
            else
            {
                // After an interrupt the loop may have registered the descriptor already: it would take another descriptor with the same number for
                // this one.
                NewReference error = CPython.PyErr_GetRaisedException();
                new DescriptorWaker(descriptor, drain.Clone()).Close(loop);
                CPython.PyErr_SetRaisedException(error);
                throw PythonErrors.Take();
            }
        }

        return new ThreadsafeWaker(loop, drain.Clone());
    }

    /// <summary>Wakes the loop. From any thread, without the GIL, without blocking.</summary>
    public abstract void Wake();

    /// <summary>Called when the waker runs a drain: the next <see cref="Wake"/> needs another run. On the loop's thread.</summary>
    public abstract void BeginWoken();

    /// <summary>Called when the drain that the waker ran has returned.</summary>
    public virtual void EndWoken()
    {
    }

    /// <summary>
    /// Makes the waker able to run another drain. Called when a drain runs that the waker did not start, perhaps nested in the one that it runs
    /// (nest_asyncio). On the loop's thread.
    /// </summary>
    public virtual void RenewIfBusy(BorrowedReference loop)
    {
    }

    /// <summary>Closes the waker. Called when the loop is closed or closing. Needs the GIL.</summary>
    /// <param name="loop">The loop, while it can still be used; else NULL.</param>
    public abstract void Close(BorrowedReference loop);

    /// <summary>Wakes by a descriptor that the loop watches: a system call on the waking thread, no GIL.</summary>
    private sealed class DescriptorWaker(WakeUpDescriptor descriptor, PyObject drain) : LoopWaker
    {
        // True while the reader's handle runs, or after an exception has ended it.
        private bool _isBusy;

        public override void Wake() => descriptor.Signal();

        public override void BeginWoken()
        {
            descriptor.Clear();
            _isBusy = true;
        }

        public override void EndWoken() => _isBusy = false;

        public override void RenewIfBusy(BorrowedReference loop)
        {
            // A handle runs its callback in its context, which cannot be entered recursively: a second handle, with its own context, takes over.
            if (_isBusy)
            {
                _isBusy = false;
                using NewReference number = PyConvert.Int32.ToReference(descriptor.Descriptor);
                using NewReference result = CoreModules.Current.LoopRun("add_reader").Call(loop, number.Borrow(), drain.Reference);
                if (result.IsNull)
                {
                    PythonErrors.Forget(); // The loop keeps its current handle.
                }
            }
        }

        public override void Close(BorrowedReference loop)
        {
            if (!loop.IsNull)
            {
                RemoveReader(loop);
            }

            drain.Dispose();
            descriptor.Dispose();
        }

        /// <summary>Removes the descriptor from the loop, even after interrupts. NULL: the loop is closed, and its selector with it; or it was interrupted.</summary>
        private void RemoveReader(BorrowedReference loop)
        {
            using NewReference number = PyConvert.Int32.ToReference(descriptor.Descriptor);
            NewReference interrupt = default;
            for (int attempt = 0; attempt < LoopInterrupts.Maximum; attempt++)
            {
                using NewReference result = loop.CallMethod(WellKnownNames.Current["remove_reader"], number.Borrow());
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
    /// Wakes by <c>call_soon_threadsafe</c>, for loops that watch no descriptors (Windows). It needs the GIL, so a pool thread calls it and the waking
    /// thread continues.
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

        public override void BeginWoken()
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
                using NewReference handle = loop.Borrow().CallMethod(WellKnownNames.Current["call_soon_threadsafe"], CoreModules.Current.Consume, _drain.Reference);
                if (handle.IsNull)
                {
                    PythonErrors.Forget(); // The loop is closed: the code that closes it settles the queued items.
                }
            }
        }
    }
}
