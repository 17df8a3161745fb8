using System.Diagnostics.CodeAnalysis;
using PyAsync.Interop;
using Python.Runtime;
using PyObject = PyAsync.Interop.PyObject;
using ForeignException = Python.Runtime.PythonException;
using ForeignObject = Python.Runtime.PyObject;

namespace PyAsync;

/// <summary>What PyAsync and pythonnet share from pythonnet's start to its end. Needs the GIL, unless a member says otherwise.</summary>
internal sealed class Connection : NeighbourLibrary, IDisposable
{
    private readonly Handover _handover;
    private readonly PyType _exceptionType;
    private readonly DotNetObjects _objects;
    private Codecs? _codecs;

    private Connection(Handover handover, PyType exceptionType)
    {
        _handover = handover;
        _exceptionType = exceptionType;
        _objects = new DotNetObjects(this);
    }

    /// <summary>What .NET objects become in Python to be awaited.</summary>
    public DotNetObjects Objects => _objects;

    /// <summary>The runtime that the codecs use.</summary>
    public IRuntime Runtime => (_codecs ?? throw new InvalidOperationException("PyAsyncCodecs.Register has not been called.")).Runtime;

    public static Connection Open()
    {
        PyConvert.Register(PythonNetConvert.For<ForeignObject>());
        return new Connection(Handover.Create(), PyType.Get(typeof(Exception)));
    }

    public void Register(IRuntime? runtime)
    {
        if (_codecs is null)
        {
            _codecs = new Codecs(this);
            _codecs.AddToPythonNet();
        }

        _codecs.Runtime = runtime ?? Codecs.OwnRuntime;
    }

    /// <summary>The object for pythonnet: no copy, a reference of its own.</summary>
    public ForeignObject ToPythonNet(BorrowedReference o) => _handover.ToPythonNet(o);

    /// <summary>The object for PyAsync: no copy, a reference of its own.</summary>
    public PyObject ToPyAsync(ForeignObject o) => _handover.ToPyAsync(o);

    public override Exception? ExceptionOf(PyObject error)
    {
        using ForeignObject theirs = _handover.ToPythonNet(error.Reference);
        return theirs.TypeCheck(_exceptionType) ? theirs.As<Exception>() : null;
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "An exception is being converted: if this way fails, for example since pythonnet is being shut down, the ordinary one is left.")]
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

    /// <summary>Gives up what is pythonnet's.</summary>
    public void Dispose()
    {
        _handover.Dispose();
        _exceptionType.Dispose();
        _objects.Dispose();
    }
}
