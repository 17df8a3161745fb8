using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace PyAsync.Interop;

/// <summary>The data of an enum marked <c>[PyEnum]</c>, for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EnumCode
{
    private protected static readonly ConcurrentDictionary<Type, EnumCode> Registered = [];

    private protected EnumCode()
    {
    }

    /// <summary>Gets the data of an enum; null if it is not marked.</summary>
    internal static EnumCode? Find(Type type) => Registered.IsEmpty ? null : Registered.GetValueOrDefault(type);

    /// <summary>Converts a member. Needs the GIL.</summary>
    internal abstract NewReference ToReference(Enum value);
}

/// <inheritdoc cref="EnumCode"/>
/// <typeparam name="TEnum">The enum.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EnumCode<TEnum> : EnumCode
    where TEnum : struct, Enum
{
    private static EnumCode<TEnum>? s_current;
    private static bool s_isSearched;

    private readonly string? _pythonClass;
    private readonly Dictionary<TEnum, EnumMember<TEnum>> _byValue = [];
    private readonly Dictionary<string, TEnum> _byText = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TEnum> _byName = new(StringComparer.Ordinal);

    /// <summary>Creates the data of an enum.</summary>
    /// <param name="isByName">True if a member is its text in Python; false if it is its number.</param>
    /// <param name="pythonClass">The Python class whose members it becomes, as <c>module:Class</c>; null for a <c>str</c> or an <c>int</c>.</param>
    /// <param name="members">Its members.</param>
    public EnumCode(bool isByName, string? pythonClass, IReadOnlyList<EnumMember<TEnum>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        IsByName = isByName;
        _pythonClass = pythonClass;
        foreach (EnumMember<TEnum> member in members)
        {
            _byValue.TryAdd(member.Value, member);
            _byText.TryAdd(member.Text, member.Value);
            _byName.TryAdd(member.Name, member.Value);
        }
    }

    /// <summary>Gets the data of the enum; null if it is not marked.</summary>
    internal static EnumCode<TEnum>? Current => s_current ?? (s_isSearched ? null : Search());

    /// <summary>True if a member is its text in Python; false if it is its number.</summary>
    internal bool IsByName { get; }

    /// <summary>Gets the texts, for messages.</summary>
    internal IEnumerable<string> Texts => _byText.Keys;

    /// <summary>Registers the data, so that <see cref="PyConvert.Enum{TEnum}"/> finds it.</summary>
    public void Register()
    {
        s_current = this;
        Registered[typeof(TEnum)] = this;
    }

    /// <summary>Finds a member by its text.</summary>
    internal bool TryFromText(string text, out TEnum value) => _byText.TryGetValue(text, out value);

    /// <summary>Finds a member by the name of a member of a Python <c>Enum</c>.</summary>
    internal bool TryFromName(string name, out TEnum value) => _byText.TryGetValue(name, out value) || _byName.TryGetValue(name, out value);

    internal override NewReference ToReference(Enum value) => ToReference((TEnum)value);

    internal NewReference ToReference(TEnum value)
    {
        if (!IsByName)
        {
            NewReference number = EnumRegistry.Current.ToPython(value);
            if (_pythonClass is null)
            {
                return number;
            }

            using (number)
            {
                return Class().Call(number.Borrow()).OrThrow();
            }
        }

        if (!_byValue.TryGetValue(value, out EnumMember<TEnum> member))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value), $"{ConversionErrors.Name(typeof(TEnum))} has no member with the value {value}: it is converted to Python by name ([PyEnum(PyEnumForm.Name)]).");
        }

        return _pythonClass is null ? PyText.FromString(member.Text) : Member(member);
    }

    /// <summary>Gets the member of the Python class by its name, or by its text as the value.</summary>
    private NewReference Member(EnumMember<TEnum> member)
    {
        BorrowedReference type = Class();
        foreach (string name in (ReadOnlySpan<string>)[member.Text, member.Name])
        {
            using NewReference key = PyText.FromString(name);
            NewReference found = CPython.PyObject_GetItem(type, key.Borrow());
            if (!found.IsNull)
            {
                return found;
            }

            if (!PythonErrors.TryClear("KeyError"))
            {
                throw PythonErrors.Take();
            }
        }

        using NewReference text = PyText.FromString(member.Text);
        return type.Call(text.Borrow()).OrThrow();
    }

    private BorrowedReference Class()
    {
        EnumClassOf<TEnum> known = InterpreterState.Current.Attachment<EnumClassOf<TEnum>>();
        if (known.Class.IsNull)
        {
            known.Class.Set(PythonClass.Import(_pythonClass!, typeof(TEnum), "PyEnum"));
        }

        return known.Class.Borrow();
    }

    private static EnumCode<TEnum>? Search()
    {
        RuntimeHelpers.RunModuleConstructor(typeof(TEnum).Module.ModuleHandle);
        s_isSearched = true;
        return s_current;
    }
}
