namespace PyAsync.Tests;

/// <summary>
/// The order of folders in Layout/folders.txt. A line `PyAsync.Interop: References Objects` names the folders of an assembly from the lowest to the
/// highest, `PyAsync.Interop/Objects: Conversion .` those of a folder; `.` is the files beside the folders. Each of them refers to lower ones only,
/// except for the back references that are listed below the line (`  Objects -> Functions`).
/// </summary>
internal sealed class FolderOrder
{
    private readonly Dictionary<string, string[]> _groups = [];
    private readonly HashSet<string> _backReferences = [];

    public static string File => "tests/Architecture.Tests/Layout/folders.txt";

    public IReadOnlySet<string> BackReferences => _backReferences;

    public static FolderOrder Read()
    {
        FolderOrder order = new();
        string group = "";
        foreach (string line in Repository.Read(File).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                order._backReferences.Add($"{group}: {line.Trim()}");
                continue;
            }

            group = line[..line.IndexOf(':')];
            order._groups.Add(group, line[(line.IndexOf(':') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return order;
    }

    /// <summary>Gets the folders of an assembly that the file does not name, or names although they are gone.</summary>
    public IEnumerable<string> Differences(string assembly, IEnumerable<string> folders)
    {
        Dictionary<string, HashSet<string>> actual = [];
        foreach (string folder in folders)
        {
            string[] path = folder.Length == 0 ? [] : folder.Split('/');
            for (int depth = 0; depth <= path.Length; depth++)
            {
                string group = Group(assembly, path[..depth]);
                (actual.TryGetValue(group, out HashSet<string>? nodes) ? nodes : actual[group] = []).Add(depth < path.Length ? path[depth] : ".");
            }
        }

        // A folder with only files, or with only one folder, needs no order.
        foreach (string group in actual.Where(entry => entry.Value.Count == 1).Select(entry => entry.Key).ToArray())
        {
            actual.Remove(group);
        }

        foreach ((string group, HashSet<string> nodes) in actual.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            string[] named = _groups.GetValueOrDefault(group, []);
            foreach (string node in nodes.Except(named))
            {
                yield return $"{group}: '{node}' has no place";
            }
        }

        foreach ((string group, string[] nodes) in _groups.Where(entry => entry.Key == assembly || entry.Key.StartsWith(assembly + "/", StringComparison.Ordinal)))
        {
            foreach (string node in nodes.Where(node => !actual.TryGetValue(group, out HashSet<string>? present) || !present.Contains(node)))
            {
                yield return $"{group}: '{node}' does not exist";
            }
        }
    }

    /// <summary>Gets the back reference that a reference is (`PyAsync.Interop: Objects -> Functions`), or null if it refers to a lower folder.</summary>
    public string? BackReference(string assembly, FolderReference reference)
    {
        string[] from = reference.From.Length == 0 ? [] : reference.From.Split('/');
        string[] to = reference.To.Length == 0 ? [] : reference.To.Split('/');
        int common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        string group = Group(assembly, from[..common]);
        string source = common < from.Length ? from[common] : ".";
        string target = common < to.Length ? to[common] : ".";
        string[] nodes = _groups.GetValueOrDefault(group, []);
        return Array.IndexOf(nodes, target) < Array.IndexOf(nodes, source) ? null : $"{group}: {source} -> {target}";
    }

    private static string Group(string assembly, string[] path) => string.Join('/', [assembly, .. path]);
}
