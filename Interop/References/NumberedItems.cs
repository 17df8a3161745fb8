namespace PyAsync.Interop;

/// <summary>
/// Items under the numbers that adding them gives: cheaper than a hash table or a GCHandle, and without an allocation for each. The GIL guards it.
/// </summary>
internal sealed class NumberedItems<T>
    where T : class
{
    private Slot[] _items = new Slot[16];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _numbers;

    /// <summary>How many there are. From other threads a moment's truth.</summary>
    public int Count => _numbers - _freeCount;

    /// <summary>All, in a copy.</summary>
    public T[] All => [.. _items.Select(static slot => slot.Item).OfType<T>()];

    public int Add(T item)
    {
        int number = _freeCount > 0 ? _free[--_freeCount] : NewNumber();
        _items[number].Item = item;
        return number;
    }

    /// <summary>The one of a number; null if it is not there any more.</summary>
    public T? Find(int number) => (uint)number < (uint)_numbers ? _items[number].Item : null;

    /// <summary>Takes one out; null if it is not there any more.</summary>
    public T? Take(int number)
    {
        if (Find(number) is not { } item)
        {
            return null;
        }

        _items[number].Item = null;
        _free[_freeCount++] = number;
        return item;
    }

    /// <summary>Takes all out. Numbers that are still out there find nothing; add no other after this, which they would find.</summary>
    public T[] TakeAll()
    {
        T[] all = All;
        Array.Clear(_items);
        _freeCount = _numbers = 0;
        return all;
    }

    private int NewNumber()
    {
        if (_numbers == _items.Length)
        {
            Array.Resize(ref _items, 2 * _numbers);
            Array.Resize(ref _free, 2 * _numbers);
        }

        return _numbers++;
    }

    /// <summary>Storing into an array of these need not ask what the array is of.</summary>
    private struct Slot
    {
        public T? Item;
    }
}
