namespace PyAsync.Loops;

/// <summary>
/// Stores items under numbers that <c>Add</c> returns: cheaper than a hash table or a GCHandle, and without an allocation for each item. The GIL guards it.
/// </summary>
internal sealed class NumberedItems<T>
    where T : class
{
    private Slot[] _items = new Slot[16];
    private int[] _free = new int[16];
    private int _freeCount;
    private int _numbers;

    /// <summary>Gets the number of items. On other threads a momentary value.</summary>
    public int Count => _numbers - _freeCount;

    /// <summary>Copies all items.</summary>
    public T[] All
    {
        get
        {
            var all = new List<T>(Count);
            foreach (Slot slot in _items)
            {
                if (slot.Item is { } item)
                {
                    all.Add(item);
                }
            }

            return [.. all];
        }
    }

    public int Add(T item)
    {
        int number = _freeCount > 0 ? _free[--_freeCount] : NewNumber();
        _items[number].Item = item;
        return number;
    }

    /// <summary>Gets the item of a number; null if it has been removed.</summary>
    public T? Find(int number) => (uint)number < (uint)_numbers ? _items[number].Item : null;

    /// <summary>Removes an item; returns null if it has been removed before.</summary>
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

    /// <summary>Removes all items. Remaining numbers then find nothing. Add no item after this, which such a number would find.</summary>
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

    /// <summary>A struct, so that a store into the array needs no type check.</summary>
    private struct Slot
    {
        public T? Item;
    }
}
