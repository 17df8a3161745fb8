using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;

namespace PyAsync;

/// <summary>
/// Passes objects from one library to the other through a Python list that both hold: one stores the object, the other takes it out. So each library
/// counts its own reference, with its own rules, and only pythonnet's public API is used.
/// </summary>
/// <remarks>
/// Both steps run under the GIL, which is not released in between. Operations that may release it, such as a finaliser that pythonnet runs when it
/// creates an object, come afterwards.
/// </remarks>
internal sealed class Handover : IDisposable
{
    private static int s_created;

    private readonly PyObject _ours;
    private readonly ForeignObject _theirs;
    private readonly ForeignObject _index;

    private Handover(PyObject ours, ForeignObject theirs)
    {
        _ours = ours;
        _theirs = theirs;
        _index = new PyInt(0);
    }

    public static Handover Create()
    {
        PyObject list = PyConvert.List(PyConvert.None).ToPython([null]);

        // The only transfer without the list: by name. Two threads must not use the same name.
        string name = $"_handover_{Interlocked.Increment(ref s_created)}";
        using PyObject meeting = PyObject.Import("pyasync");
        meeting.SetAttr(name, list);
        try
        {
            using ForeignObject theirMeeting = Py.Import("pyasync");
            return new Handover(list, theirMeeting.GetAttr(name));
        }
        finally
        {
            meeting.DelAttr(name);
        }
    }

    public ForeignObject ToPythonNet(BorrowedReference o)
    {
        Put(NewReference.From(o));
        ForeignObject taken = _theirs.GetItem(_index);
        Clear();
        return taken;
    }

    /// <exception cref="ObjectDisposedException">The object has been disposed.</exception>
    public PyObject ToPyAsync(ForeignObject o)
    {
        try
        {
            _theirs.SetItem(_index, o);
        }
        catch (ForeignException)
        {
            // The call fails only for a null pointer.
            throw new ObjectDisposedException(typeof(ForeignObject).FullName);
        }

        PyObject taken = PyObject.FromBorrowed(CPython.PyList_GetItem(_ours.Reference, 0));
        Clear();
        return taken;
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _index.Dispose();
    }

    private void Clear() => Put(NewReference.From(InterpreterState.Current.None));

    private void Put(NewReference o) => PythonErrors.ThrowIfNegative(CPython.PyList_SetItem(_ours.Reference, 0, o.Steal()));
}
