using System.Collections.Immutable;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// A rule about what is right in form and unwise. Its name is shown in brackets behind every finding and is described in nshelper-profile(5).
/// An error is refused by `run` too; a warning is for `check` alone.
/// </summary>
internal sealed record LintRule(string Id, Severity Severity)
{
    public static LintRule UserWritableSystemTarget { get; } = new("user-writable-system-target", Severity.Error);

    public static LintRule NewPrivilegesUserWritable { get; } = new("new-privileges-user-writable", Severity.Error);

    public static LintRule NewPrivileges { get; } = new("new-privileges", Severity.Error);

    public static LintRule Ceiling { get; } = new("ceiling", Severity.Error);

    public static LintRule LoginProfile { get; } = new("login-profile", Severity.Error);

    public static LintRule UntrustedFile { get; } = new("untrusted-file", Severity.Error);

    public static LintRule Unavailable { get; } = new("unavailable", Severity.Warning);

    public static LintRule ReadOnlyShared { get; } = new("read-only-shared", Severity.Warning);

    public static LintRule PrivateRoot { get; } = new("private-root", Severity.Warning);

    public static LintRule TmpfsWithoutSize { get; } = new("tmpfs-without-size", Severity.Warning);

    public static LintRule HostService { get; } = new("host-service", Severity.Warning);

    public static LintRule LoginHostService { get; } = new("login-host-service", Severity.Warning);

    public static LintRule Interpreter { get; } = new("interpreter", Severity.Warning);

    public static LintRule DroppedGroups { get; } = new("dropped-groups", Severity.Warning);

    public static LintRule RootCapability { get; } = new("root-capability", Severity.Warning);

    public static LintRule UnknownName { get; } = new("unknown-name", Severity.Warning);

    public static LintRule AllowsNobody { get; } = new("allows-nobody", Severity.Warning);

    public static LintRule OrphanDropIn { get; } = new("orphan-drop-in", Severity.Warning);

    public static LintRule IgnoredFile { get; } = new("ignored-file", Severity.Warning);

    public static LintRule NothingToCheck { get; } = new("nothing-to-check", Severity.Warning);

    public static LintRule NotReadable { get; } = new("not-readable", Severity.Warning);

    public static ImmutableArray<LintRule> All =>
    [
        UserWritableSystemTarget, NewPrivilegesUserWritable, NewPrivileges, Ceiling, LoginProfile, UntrustedFile, Unavailable, ReadOnlyShared, PrivateRoot,
        TmpfsWithoutSize, HostService, LoginHostService, Interpreter, DroppedGroups, RootCapability, UnknownName, AllowsNobody, OrphanDropIn, IgnoredFile, NothingToCheck, NotReadable,
    ];
}
