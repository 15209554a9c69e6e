using NsHelper.Planning.Identity;

namespace NsHelper.Linux.Process;

/// <summary>What <see cref="ProcessHygiene"/> found and made: who called, what the command gets back, and root put aside.</summary>
/// <param name="RealUser">The kernel's real uid.</param>
/// <param name="RealGroup">The kernel's real gid.</param>
/// <param name="Privileges">Null when the program has no root to park: not installed setuid, or switched off by the system.</param>
internal sealed record CleanProcess(UserId RealUser, GroupId RealGroup, ParkedPrivileges? Privileges, CallerState State)
{
    /// <summary>The one descriptor that was left open, close-on-exec, for what becomes of a session; -1: none.</summary>
    public int StatusDescriptor { get; init; } = -1;

    /// <summary>Whether root asks, for itself or about <see cref="OtherUser"/>: root may read every profile and is told every reason.</summary>
    public bool AskedByRoot { get; init; } = RealUser.IsRoot;
}
