using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// Everything a session will be, as plain data: nothing is decided after it is made, and what `explain` prints is this.
/// The phases are members, so a mount after the drop or a launch without a drop cannot be written down.
/// </summary>
internal sealed record SessionPlan : StartPlan
{
    public override string Verb => "run";

    public override string Subject => Profile.Text;

    /// <summary>What it is called, and how many there may be.</summary>
    public required SessionSettings Sessions { get; init; }

    /// <summary>Of the profile's files; see <see cref="ProfileAssembly.Digest"/>.</summary>
    public required ulong Digest { get; init; }
    public required ParameterValues Parameters { get; init; }

    /// <summary>Shares whose backing must stand in the host's mount namespace before it is left.</summary>
    public required ImmutableArray<ShareBacking> Backings { get; init; }

    /// <summary>Whether the session counts as a user of a share that ends with its last one.</summary>
    public bool HasShareUntilLastSession
    {
        get
        {
            foreach (ShareBacking backing in Backings)
            {
                if (backing.EndsWithLastSession)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public required Isolation Isolation { get; init; }

    /// <summary>In the order in which they are done.</summary>
    public required ImmutableArray<SetupStep> Steps { get; init; }
}

/// <summary>The namespaces that are left behind, and what is true of the whole mount tree from then on.</summary>
internal sealed record Isolation
{
    public required NamespaceSet Unshare { get; init; }

    /// <summary>Where the network namespace is kept that the session joins; null: none.</summary>
    public AbsolutePath? JoinedNetwork { get; init; }

    public required SessionRoot Root { get; init; }

    /// <summary>Private, slave or shared, recursively from the root.</summary>
    public required Propagation RootPropagation { get; init; }
    public required bool RootReadOnly { get; init; }
    public bool RootNoExec { get; init; }

    /// <summary>Whether every mount of the host's tree is nosuid; what the session brings is that always.</summary>
    public bool RootNoSuid { get; init; } = true;

    public MountAttributes RootRestrictions => (RootReadOnly ? MountAttributes.ReadOnly : 0) | (RootNoExec ? MountAttributes.NoExec : 0);
    public required SourceLocation NamespacesLocation { get; init; }
    public required SourceLocation RootLocation { get; init; }
}

/// <summary>Namespaces by kind; values are the CLONE_NEW* bits of unshare(2).</summary>
[Flags]
internal enum NamespaceSet
{
    None = 0,
    Time = 0x0000_0080,
    Mount = 0x0002_0000,
    Cgroup = 0x0200_0000,
    Uts = 0x0400_0000,
    Ipc = 0x0800_0000,
    Pid = 0x2000_0000,
    Network = 0x4000_0000,
}

/// <summary>
/// The directory behind a share or a private directory, at /run/nshelper/share/KEY in the host's mount namespace: made once, found by every later session.
/// </summary>
internal sealed record ShareBacking
{
    /// <summary>Where all of them are.</summary>
    public const string Directory = $"{StateDirectories.Run}/{StateDirectories.Share}";

    /// <summary>What the keys of those begin with that end with their last session.</summary>
    public const string UntilLastSession = "last.";

    /// <summary>
    /// Unique among all shares: u1000.NAME, g2000.NAME, all.NAME or profile.PROFILE.NAME, after "disk." or "path." when it is no tmpfs
    /// and after "last." when it ends with its last session. Of a
    /// private directory the name is its target, and "private." comes first.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>Of [[private]], and not of [[share]].</summary>
    public bool IsPrivate { get; init; }
    public required ShareSource Source { get; init; }

    /// <summary>Of <see cref="ShareSource.Tmpfs"/>: unmounted when no session has it any longer.</summary>
    public bool EndsWithLastSession { get; init; }

    /// <summary>Of <see cref="ShareSource.Directory"/>, else null.</summary>
    public required AbsolutePath? SourcePath { get; init; }
    public required UserId Owner { get; init; }
    public required GroupId Group { get; init; }
    public required int Mode { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    public required int Inodes { get; init; }
    public required SourceLocation Location { get; init; }

    /// <summary>Where the host has it mounted, and the administrator mounts below it.</summary>
    public string Place => $"{Directory}/{Key}";

    /// <summary>The directory of <see cref="ShareSource.Disk"/>.</summary>
    public string Store => $"{StateDirectories.Persistent}/{StoreName}/{Key}";

    public string StoreName => IsPrivate ? StateDirectories.Private : StateDirectories.Share;
}

/// <summary>Who the command is: always the caller, with the capabilities that the profile names, and unless the profile says so without a way to gain another.</summary>
internal sealed record Credentials
{
    public required UserId UserId { get; init; }
    public required GroupId GroupId { get; init; }

    /// <summary>As the kernel had them, or a part of these; read back and compared.</summary>
    public required ImmutableArray<GroupId> SupplementaryGroups { get; init; }

    /// <summary>Whether no_new_privs is set, for good; without it set-user-ID programs have effect, with no capability but those of <see cref="Bounding"/>.</summary>
    public bool NoNewPrivileges { get; init; } = true;

    /// <summary>Whether they are not all of the caller's.</summary>
    public bool SetsGroups { get; init; }

    /// <summary>What the bounding set keeps; bit n is capability n.</summary>
    public ulong Bounding { get; init; }

    /// <summary>Permitted, inheritable and ambient of the command, and effective from its execve on.</summary>
    public ulong Ambient { get; init; }

    /// <summary>The bounding set is gone through from 0 to this capability, the kernel's last.</summary>
    public required int LastCapability { get; init; }

    /// <summary>Those of <see cref="Launch.Limits"/> whose hard limit is above the caller's, which takes a privilege.</summary>
    public ImmutableArray<LimitSetting> RaisedLimits { get; init; } = [];
}

/// <summary>The command, and the surroundings it starts in.</summary>
internal sealed record Launch
{
    /// <summary>Entered in this order until one succeeds; resolved by name in the finished root, as the caller.</summary>
    public required ImmutableArray<ByteString> WorkingDirectories { get; init; }

    /// <summary>NAME=VALUE, the whole environment.</summary>
    public required ImmutableArray<ByteString> Environment { get; init; }
    public required RequestedCommand Command { get; init; }

    /// <summary>The limits that the profile sets.</summary>
    public ImmutableArray<LimitSetting> Limits { get; init; } = [];

    /// <summary>Null for the caller's.</summary>
    public ProcessorSet? Processors { get; init; }

    /// <summary>Limits, signals and timers as the caller had them, but for the limits that the profile sets; the umask too, unless the profile has one.</summary>
    public required CallerState Restore { get; init; }
}
