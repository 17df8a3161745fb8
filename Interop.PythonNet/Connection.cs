using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;

namespace PyAsync;

/// <summary>The objects that PyAsync and pythonnet share from pythonnet's start to its end. Needs the GIL, unless a member says otherwise.</summary>
internal sealed class Connection : NeighbourLibrary, IDisposable
{
    private readonly Handover _handover;
    private readonly PyType _exceptionType;

    private Connection(Handover handover, PyType exceptionType)
    {
        _handover = handover;
        _exceptionType = exceptionType;
    }

    /// <summary>The codecs, which are disposed with the connection; null before they are registered.</summary>
    public IDisposable? Codecs { get; set; }

    public static Connection Open()
    {
        PyConvert.Register(PythonNetConvert.For<ForeignObject>());
        return new Connection(Handover.Create(), PyType.Get(typeof(Exception)));
    }

    /// <summary>Gets the same object for pythonnet, with a further reference.</summary>
    public ForeignObject ToPythonNet(BorrowedReference o) => _handover.ToPythonNet(o);

    /// <summary>Makes an owner for PyAsync of the same object, with its own reference.</summary>
    public PyObject ToPyAsync(ForeignObject o) => _handover.ToPyAsync(o);

    public override Exception? ExceptionOf(PyObject error)
    {
        using ForeignObject theirs = _handover.ToPythonNet(error.Reference);
        return theirs.TypeCheck(_exceptionType) ? theirs.As<Exception>() : null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An exception is being converted: if this way fails, for example because pythonnet is being shut down, the ordinary conversion follows.")]
    public override PyObject? PythonExceptionOf(Exception exception)
    {
        try
        {
            switch (exception)
            {
                case ForeignException theirs:
                    return PythonNetExceptions.ValueOf(theirs);
                case DotNetFailure { InnerException: { } inner }:
                    using (ForeignObject shown = ForeignObject.FromManagedObject(inner))
                    {
                        return _handover.ToPyAsync(shown);
                    }

                default:
                    return null;
            }
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Releases pythonnet's objects.</summary>
    public void Dispose()
    {
        _handover.Dispose();
        _exceptionType.Dispose();
        Codecs?.Dispose();
    }
}
