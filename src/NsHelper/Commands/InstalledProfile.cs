using System.Collections.Immutable;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Settings;

namespace NsHelper.Commands;

/// <summary>A profile of this host, put together from its files. They are read with the caller's rights, each once.</summary>
/// <param name="Reading">The profile, or what is wrong with it.</param>
/// <param name="MentionsGroupName">Whether the group's name may be asked for.</param>
/// <param name="Digest">Of its files.</param>
internal sealed record InstalledProfile(ProfileReading Reading, bool MentionsGroupName, ulong Digest)
{
    private const int PermissionDenied = 13;

    /// <summary>Null when there is no such profile.</summary>
    public static InstalledProfile? Read(ProfileName name, SiteSettings site)
    {
        if (Open(name) is not { IsEmpty: false } own)
        {
            return null;
        }

        var assembly = new ProfileAssembly(name, site);
        assembly.Supply(own);
        while (assembly.Wanted is ProfileName parent)
        {
            assembly.Supply(Open(parent));
        }

        return new InstalledProfile(assembly.Read(), assembly.MentionsGroupName, assembly.Digest);
    }

    // A file the caller may not read is not the caller's profile.
    private static ImmutableArray<ProfileText> Open(ProfileName name)
    {
        try
        {
            return ProfileDirectory.Open(name);
        }
        catch (SystemCallException exception) when (exception.Errno == PermissionDenied)
        {
            return [];
        }
    }
}
