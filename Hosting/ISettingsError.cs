namespace PyAsync;

/// <summary>An exception that stands for an error in the settings of a program, or in what they name. Its message says what to correct.</summary>
internal interface ISettingsError;
