namespace PyAsync.Interop;

/// <summary>The Python types that are written in C#, one set per interpreter.</summary>
internal sealed class PythonTypes
{
    private OwnedReference _managedObject;
    private OwnedReference _function;
    private OwnedReference _future;
    private OwnedReference _coroutine;
    private OwnedReference _drain;
    private OwnedReference _callbacks;

    public PythonTypes()
    {
        _managedObject.Set(ManagedObject.CreateType());
        _function.Set(FunctionType.Create());
        _future.Set(FutureType.Create());
        _coroutine.Set(CoroutineType.Create());
        _drain.Set(DrainTypes.CreateDrain());
        _callbacks.Set(DrainTypes.CreateCallbacks());
    }

    public BorrowedReference ManagedObjectType => _managedObject.Borrow();

    public BorrowedReference Function => _function.Borrow();

    public BorrowedReference Future => _future.Borrow();

    public BorrowedReference Coroutine => _coroutine.Borrow();

    public BorrowedReference Drain => _drain.Borrow();

    public BorrowedReference Callbacks => _callbacks.Borrow();
}
