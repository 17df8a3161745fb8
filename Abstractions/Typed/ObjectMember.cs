using System.ComponentModel;
using PyAsync.Interop;

namespace PyAsync.Modules;

/// <summary>A method of an object, found at each call as in Python. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ObjectMember : CallTarget
{
    private readonly string _name;

    /// <param name="name">The method's name.</param>
    /// <param name="member">The member of the interface.</param>
    public ObjectMember(string name, string member)
        : base(name, member) => _name = name;

    /// <summary>Finds the method. Needs the GIL.</summary>
    /// <exception cref="PyImportException">There is no such method.</exception>
    internal override NewReference Resolve(BorrowedReference given)
    {
        NewReference method = given.GetAttr(WellKnownNames.Current[_name]);
        return method.IsNull && PythonErrors.IsCurrent("AttributeError") ? throw Missing(given) : method.OrThrow();
    }

    private Exception Missing(BorrowedReference given)
    {
        Exception error = PythonErrors.Take();
        using PyObject owned = PyObject.FromBorrowed(given);
        return error is PythonException missing ? ImportErrors.Member(owned, _name, Member, missing) : error;
    }
}
