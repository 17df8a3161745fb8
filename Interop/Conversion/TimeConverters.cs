namespace PyAsync.Conversion;

/// <summary>
/// Converts .NET's times and those of Python's <c>datetime</c>. Python counts microseconds and .NET tenths of them: the last digit is cut off on the
/// way to Python. Years are 1 to 9999 on both sides.
/// </summary>
internal static unsafe class PyTime
{
    public static BorrowedReference DateTimeType => Type("datetime");

    public static BorrowedReference DateType => Type("date");

    public static BorrowedReference TimeType => Type("time");

    public static BorrowedReference TimeDeltaType => Type("timedelta");

    public static BorrowedReference TimeZoneType => Type("timezone");

    public static bool Is(BorrowedReference value, BorrowedReference type) =>
        CPython.PyType_IsSubtype(CPython.Py_TYPE(value), type) != 0;

    /// <summary>Calls a constructor with integers and, if it is not NULL, one object after them.</summary>
    public static NewReference Create(BorrowedReference type, scoped ReadOnlySpan<long> numbers, BorrowedReference last = default)
    {
        using NewReference args = CPython.PyTuple_New(numbers.Length + (last.IsNull ? 0 : 1)).OrThrow();
        for (int i = 0; i < numbers.Length; i++)
        {
            _ = CPython.PyTuple_SetItem(args.Borrow(), i, CPython.PyLong_FromLongLong(numbers[i]).OrThrow().Steal());
        }

        if (!last.IsNull)
        {
            _ = CPython.PyTuple_SetItem(args.Borrow(), numbers.Length, NewReference.From(last).Steal());
        }

        return CPython.PyObject_Call(type, args.Borrow(), default).OrThrow();
    }

    public static int Int(BorrowedReference o, string attribute)
    {
        using NewReference value = o.GetAttr(WellKnownNames.Current[attribute]).OrThrow();
        return (int)IntegerConverter.Truncated(value.Borrow());
    }

    public static NewReference FromDateTime(DateTime value, BorrowedReference zone) =>
        Create(
            DateTimeType,
            [value.Year, value.Month, value.Day, value.Hour, value.Minute, value.Second, value.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond],
            zone);

    /// <summary>Reads the fields of a <c>datetime</c>, without its zone.</summary>
    public static DateTime ToDateTime(BorrowedReference value) =>
        new DateTime(Int(value, "year"), Int(value, "month"), Int(value, "day"), Int(value, "hour"), Int(value, "minute"), Int(value, "second"), DateTimeKind.Unspecified)
            .AddTicks(Int(value, "microsecond") * TimeSpan.TicksPerMicrosecond);

    /// <summary>Gets how far an aware <c>datetime</c> is ahead of UTC; null for a naive one.</summary>
    public static TimeSpan? Offset(BorrowedReference value)
    {
        using NewReference offset = value.CallMethod(WellKnownNames.Current["utcoffset"]).OrThrow();
        return offset.Borrow().IsNone ? null : PyConvert.TimeSpan.FromReference(offset.Borrow());
    }

    /// <summary>Gets the offset as <see cref="Offset"/> does; null also for a zone that fails, or that has none for this time.</summary>
    public static TimeSpan? OffsetIfAny(BorrowedReference value)
    {
        using NewReference offset = value.CallMethod(WellKnownNames.Current["utcoffset"]);
        if (offset.IsNull)
        {
            PythonErrors.Forget();
        }

        return offset.IsNull || offset.Borrow().IsNone ? null : PyConvert.TimeSpan.FromReference(offset.Borrow());
    }

    /// <summary>True if a <c>datetime</c> or <c>time</c> has a <c>tzinfo</c>, even one without an offset.</summary>
    public static bool HasZone(BorrowedReference value)
    {
        using NewReference zone = value.GetAttr(WellKnownNames.Current["tzinfo"]).OrThrow();
        return !zone.Borrow().IsNone;
    }

    public static NewReference Zone(TimeSpan offset)
    {
        using NewReference delta = PyConvert.TimeSpan.ToReference(offset);
        return TimeZoneType.Call(delta.Borrow()).OrThrow();
    }

    private static BorrowedReference Type(string name) => WellKnownObjects.Current.Import("datetime", name);
}

/// <summary>
/// Converts <see cref="DateTime"/> and <c>datetime</c>. Unspecified kind is naive; UTC and local ones are aware. A naive one comes back unspecified, an
/// aware one as the same instant in UTC.
/// </summary>
internal sealed class DateTimeConverter : ReferenceConverter<DateTime>
{
    internal override NewReference ToReference(DateTime value)
    {
        if (value.Kind == DateTimeKind.Unspecified)
        {
            return PyTime.FromDateTime(value, default);
        }

        using NewReference zone = PyTime.Zone(value.Kind == DateTimeKind.Utc ? System.TimeSpan.Zero : TimeZoneInfo.Local.GetUtcOffset(value));
        return PyTime.FromDateTime(value, zone.Borrow());
    }

    internal override DateTime FromReference(BorrowedReference value)
    {
        if (!PyTime.Is(value, PyTime.DateTimeType))
        {
            throw ConversionErrors.WrongType(value, typeof(DateTime), PyTime.Is(value, PyTime.DateType) ? "has no time of day" : null);
        }

        DateTime local = PyTime.ToDateTime(value);
        if (PyTime.Offset(value) is not { } offset)
        {
            return local;
        }

        long ticks = local.Ticks - offset.Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc)
            : throw ConversionErrors.OutOfRange(value, typeof(DateTime), "years 1 to 9999 in UTC");
    }
}

