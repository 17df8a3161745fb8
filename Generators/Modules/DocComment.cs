using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PyAsync.Generators.Modules;

/// <summary>
/// Converts a C# documentation comment to a Python docstring. Reads the source text: the compiler parses such comments only in projects that write a documentation file.
/// </summary>
internal static class DocComment
{
    /// <summary>Gets the docstring of a method, without the parameters that Python does not see.</summary>
    public static string? OfMethod(IMethodSymbol method, IEnumerable<ParameterModel> parameters, CancellationToken cancellationToken)
    {
        // The documentation of a primary constructor is that of its class.
        bool isPrimary = method.DeclaringSyntaxReferences.Any(declaration => declaration.GetSyntax(cancellationToken) is TypeDeclarationSyntax);
        return isPrimary ? null : Of(method, cancellationToken, parameters);
    }

    /// <summary>Gets the docstring; null if there is none, or if it cannot be read.</summary>
    /// <param name="symbol">The documented symbol.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="parameters">The parameters that the documentation may describe; those that .NET supplies are omitted.</param>
    public static string? Of(ISymbol symbol, CancellationToken cancellationToken, IEnumerable<ParameterModel>? parameters = null)
    {
        var xml = new StringBuilder();
        foreach (SyntaxReference declaration in symbol.DeclaringSyntaxReferences)
        {
            foreach (string line in Declaration(declaration.GetSyntax(cancellationToken)).GetLeadingTrivia().ToFullString().Split('\n'))
            {
                string trimmed = line.Trim();
                if (trimmed.StartsWith("///", StringComparison.Ordinal) && !trimmed.StartsWith("////", StringComparison.Ordinal))
                {
                    xml.Append(trimmed.Substring(3)).Append('\n');
                }
            }
        }

        if (xml.Length == 0)
        {
            return null;
        }

        try
        {
            return Docstring(
                XElement.Parse($"<doc>{xml}</doc>"),
                [.. (parameters ?? []).Where(static parameter => parameter.IsPythons).Select(static parameter => parameter.PythonName)]);
        }
        catch (XmlException)
        {
            return null; // The compiler warns of it.
        }
    }

    /// <summary>Several fields may share a declaration, and its documentation.</summary>
    private static SyntaxNode Declaration(SyntaxNode node) => node is VariableDeclaratorSyntax ? node.FirstAncestorOrSelf<MemberDeclarationSyntax>()! : node;

    private static string? Docstring(XElement doc, HashSet<string> seen)
    {
        List<string> parts = [];
        AddIfAny(parts, Text(doc.Element("summary")));
        AddIfAny(parts, Text(doc.Element("remarks")));
        AddIfAny(parts, Section("Args", doc.Elements("param").Where(element => seen.Contains(ParameterName(element))), ParameterName));
        AddIfAny(parts, Text(doc.Element("returns")) is { Length: > 0 } returns ? $"Returns:\n    {Indent(returns)}" : "");
        AddIfAny(parts, Section("Raises", doc.Elements("exception"), static e => PythonException((string?)e.Attribute("cref") ?? "")));
        return parts.Count == 0 ? null : string.Join("\n\n", parts);
    }

    private static string ParameterName(XElement element) => PythonNames.Of((string?)element.Attribute("name") ?? "");

    private static string Section(string title, IEnumerable<XElement> elements, Func<XElement, string> name)
    {
        List<string> lines = [.. elements.Select(element => $"    {name(element)}: {Indent(Text(element))}")];
        return lines.Count == 0 ? "" : $"{title}:\n{string.Join("\n", lines)}";
    }

    private static void AddIfAny(List<string> parts, string part)
    {
        if (part.Length > 0)
        {
            parts.Add(part);
        }
    }

    private static string Indent(string text) => text.Replace("\n", "\n    ");

    /// <summary>Gets an element's text: one line for each paragraph, code in backquotes.</summary>
    private static string Text(XElement? element)
    {
        if (element is null)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text, element);
        IEnumerable<string> paragraphs = text.ToString().Split('\f').Select(static paragraph => Regex.Replace(paragraph, @"\s+", " ").Trim());
        return string.Join("\n\n", paragraphs.Where(static paragraph => paragraph.Length > 0));
    }

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (XNode node in element.Nodes())
        {
            if (node is XText plain)
            {
                text.Append(plain.Value);
            }
            else if (node is XElement inner)
            {
                AppendElement(text, inner);
            }
        }
    }

    private static void AppendElement(StringBuilder text, XElement element)
    {
        switch (element.Name.LocalName)
        {
            case "see" or "seealso" when element.Nodes().Any():
                Append(text, element);
                break;
            case "see" or "seealso":
                string target = (string?)element.Attribute("cref") ?? (string?)element.Attribute("langword") ?? (string?)element.Attribute("href") ?? "";
                text.Append('`').Append(Word(target)).Append('`');
                break;
            case "paramref" or "typeparamref":
                text.Append('`').Append(ParameterName(element)).Append('`');
                break;
            case "c" or "code":
                text.Append('`').Append(element.Value.Trim()).Append('`');
                break;
            case "para" or "item":
                text.Append('\f');
                Append(text, element);
                text.Append('\f');
                break;
            default:
                Append(text, element);
                break;
        }
    }

    private static string Word(string reference) => reference switch
    {
        "null" => "None",
        "true" => "True",
        "false" => "False",
        _ when reference.StartsWith("http", StringComparison.Ordinal) => reference,
        _ => Regex.Match(reference, @"([^.:(]*)(\(.*)?$").Groups[1].Value,
    };

    /// <summary>Gets the Python exception for a .NET exception.</summary>
    private static string PythonException(string reference) => Word(reference) switch
    {
        "OperationCanceledException" or "TaskCanceledException" => "asyncio.CancelledError",
        "TimeoutException" => "TimeoutError",
        "KeyNotFoundException" => "KeyError",
        "NotImplementedException" => "NotImplementedError",
        "FileNotFoundException" or "DirectoryNotFoundException" => "FileNotFoundError",
        "IOException" => "OSError",
        "ArgumentException" or "ArgumentNullException" or "ArgumentOutOfRangeException" => "ValueError",
        "AggregateException" => "ExceptionGroup",
        var other => $"pyasync.DotNetException ({other})",
    };
}
