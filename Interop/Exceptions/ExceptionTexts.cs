using System.Diagnostics.CodeAnalysis;

namespace PyAsync.Exceptions;

/// <summary>Reads the texts of .NET exceptions, whose classes may run any code: a text that cannot be read is empty, one that is too long is cut off.</summary>
internal static class ExceptionTexts
{
    /// <summary>The maximum number of characters of a message, or of a stack trace, for Python: Python and its loggers copy them repeatedly.</summary>
    private const int MaxLength = 100_000;

    private const string CutOff = "\n[the rest is left out]";
    private const string MessageOfSeveral = "One or more errors occurred.";

    /// <summary>AggregateException.Message calls itself for each AggregateException in it: deeper and larger ones would need too much stack and memory.</summary>
    private const int MaxDepth = 20, MaxMembers = 1_000;

    /// <summary>Gets the message. That of an AggregateException omits the messages of its exceptions, which Python lists itself.</summary>
    public static string Message(Exception exception) => Bounded(exception is AggregateException several ? OwnMessage(several) : Read(exception, static e => e.Message));

    /// <summary>Gets the stack trace; empty for an exception that has not been thrown.</summary>
    public static string StackTrace(Exception exception) => Bounded(Read(exception, static e => e.StackTrace));

    /// <summary>True if a chain of inner exceptions is short enough for <see cref="Exception.ToString"/>, which calls itself for each of them.</summary>
    public static bool IsPrintable(Exception exception) => IsSmall(exception, MaxDepth * 5);

    private static string OwnMessage(AggregateException several)
    {
        if (!IsSmall(several, MaxDepth))
        {
            return MessageOfSeveral;
        }

        // AggregateException.Message is "its own message (one) (two)".
        string message = Read(several, static e => e.Message);
        string members = "";
        foreach (Exception inner in several.InnerExceptions)
        {
            members += $" ({Read(inner, static e => e.Message)})";
        }

        return message.EndsWith(members, StringComparison.Ordinal) ? message[..^members.Length] : message;
    }

    /// <summary>Follows the inner exceptions, without recursion, until there are too many.</summary>
    private static bool IsSmall(Exception exception, int maxDepth)
    {
        Stack<(Exception Exception, int Depth)> open = new([(exception, 0)]);
        for (int count = 0; open.TryPop(out (Exception Exception, int Depth) next); count++)
        {
            if (next.Depth > maxDepth || count > MaxMembers)
            {
                return false;
            }

            if (next.Exception is AggregateException { InnerExceptions: var members })
            {
                for (int i = 0; i < members.Count && i <= MaxMembers; i++)
                {
                    open.Push((members[i], next.Depth + 1));
                }
            }
            else if (next.Exception.InnerException is { } inner)
            {
                open.Push((inner, next.Depth + 1));
            }
        }

        return true;
    }

    private static string Bounded(string text)
    {
        if (text.Length <= MaxLength)
        {
            return text;
        }

        int length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return string.Concat(text.AsSpan(0, length), CutOff);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The text must not hide the exception.")]
    private static string Read(Exception exception, Func<Exception, string?> read)
    {
        try
        {
            return read(exception) ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }
}
