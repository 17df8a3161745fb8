namespace PyAsync.Modules.Generated;

/// <param name="Name">The module's full name.</param>
/// <param name="Doc">Its docstring.</param>
/// <param name="Fill">Adds the module's contents.</param>
internal sealed record RegisteredModule(string Name, string? Doc, Action<ModuleBuilder> Fill);
