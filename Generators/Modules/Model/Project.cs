using Microsoft.CodeAnalysis;

namespace PyAsync.Generators;

/// <summary>All modules and classes of a project: what each module has, and what is wrong.</summary>
/// <param name="Modules">The modules.</param>
/// <param name="Classes">The classes, of whichever module.</param>
/// <param name="Strays">Marked members that are in neither.</param>
/// <param name="File">The name of the module by which the file is named that is compiled ahead of time; null if none is.</param>
internal sealed record Project(EquatableArray<ModuleModel> Modules, EquatableArray<ClassModel> Classes, EquatableArray<StrayMember> Strays, string? File)
{
    /// <summary>What there is code for: every module, or nothing if anything is wrong.</summary>
    public IEnumerable<ModuleSource> Sources => Problems.Any()
        ? []
        : Modules.Select(module => new ModuleSource(
            module with { Location = null, Problems = default },
            BasesFirst([.. ClassesOf(module)]).Select(static type => type with { PlainBases = default, Location = null, Problems = default }).ToEquatableArray()));

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
                yield return Problem(Diagnostics.SameName, second.Location, second.ShortName, "the assembly");
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

    /// <summary>Classes that are named as a function, a constant or another class of their module is.</summary>
    private IEnumerable<DiagnosticInfo> SameNames(ModuleModel module)
    {
        HashSet<string> names = [.. module.Functions.Select(static function => function.PythonName), .. module.Constants.Select(static constant => constant.PythonName)];
        return ClassesOf(module).Where(type => !names.Add(type.PythonName)).Select(type => Problem(Diagnostics.SameName, type.Location, type.PythonName, module.CSharpName.Replace("global::", "")));
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

/// <summary>A module to write code for, and its classes, each after its base: no places in the source, which change with every line above.</summary>
internal sealed record ModuleSource(ModuleModel Module, EquatableArray<ClassModel> Classes);
