using System.Buffers.Text;
using System.Text;
using PyAsync.Interop;

namespace PyAsync;

/// <summary>The names of a task that is used again and again: its own first, and that with a number behind it for each further use.</summary>
/// <remarks>The GIL guards it.</remarks>
internal sealed class TaskName
{
    private const int MaxNumberLength = 11;

    private byte[] _text = [];
    private int _prefixLength;
    private int _length;
    private OwnedReference _setName;

    // The task's present name, which the task holds; 0 if it is none of ours.
    private nint _name;

    /// <summary>From now on the names are those of this task.</summary>
    public void Begin(BorrowedReference task)
    {
        WellKnownNames names = PythonInterpreter.Current.Names;
        using NewReference name = task.CallMethod(names.GetName).OrThrow();
        _text = Encoding.UTF8.GetBytes(PyText.ToString(name.Borrow()) + "." + new string('0', MaxNumberLength));
        _prefixLength = _text.Length - MaxNumberLength;
        _name = 0;

        // Of the type, so that no method has to be looked up and bound each time.
        if (_setName.IsNull)
        {
            _setName.Set(CPython.Py_TYPE(task).GetAttr(names.SetName).OrThrow());
        }
    }

    /// <summary>Gives the task the name of its next use.</summary>
    /// <param name="task">A task that still has the name that it got here.</param>
    /// <param name="use">One more than the last time.</param>
    /// <returns>Whether it is another object than the name before.</returns>
    public bool Set(BorrowedReference task, int use)
    {
        if (_name != 0 && TryCount(new BorrowedReference(_name)))
        {
            return false;
        }

        Utf8Formatter.TryFormat(use, _text.AsSpan(_prefixLength), out int digits);
        _length = _prefixLength + digits;
        NewReference name = PyText.FromUtf8(_text.AsSpan(0, _length));
        _name = 0;
        NewReference result = _setName.Borrow().Call(task, name.Borrow());
        nint given = name.Pointer;
        name.Dispose();
        result.OrThrow().Dispose();

        // The task holds it now. Only in ASCII text is the place of a byte that of a character.
        _name = Ascii.IsValid(_text) && CPython.IsAsciiText(new BorrowedReference(given), _text.AsSpan(0, _length)) ? given : 0;
        return true;
    }

    public void Clear() => _setName.Clear();

    /// <summary>Counts on in the string itself, which mostly nobody has looked at: its last digit is changed, and those before it that this one carries to.</summary>
    private bool TryCount(BorrowedReference name)
    {
        for (int i = _length - 1; i >= _prefixLength; i--)
        {
            bool carries = _text[i] == (byte)'9';
            _text[i] = carries ? (byte)'0' : (byte)(_text[i] + 1);
            if (!CPython.TryWriteAscii(name, i, _text[i]))
            {
                return false;
            }

            if (!carries)
            {
                return true;
            }
        }

        return false; // One digit more.
    }
}
