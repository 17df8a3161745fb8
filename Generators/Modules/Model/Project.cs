using Microsoft.CodeAnalysis;

namespace PyAsync.Generators.Modules.Model;

/// <summary>All modules and classes of a project, with the errors.</summary>
/// <param name="Modules">The modules.</param>
/// <param name="Classes">The classes of all modules.</param>
/// <param name="Strays">Marked members that are in neither.</param>
/// <param name="File">The name of the module after which the file is named that is compiled ahead of time; null if there is none.</param>
internal sealed record Project(EquatableArray<ModuleModel> Modules, EquatableArray<ClassModel> Classes, EquatableArray<StrayMember> Strays, string? File)
{
    /// <summary>Gets the modules to generate code for: every module, or none if there is any error.</summary>
    public IEnumerable<ModuleSource> Sources => Problems.Any()
        ? []
        : Modules.Select(module => new ModuleSource(
            module with { Location = null, Problems = default },
            BasesFirst([.. ClassesOf(module)]).Select(static type => type with { PlainBases = default, Location = null, Problems = default }).ToEquatableArray(),
            EnumsOf(module).ToEquatableArray()));

    public IEnumerable<DiagnosticInfo> Problems
    {
        get
        {
            foreach (DiagnosticInfo problem in Modules.SelectMany(static module => module.Problems).Concat(Classes.SelectMany(static type => type.Problems)))
            {
                yield return problem;
            }

            foreach (StrayMember stray in Strays.Where(stray => !Classes.Any(type => type.PlainBases.Contains(stray.BaseName))))
            {
                yield return stray.Problem;
            }

            foreach (ModuleModel second in Modules.Where((module, i) => Modules.Take(i).Any(earlier => earlier.ShortName == module.ShortName)))
            {
                yield return Problem(Diagnostics.SameModule, second.Location, second.ShortName, second.CSharpName.Replace("global::", ""));
            }

            foreach (ClassModel type in Classes.Where(type => type.ModuleName is null && Modules.Length != 1))
            {
                string why = Modules.Length == 0 ? "there is no [PyModule] class in the project" : "there are several modules in the project";
                yield return Problem(Diagnostics.ClassWithoutModule, type.Location, type.PythonName, why);
            }

            foreach (DiagnosticInfo problem in Modules.SelectMany(SameNames))
            {
                yield return problem;
            }

            if (File is not null && Modules.Length > 0 && Modules.All(module => module.ShortName != File))
            {
                yield return Problem(Diagnostics.FileName, Modules[0].Location, Modules[0].ShortName, File);
            }
        }
    }

    private IEnumerable<ClassModel> ClassesOf(ModuleModel module) => Classes.Where(type => (type.ModuleName ?? Modules[0].CSharpName) == module.CSharpName);

    /// <summary>Gets the enums in the signatures of a module, each once.</summary>
    private IEnumerable<EnumModel> EnumsOf(ModuleModel module) => module.Types.Concat(ClassesOf(module).SelectMany(static type => type.Types))
        .SelectMany(static type => type.Enums).GroupBy(static type => type.CSharpName).Select(static same => same.First());

    /// <summary>Finds classes and enums with the name of a function, a constant, or another class or enum of their module.</summary>
    private IEnumerable<DiagnosticInfo> SameNames(ModuleModel module)
    {
        HashSet<string> names = [.. module.Functions.Select(static function => function.PythonName), .. module.Constants.Select(static constant => constant.PythonName)];
        return ClassesOf(module).Select(static type => (type.PythonName, type.Location)).Concat(EnumsOf(module).Select(type => (type.PythonName, module.Location)))
            .Where(type => !names.Add(type.PythonName)).Select(type => Problem(Diagnostics.SameName, type.Location, type.PythonName, module.CSharpName.Replace("global::", "")));
    }

    private static List<ClassModel> BasesFirst(List<ClassModel> classes)
    {
        List<ClassModel> sorted = [];
        foreach (ClassModel type in classes)
        {
            Add(type);
        }

        return sorted;

        void Add(ClassModel type)
        {
            if (classes.FirstOrDefault(other => other.CSharpName == type.BaseName) is { } baseType)
            {
                Add(baseType);
            }

            if (!sorted.Contains(type))
            {
                sorted.Add(type);
            }
        }
    }

    private static DiagnosticInfo Problem(DiagnosticDescriptor descriptor, LocationInfo? location, params string[] arguments) =>
        new(descriptor, location, arguments.ToEquatableArray());
}

/// <summary>A module to write code for, its classes, each after its base, and its enums. It has no locations, which change with every line above.</summary>
internal sealed record ModuleSource(ModuleModel Module, EquatableArray<ClassModel> Classes, EquatableArray<EnumModel> Enums);
