using Xunit;

namespace PyAsync.Tests;

/// <summary>
/// Compares what programs print. Shouldly describes two different strings character by character: for a long text, such as a traceback, in hundreds of
/// lines, which hide the other failures of a run.
/// </summary>
internal static class TextAssertions
{
    /// <summary>Fails, with both texts, if a text differs from the expected one.</summary>
    /// <param name="actual">The text.</param>
    /// <param name="expected">The expected text.</param>
    /// <param name="remark">A text that the message has besides.</param>
    public static void ShouldBeText(this string actual, string expected, string? remark = null)
    {
        if (actual != expected)
        {
            Assert.Fail($"{(expected.Length == 0 ? "No text" : $"The text\n{expected}\n")} was expected instead of\n{actual}\n{remark}");
        }
    }
}
