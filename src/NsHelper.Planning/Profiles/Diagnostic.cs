namespace NsHelper.Planning.Profiles;

/// <summary>One fault of a configuration file, with what a person needs to mend it: where, what is wrong, what would be right.</summary>
internal sealed record Diagnostic
{
    public required SourceLocation Location { get; init; }

    public Severity Severity { get; init; }

    /// <summary>Name of the rule that found it; null for what is wrong in form.</summary>
    public string? Rule { get; init; }

    /// <summary>Lower case, no full stop.</summary>
    public required string Message { get; init; }

    /// <summary>The line of the file, as text; empty when there is none.</summary>
    public required string SourceLine { get; init; }

    /// <summary>Characters under the caret line, at least 1.</summary>
    public required int Length { get; init; }

    /// <summary>Nearest valid key or the accepted values; null when there is nothing to suggest.</summary>
    public string? Hint { get; init; }
}
