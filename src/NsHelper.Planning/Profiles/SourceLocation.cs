using System.Globalization;

namespace NsHelper.Planning.Profiles;

/// <summary>A place in a configuration file, for people: lines and columns count from 1, columns in characters. Line 0 is the file as a whole.</summary>
internal readonly record struct SourceLocation(string File, int Line, int Column)
{
    /// <summary>FILE:LINE, as messages about a running plan print it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
}
