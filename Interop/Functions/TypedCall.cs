using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>
/// One call whose arguments have the types of a C# method. Generated code derives a class for each method, which has the arguments as fields: nothing is boxed, and
/// each argument has its converter.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TypedCall
{
    private readonly CallTarget _target;

    /// <param name="target">The function.</param>
    protected TypedCall(CallTarget target) => _target = target;

    /// <summary>Gets the names of the function, for messages.</summary>
    internal string Description => _target.Description;

    /// <summary>Gets the number of arguments that may be Python objects, or proxies of them.</summary>
    protected virtual int ObjectCount => 0;

    /// <summary>Writes the arguments. Called with the GIL held.</summary>
    /// <param name="arguments">Takes the arguments.</param>
    protected abstract void Write(ref ArgumentWriter arguments);

    /// <summary>Gets an argument that is a Python object or a proxy, which lives until the call is made; null for none.</summary>
    /// <param name="index">From 0 on, below <see cref="ObjectCount"/>.</param>
    protected virtual object? ObjectAt(int index) => null;

    /// <summary>Keeps the Python objects among the arguments alive until <see cref="EndUse"/>.</summary>
    /// <exception cref="ObjectDisposedException">One of the objects is disposed.</exception>
    internal void BeginUse()
    {
        int begun = 0;
        try
        {
            for (; begun < ObjectCount; begun++)
            {
                PyArgument.BeginUse(ObjectAt(begun));
            }
        }
        catch (ObjectDisposedException)
        {
            EndUses(begun);
            throw;
        }
    }

    internal void EndUse() => EndUses(ObjectCount);

    /// <summary>Makes the call. Needs the GIL.</summary>
    /// <param name="given">The object that the request was given.</param>
    /// <returns>The result; NULL, with the Python error set, if the function raises an exception.</returns>
    /// <exception cref="PythonTypeErrorException">An argument cannot be converted, or Python refuses the arguments.</exception>
    internal NewReference CallInUse(BorrowedReference given)
    {
        using NewReference function = _target.Resolve(given);
        var arguments = new ArgumentWriter(stackalloc nint[ArgumentWriter.StackLimit + 1], stackalloc nint[ArgumentWriter.StackLimit]);
        try
        {
            try
            {
                Write(ref arguments);
            }
            catch (Exception e) when (ConversionErrors.At(e, $"the argument '{arguments.Current}' of {_target.Description}"))
            {
                throw;
            }

            var result = new NewReference(arguments.Call(function.Borrow()));
            if (result.IsNull)
            {
                RefusedArguments.ThrowIfRefused(_target, function.Borrow(), in arguments);
            }
            else
            {
                _target.IsProven = true;
            }

            return result;
        }
        finally
        {
            arguments.Dispose();
        }
    }

    private void EndUses(int count)
    {
        for (int i = 0; i < count; i++)
        {
            PyArgument.EndUse(ObjectAt(i));
        }
    }
}
