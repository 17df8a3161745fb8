using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;

namespace PyAsync;

/// <summary>
/// Hands objects from one library to the other through a Python list that both hold: one puts the object in, the other takes it out. So each
/// counts its own reference, by its own rules, and nothing of pythonnet's is touched that it does not show to everybody.
/// </summary>
/// <remarks>
/// Under the GIL, which nothing between the putting in and the taking out gives up. What may give it up, such as a finaliser that pythonnet runs
/// when it makes an object, comes after.
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

        // The one way in without a handover: by name. Two threads must not use the same.
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
            // The only thing that a list's place does not take is a null pointer.
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

    private void Clear() => Put(NewReference.From(PythonInterpreter.Current.None));

    private void Put(NewReference o) => PythonErrors.ThrowIfNegative(CPython.PyList_SetItem(_ours.Reference, 0, o.Steal()));
}
