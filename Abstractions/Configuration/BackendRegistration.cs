namespace PyAsync;

/// <summary>A backend that configuration can select by name. Added to the services by <c>AddBackend</c>.</summary>
/// <param name="Name">The name; letter case does not matter.</param>
/// <param name="Create">Creates the backend for the runtime with the given key (null: the one without a key).</param>
public sealed record BackendRegistration(string Name, Func<IServiceProvider, string?, RuntimeBackend> Create);
