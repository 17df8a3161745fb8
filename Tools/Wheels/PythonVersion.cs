using System.Globalization;
using System.Text.RegularExpressions;

namespace PyAsync.Tool.Wheels;

/// <summary>Converts a project's version to the form of Python's packaging (PEP 440).</summary>
internal static partial class PythonVersion
{
    /// <summary>Converts <c>1.2.0-beta.3</c> to <c>1.2.0b3</c>; <c>1.2.0+linux</c> stays.</summary>
    /// <exception cref="ToolException">PEP 440 has no equivalent of the pre-release.</exception>
    public static string From(string version)
    {
        Match match = SemVer().Match(version);
        if (match.Success && Preview(match) is string preview)
        {
            string local = match.Groups["build"].Value.ToLowerInvariant().Replace('-', '.');
            return match.Groups["release"].Value + preview + (local.Length > 0 ? "+" + local : "");
        }

        throw new ToolException(
            $"The version {version} cannot be converted to Python's form, which supports -alpha.1, -beta.1, -rc.1 (or -preview.1) and -dev.1. Set <PythonVersion> to the version of the wheel.");
    }

    /// <summary>True if a version is a valid one.</summary>
    public static bool IsValid(string version) => Pep440().IsMatch(version);

    private static string? Preview(Match match)
    {
        if (!match.Groups["preview"].Success)
        {
            return "";
        }

        Match preview = PreviewForm().Match(match.Groups["preview"].Value);
        if (!preview.Success)
        {
            return null;
        }

        string number = preview.Groups["number"].Success ? int.Parse(preview.Groups["number"].ValueSpan, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : "0";
        return preview.Groups["label"].Value.ToUpperInvariant() switch
        {
            "ALPHA" or "A" => "a" + number,
            "BETA" or "B" => "b" + number,
            "DEV" => ".dev" + number,
            _ => "rc" + number,
        };
    }

    [GeneratedRegex(@"^(?<release>\d+(\.\d+)*)(-(?<preview>[0-9A-Za-z.-]+))?(\+(?<build>[0-9A-Za-z.-]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex SemVer();

    [GeneratedRegex(@"^(?<label>alpha|a|beta|b|rc|c|preview|pre|dev)[.-]?(?<number>\d{1,9})?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex PreviewForm();

    [GeneratedRegex(@"^(\d+!)?\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[a-z0-9]+(\.[a-z0-9]+)*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pep440();
}
