using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PyAsync.Tests;

/// <summary>Keeps a list of words out of comments, messages, documents and names, and requires summaries that begin with a noun or a verb.</summary>
public sealed class LanguageTests
{
    // Each word has a bar, which is removed before the search: otherwise the test would find this list. Each line gives the standard term.
    private static readonly string[] s_words =
    [
        "b|ooks", // registers, records
        "t|ells", "t|old", // reports, notifies
        "t|ries out", "t|ried out", "t|ry out", // probes, tests
        "g|oes on", "g|o on", "w|ent on", "g|oing on", // continues, resumes
        "a|t hand", // available
        "w|hoever", "s|omebody", "a|nybody", "n|obody", // the caller, the owner, no code
        "o|f its own", "o|f their own", "o|f your own", "o|f our own", // its own, separate, dedicated, custom
        "n|o business", // not the responsibility
        "b|y itself", "b|y themselves", // automatically, alone
        "f|or ever", // without end, never ends
        "w|hat becomes of", // the outcome, the result
        "q|uiet hour", // without other load
        "m|end", "m|ended", "m|ends", // corrects
    ];

    // Between the words of a phrase: a space, or the end of a line with the marks that begin the next line of a comment, a quotation or a list.
    private const string Between = @"(?: |[ \t]*\r?\n[ \t]*(?:///?|#|\*|>|-)?[ \t]*)";

    private static readonly Regex s_word = new(
        $@"\b({string.Join('|', s_words.Select(static word => word.Replace("|", "").Replace(" ", Between)))})\b", RegexOptions.IgnoreCase);

    // A genitive without its noun: "a thread of …'s".
    private static readonly Regex s_genitive = new($@"\bof{Between}(C?Python|asyncio|uvloop|libuv|pythonnet|\.NET)'s(?=[^ \w\r\n]|{Between}(has|have|that|which|and|or|fails?|starts?|started|enter|go)\b)");

    // The places between the words of a name: NextTurn, next_turn.
    private static readonly Regex s_joint = new("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])");

    // A question word as the first word of a summary or of a Python docstring gives it no verb.
    private static readonly Regex s_headless = new(@"(<summary>(\s*///)?|"""""")\s*(What|Whether|Who|Who[e]ver|How|Where)\b");

    private static readonly string[] s_patterns = ["*.cs", "*.md", "*.py", "*.pyi", "*.sh", "*.props", "*.targets", "*.csproj", ".editorconfig"];

    [Fact]
    public void Texts_UseStandardTerms() => Find(s_word).ShouldBeEmpty();

    [Fact]
    public void Names_UseStandardTerms() => Find(s_word, static text => s_joint.Replace(text, " ")).ShouldBeEmpty();

    [Fact]
    public void Genitives_HaveTheirNoun() => Find(s_genitive).ShouldBeEmpty();

    [Fact]
    public void Summaries_BeginWithANounOrAVerb() => Find(s_headless).ShouldBeEmpty();

    /// <summary>Gets each match as file, line and text. The changelog is left out, because it quotes names that no longer exist.</summary>
    private static IEnumerable<string> Find(Regex wrong, Func<string, string>? prepare = null) =>
        from file in s_patterns.SelectMany(Repository.Files)
        where file is not "CHANGELOG.md"
        let read = Repository.Read(file)
        let text = prepare is null ? read : prepare(read)
        from match in wrong.Matches(text)
        select $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value.ReplaceLineEndings(" ")}";
}
