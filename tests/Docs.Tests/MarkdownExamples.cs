using System.Text;

namespace PyAsync.Tests;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path.</param>
/// <param name="Line">The line that it begins in.</param>
/// <param name="Language">The language in the fence.</param>
/// <param name="Directive">The comment right before it: <c>run</c>, <c>file: name</c>, …; empty if there is none.</param>
/// <param name="Text">Its content.</param>
public sealed record Block(string Page, int Line, string Language, string Directive, string Text);

/// <summary>
/// The examples of the documentation. Every C# block compiles; one after <c>&lt;!-- run --&gt;</c> is a program, which runs and prints the following
/// <c>text</c> block, and <c>&lt;!-- run, needs uvloop --&gt;</c> names a Python package without which it is skipped; a block after <c>&lt;!-- file:
/// example.py --&gt;</c> is a file in the folder of the page's programs; one after <c>&lt;!-- from: samples/… --&gt;</c> must be in that file verbatim.
/// </summary>
public static class MarkdownExamples
{
    /// <summary>The readme of the packages. Its examples are the README's, without the comments, which feeds may show.</summary>
    public const string PackageReadme = "docs/package-readme.md";

    public static IEnumerable<Block> Of(string page)
    {
        string[] lines = Repository.Read(page).ReplaceLineEndings("\n").Split('\n');
        string directive = "";
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.StartsWith("<!--"))
            {
                directive = line["<!--".Length..^"-->".Length].Trim();
            }
            else if (line.StartsWith("```") && line.Length > 3)
            {
                int begin = i + 1;
                var text = new StringBuilder();
                while (lines[++i].Trim() != "```")
                {
                    text.Append(lines[i]).Append('\n');
                }

                yield return new Block(page, begin, line[3..], directive, text.ToString());
                directive = "";
            }
            else if (line.Length > 0)
            {
                directive = "";
            }
        }
    }

    public static IEnumerable<string> Pages() =>
        Repository.Files("*.md").Where(page => page == "README.md" || (page.StartsWith("docs/") && page != PackageReadme));
}