/// <summary>Converts <see cref="DateTimeOffset"/> and an aware <c>datetime</c>. An offset with seconds, which .NET does not support, becomes UTC.</summary>
internal sealed class DateTimeOffsetConverter : ReferenceConverter<DateTimeOffset>
{
    internal override NewReference ToReference(DateTimeOffset value)
    {
        using NewReference zone = PyTime.Zone(value.Offset);
        return PyTime.FromDateTime(value.DateTime, zone.Borrow());
    }

    internal override DateTimeOffset FromReference(BorrowedReference value)
    {
        if (!PyTime.Is(value, PyTime.DateTimeType))
        {
            throw ConversionErrors.WrongType(value, typeof(DateTimeOffset), PyTime.Is(value, PyTime.DateType) ? "has no time of day and no tzinfo" : null);
        }

        if (PyTime.Offset(value) is not { } offset)
        {
            throw ConversionErrors.WrongType(value, typeof(DateTimeOffset), "is naive: it has no tzinfo, and so no offset", "Convert it to System.DateTime, which may be naive.");
        }

        DateTime local = PyTime.ToDateTime(value);
        long utc = local.Ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            throw ConversionErrors.OutOfRange(value, typeof(DateTimeOffset), "years 1 to 9999 in UTC");
        }

        return IsRepresentable(offset) ? new DateTimeOffset(local, offset) : new DateTimeOffset(utc, System.TimeSpan.Zero);
    }

    /// <summary>Reads the value of an aware <c>datetime</c>, if it has an offset, and .NET supports that.</summary>
    public static bool TryReadExactly(BorrowedReference value, out DateTimeOffset converted)
    {
        converted = default;
        if (PyTime.OffsetIfAny(value) is not { } offset || !IsRepresentable(offset))
        {
            return false;
        }

        DateTime local = PyTime.ToDateTime(value);
        long utc = local.Ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        converted = new DateTimeOffset(local, offset);
        return true;
    }

    private static bool IsRepresentable(TimeSpan offset) =>
        offset.Ticks % System.TimeSpan.TicksPerMinute == 0 && offset.Duration() <= System.TimeSpan.FromHours(14);
}

/// <summary>Converts <see cref="TimeSpan"/> and <c>timedelta</c>.</summary>
internal sealed class TimeSpanConverter : ReferenceConverter<TimeSpan>
{
    internal override NewReference ToReference(TimeSpan value)
    {
        // Floored, as Python normalises: the parts of a negative timedelta are never negative below the days.
        long microseconds = Math.DivRem(value.Ticks, System.TimeSpan.TicksPerMicrosecond, out long rest) - (rest < 0 ? 1 : 0);
        return PyTime.Create(PyTime.TimeDeltaType, [0, 0, microseconds]);
    }

    internal override TimeSpan FromReference(BorrowedReference value)
    {
        if (!PyTime.Is(value, PyTime.TimeDeltaType))
        {
            throw ConversionErrors.WrongType(value, typeof(TimeSpan));
        }

        return TryRead(value, out TimeSpan converted)
            ? converted
            : throw ConversionErrors.OutOfRange(value, typeof(TimeSpan), "about 29,247 years either way");
    }

    /// <summary>Reads the value of a <c>timedelta</c>, if it fits into .NET's type.</summary>
    public static bool TryRead(BorrowedReference value, out TimeSpan converted)
    {
        Int128 ticks = (((Int128)PyTime.Int(value, "days") * 86_400) + PyTime.Int(value, "seconds")) * System.TimeSpan.TicksPerSecond
            + (PyTime.Int(value, "microseconds") * System.TimeSpan.TicksPerMicrosecond);
        bool fits = ticks >= long.MinValue && ticks <= long.MaxValue;
        converted = fits ? new TimeSpan((long)ticks) : default;
        return fits;
    }
}

/// <summary>Converts <see cref="DateOnly"/> and <c>date</c>; refuses a <c>datetime</c>, whose time of day would be lost.</summary>
internal sealed class DateOnlyConverter : ReferenceConverter<DateOnly>
{
    internal override NewReference ToReference(DateOnly value) =>
        PyTime.Create(PyTime.DateType, [value.Year, value.Month, value.Day]);

    internal override DateOnly FromReference(BorrowedReference value) =>
        PyTime.Is(value, PyTime.DateType) && !PyTime.Is(value, PyTime.DateTimeType)
            ? new DateOnly(PyTime.Int(value, "year"), PyTime.Int(value, "month"), PyTime.Int(value, "day"))
            : throw ConversionErrors.WrongType(value, typeof(DateOnly), PyTime.Is(value, PyTime.DateTimeType) ? "has a time of day: take its date()" : null);
}

/// <summary>Converts <see cref="TimeOnly"/> and a naive <c>time</c>.</summary>
internal sealed class TimeOnlyConverter : ReferenceConverter<TimeOnly>
{
    internal override NewReference ToReference(TimeOnly value) =>
        PyTime.Create(PyTime.TimeType, [value.Hour, value.Minute, value.Second, value.Ticks % System.TimeSpan.TicksPerSecond / System.TimeSpan.TicksPerMicrosecond]);

    internal override TimeOnly FromReference(BorrowedReference value)
    {
        if (!PyTime.Is(value, PyTime.TimeType))
        {
            throw ConversionErrors.WrongType(value, typeof(TimeOnly), PyTime.Is(value, PyTime.DateTimeType) ? "has a date: take its time()" : null);
        }

        if (PyTime.Offset(value) is not null)
        {
            throw ConversionErrors.WrongType(value, typeof(TimeOnly), "is aware: it has a tzinfo, which .NET's type does not have");
        }

        return new TimeOnly(PyTime.Int(value, "hour"), PyTime.Int(value, "minute"), PyTime.Int(value, "second"))
            .Add(System.TimeSpan.FromMicroseconds(PyTime.Int(value, "microsecond")));
    }
}
