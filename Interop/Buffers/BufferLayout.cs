using System.Globalization;

namespace PyAsync.Buffers;

/// <summary>The arithmetic of shapes and strides.</summary>
internal static class BufferLayout
{
    /// <summary>True if the items follow one another without gaps, the last index changing fastest. Strides are in bytes.</summary>
    public static bool IsContiguous(ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> strides, nint itemSize)
    {
        if (lengths.Contains(0))
        {
            return true;
        }

        nint next = itemSize;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            if (lengths[i] != 1 && strides[i] != next)
            {
                return false;
            }

            next *= lengths[i];
        }

        return true;
    }

    /// <summary>Fills in the strides in bytes of items that follow one another.</summary>
    public static void FillContiguous(ReadOnlySpan<nint> lengths, Span<nint> strides, nint itemSize)
    {
        nint next = itemSize;
        for (int i = lengths.Length - 1; i >= 0; i--)
        {
            strides[i] = next;
            next *= lengths[i];
        }
    }

    /// <summary>Checks a shape that a caller gives to memory.</summary>
    /// <exception cref="ArgumentException">It is no shape, or has more items than the memory.</exception>
    public static void ThrowIfNotWithin(ReadOnlySpan<nint> shape, int available, ItemType item)
    {
        int most = CPython.PyBUF_MAX_NDIM - (item.Kind == ItemKind.Structure ? 1 : 0);
        if (shape.Length > most)
        {
            throw new ArgumentException($"The shape has {shape.Length} dimensions, and Python's buffers of {ConversionErrors.Name(item.Type)} have at most {most}.", nameof(shape));
        }

        // An Int128, because the product of large lengths overflows a nint.
        Int128 count = 1;
        foreach (nint length in shape)
        {
            if (length < 0)
            {
                throw new ArgumentException($"The shape {Tuple(shape)} has a negative length.", nameof(shape));
            }

            count = Int128.Min(count * length, long.MaxValue);
        }

        if (count > available)
        {
            throw new ArgumentException($"The shape {Tuple(shape)} has {(count == long.MaxValue ? "too many" : count.ToString(CultureInfo.InvariantCulture))} items, and the memory has {available}.", nameof(shape));
        }
    }

    /// <summary>Gets strides in items, as tensors have them, with the number of items from the first address to the last.</summary>
    /// <exception cref="BufferLayoutException">A tensor of .NET cannot have such strides.</exception>
    public static nint[] TensorStrides(BufferExport export, out nint extent)
    {
        nint[] strides = new nint[export.Lengths.Length];
        extent = export.Count == 0 ? 0 : 1;
        for (int i = 0; i < strides.Length; i++)
        {
            // .NET takes no other stride for the one item of a dimension, and Python takes any.
            if (export.Lengths[i] <= 1)
            {
                continue;
            }

            (nint stride, nint rest) = Math.DivRem(export.Strides[i], export.ItemSize);
            if (stride < 0 || rest != 0)
            {
                throw NoTensor(export, null);
            }

            strides[i] = stride;
            extent += (export.Lengths[i] - 1) * stride;
        }

        return strides;
    }

    public static BufferLayoutException NoTensor(BufferExport export, Exception? e) => new(
        $"The {Describe(export)} cannot be a TensorSpan: strides must be multiples of the item's {export.ItemSize} bytes, not negative, and no two items may overlap partly. Copy it in Python: numpy.ascontiguousarray(x).",
        e);

    public static BufferLayoutException NotContiguous(BufferExport export) => new(
        $"The {Describe(export)} has gaps between its items, or another order of them, so it cannot be a Span, Memory or pin. {(Array.TrueForAll(export.Strides, static stride => stride >= 0) ? "Use TensorSpan, or copy" : "Copy")} it in Python: numpy.ascontiguousarray(x).");

    public static BufferLayoutException TooLong(BufferExport export) => new(
        $"The {Describe(export)} has {export.Count} items, and a Span or Memory has at most {int.MaxValue}. Use TensorSpan, or a slice.");

    private static string Describe(BufferExport export) =>
        $"buffer of the Python '{export.TypeName}' of shape {Tuple(export.Lengths)} and strides {Tuple(export.Strides)}";

    /// <summary>Writes a shape as Python does: <c>(480, 640)</c>, <c>(5,)</c>.</summary>
    public static string Tuple(ReadOnlySpan<nint> lengths) => lengths.Length == 1
        ? $"({lengths[0].ToString(CultureInfo.InvariantCulture)},)"
        : $"({string.Join(", ", Array.ConvertAll(lengths.ToArray(), static length => length.ToString(CultureInfo.InvariantCulture)))})";
}
