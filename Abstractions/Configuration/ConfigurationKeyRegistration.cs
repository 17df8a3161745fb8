namespace PyAsync;

/// <summary>A key of a runtime's configuration section that is known. Added to the services by <c>AddConfigurationKey</c>.</summary>
/// <param name="Key">The key; letter case does not matter.</param>
/// <param name="Subkeys">The keys below it; empty if they are not checked.</param>
public sealed record ConfigurationKeyRegistration(string Key, IReadOnlyList<string> Subkeys);
