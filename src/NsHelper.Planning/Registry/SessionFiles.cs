using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Registry;

/// <summary>Where the registry is.</summary>
internal static class SessionFiles
{
    public const string Directory = $"{StateDirectories.Run}/{StateDirectories.Sessions}";
}
