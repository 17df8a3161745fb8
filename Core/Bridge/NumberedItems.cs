namespace PyAsync;

/// <summary>Items under the numbers that adding them gives: cheaper than a hash table, and without an allocation for each. The GIL guards it.</summary>
internal sealed class NumberedItems<T>
    where T : class
{
    private readonly List<T?> _items = [];
    private readonly Stack<int> _free = new();

    /// <summary>How many there are. From other threads a moment's truth.</summary>
    public int Count => _items.Count - _free.Count;

    /// <summary>All, in a copy.</summary>
    public T[] All => [.. _items.OfType<T>()];

    public int Add(T item)
    {
        if (_free.TryPop(out int number))
        {
            _items[number] = item;
            return number;
        }

        _items.Add(item);
        return _items.Count - 1;
    }

    /// <summary>Takes one out; null if it is not there any more.</summary>
    public T? Take(int number)
    {
        if (number >= _items.Count || _items[number] is not { } item)
        {
            return null;
        }

        _items[number] = null;
        _free.Push(number);
        return item;
    }

    /// <summary>Takes all out. Numbers that are still out there find nothing; add no other after this, which they would find.</summary>
    public T[] TakeAll()
    {
        T[] all = All;
        _items.Clear();
        _free.Clear();
        return all;
    }
}
