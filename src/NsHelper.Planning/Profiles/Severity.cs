namespace NsHelper.Planning.Profiles;

/// <summary>Whether a finding makes a file unusable.</summary>
internal enum Severity
{
    Error,

    /// <summary>The file is good; somebody should look at it all the same.</summary>
    Warning,
}
