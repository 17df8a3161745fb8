namespace PyAsync.Functions;

/// <summary>
/// Makes Python coroutines of the work of one C# function. A coroutine is an ordinary one: of an <c>async def</c> with the function's name, which
/// awaits a <c>pyasync.CoroutineStart</c>.
/// </summary>
/// <param name="description">The function.</param>
internal sealed class CoroutineFunction(FunctionDescription description)
{
    private PyObject? _function;

    /// <summary>Creates a coroutine. Needs the GIL.</summary>
    /// <param name="callable">The function that was called.</param>
    /// <param name="start">Starts the work when the coroutine is first awaited.</param>
    public NewReference New(PyCallable callable, CoroutineStart start)
    {
        _function ??= InterpreterState.Current.Attachment<Maker>().Make(description).ToPyObject();
        using NewReference awaited = CoroutineStartType.New(callable, start);
        return _function.Reference.Call(awaited.Borrow()).OrThrow();
    }

    /// <summary>The Python code that the functions share.</summary>
    private sealed class Maker
    {
        private OwnedReference _make;

        public Maker()
        {
            using NewReference module = PySource.Run(PySource.Embedded(typeof(Maker).Assembly, "coroutine.py"), "pyasync.coroutine");
            _make.Set(module.Borrow().GetAttr(WellKnownNames.Current["make"]).OrThrow());
        }

        public NewReference Make(FunctionDescription description)
        {
            using NewReference name = PyText.FromString(description.Name);
            using NewReference qualifiedName = PyText.FromString(description.QualifiedName ?? description.Name);
            using NewReference module = description.Module is { } text ? PyText.FromString(text) : NewReference.From(InterpreterState.Current.None);
            return _make.Borrow().Call(name.Borrow(), qualifiedName.Borrow(), module.Borrow()).OrThrow();
        }
    }
}
