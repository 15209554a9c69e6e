using NsHelper.Planning.Profiles;
using static NsHelper.Planning.Schema.KeySchema;

namespace NsHelper.Planning.Schema;

/// <summary>Every key of a profile of schema 1.</summary>
internal static class ProfileSchema
{
    public static readonly string[] Verbs = ["run", "shell", "login", "join", "stop"];

    /// <summary>In the order of <see cref="Profiles.MountType"/>.</summary>
    public static readonly string[] MountTypes = ["bind", "tmpfs", "overlay", "proc", "sysfs", "devpts", "mqueue", "mask", "symlink", "directory", "file"];

    public static readonly string[] KeptVariables = ["TERM", "LANG", "LC_*", "COLORTERM", "TZ", "NO_COLOR"];

    // systemd's default, with the directories of hosts where /bin is no link.
    public static readonly string[] SearchPath = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private const string ReadOnlyMount = "write options = [\"ro\"]";

    public static TableSchema Top { get; } = new(
    [
        Number("schema", 1, 1) with { Required = "write schema = 1 as the first line" },
        Text("description", TextForm.Free),
        new("extends", ValueKinds.Text | ValueKinds.List) { Form = TextForm.ProfileName },
        Flag("abstract"),
        Flag("enabled"),
        Text("message", TextForm.Free),
        Of("allow", Allow),
        ArrayOf("command", Command),
        Of("parameters", () => new() { Rest = Of("", Parameter), RestName = TextForm.ParameterName }),
        .. Body(),
    ]);

    /// <summary>What a session looks like: the part that [defaults] of the site may have too.</summary>
    public static KeySchema[] Body() =>
    [
        Of("namespaces", Namespaces),
        Of("root", Root),
        Of("protect", Protect),
        ArrayOf("mount", Mount),
        ArrayOf("private", Private),
        ArrayOf("share", Share),
        Of("identity", Identity),
        Of("capabilities", () => new(Texts("bounding", TextForm.Capability), Texts("ambient", TextForm.Capability))),
        Of("limits", Limits),
        Of("environment", Environment),
        Of("session", Session),
        Of("login", Login),
        Of("log", Log).Later(),
        Reserved("seccomp"),
        Reserved("landlock"),
    ];

    /// <summary>Who, and with which verbs: the part that [allow] of the site has too.</summary>
    public static KeySchema[] Principals(string[] defaultVerbs) =>
    [
        Texts("users", TextForm.Principal),
        Texts("groups", TextForm.Principal),
        Texts("deny_users", TextForm.Principal),
        Texts("deny_groups", TextForm.Principal),
        new("verbs", ValueKinds.List) { Words = Verbs, Default = defaultVerbs },
    ];

    private static TableSchema Allow() => new([.. Principals(["run", "shell", "join", "stop"]), Word("commands", "listed", "any")]);

    private static TableSchema Command() => new(
        Text("path", TextForm.Path) with { Required = "an absolute path in the session" },
        Texts("args", TextForm.Template) with { IsSequence = true },
        Flag("default"),
        Text("argv0", TextForm.Free),
        Flag("remove"))
    {
        Identity = ["path", "args"],
    };

    private static TableSchema Parameter() => new(
        Word("type", "string", "int", "enum", "path_below") with { Required = "accepted: string, int, enum, path_below" },
        Text("pattern", TextForm.Free),
        Texts("values", TextForm.Free),
        Text("base", TextForm.CallersPath),
        new("default", ValueKinds.Number | ValueKinds.Text) { Form = TextForm.Free });

    private static TableSchema Namespaces() => new(
        Word("mount", "private"),
        Word("pid", "host", "private"),
        Word("ipc", "host", "private"),
        Word("uts", "host", "private"),
        Word("network", "host", "private") with { Form = TextForm.NetworkPath },
        Word("cgroup", "host", "private"),
        Word("time", "host", "private"),
        Text("hostname", TextForm.HostName),
        Reserved("user"));

    private static TableSchema Root() => new(
        Word("mode", "host", "tmpfs", "directory", "overlay"),
        Text("directory", TextForm.Path),
        Word("upper", "tmpfs", "session", "user"),
        Flag("read_only"),
        Size("size"),
        Word("propagation", "slave", "private", "shared", "unchanged"),
        Word("working_directory", "caller", "~") with { Form = TextForm.SpecifiedPath },
        Word("working_directory_fallback", "caller", "~") with { Form = TextForm.SpecifiedPath });

    private static TableSchema Protect() => new(
        new("protect_system", ValueKinds.Flag | ValueKinds.Text) { Words = ["full", "strict"] },
        new("protect_home", ValueKinds.Flag | ValueKinds.Text) { Words = ["read-only", "tmpfs"] },
        Flag("private_tmp"),
        Flag("private_devices"),
        Texts("device_allow", TextForm.Path),
        Flag("private_run_user"),
        Word("protect_proc", "default", "noaccess", "invisible", "ptraceable"),
        Word("proc_subset", "all", "pid"),
        Flag("protect_kernel_tunables"),
        Flag("protect_control_groups"),
        Flag("protect_kernel_logs"),
        Texts("read_only_paths", TextForm.ListedPath),
        Texts("read_write_paths", TextForm.ListedPath),
        Texts("inaccessible_paths", TextForm.ListedPath),
        Texts("no_exec_paths", TextForm.ListedPath),
        Texts("exec_paths", TextForm.ListedPath));

    private static TableSchema Mount() => new(
        Text("target", TextForm.MountTarget) with { Required = "the absolute path of the mount point" },
        Word("type", MountTypes),
        Text("source", TextForm.SetValue),
        Word("source_as", "caller", "root"),
        new("options", ValueKinds.List) { Words = ["ro", "rw", "nosuid", "nodev", "noexec", "noatime", "nosymfollow", "bind", "rbind"] },
        Word("propagation", "private", "slave", "shared", "unbindable", "unchanged"),
        Size("size"),
        Number("inodes", 1, 100_000_000),
        Text("mode", TextForm.Mode),
        Text("owner", TextForm.Owner),
        Text("group", TextForm.OwnerGroup),
        Texts("lower", TextForm.PlainSource),
        Word("upper", "tmpfs", "session", "user"),
        Flag("optional"),
        Word("create", "auto", "no", "dir", "file"),
        Text("content", TextForm.Free),
        Number("order", 0, 1_000_000),
        Flag("remove"))
    {
        Identity = ["target"],
        Synonyms =
        [
            ("readonly", ReadOnlyMount), ("read_only", ReadOnlyMount), ("read-only", ReadOnlyMount), ("ro", ReadOnlyMount),
            ("src", "write source"), ("from", "write source"), ("dst", "write target"), ("dest", "write target"), ("destination", "write target"),
        ],
    };

    private static TableSchema Private() => new(
        Text("target", TextForm.Target) with { Required = "the absolute path of the directory" },
        Word("method", "tmpfs", "directory"),
        Word("scope", "session", "user", "profile", "group"),
        Text("group", TextForm.Group),
        Size("size"),
        Text("mode", TextForm.SharedMode),
        Flag("keep"),
        Flag("remove"))
    {
        Identity = ["target"],
    };

    private static TableSchema Share() => new(
        Text("name", TextForm.ProfileName) with { Required = "a-z, 0-9, _ and -, a letter or digit first" },
        Text("target", TextForm.Target) with { Required = "the absolute path at which the session has the share" },
        Word("scope", "user", "group", "global", "profile") with { Required = "accepted: user, group, global, profile" },
        Text("group", TextForm.Group),
        Word("source", "tmpfs", "disk") with { Form = TextForm.PlainSource },
        Word("access", "rw", "ro"),
        Text("mode", TextForm.SharedMode),
        Size("size"),
        Word("propagation", "shared", "slave", "private"),
        Word("create", "auto", "no", "dir", "file"),
        Word("lifetime", "last-session", "boot", "forever"),
        Flag("remove"))
    {
        Identity = ["name"],
    };

    private static TableSchema Identity() => new(
        new("supplementary_groups", ValueKinds.Text | ValueKinds.List) { Words = ["keep", "none"], Form = TextForm.Group },
        Flag("no_new_privileges"),
        Word("umask", "caller") with { Form = TextForm.Umask },
        Word("pty", "auto", "always", "never"),
        Flag("kill_on_parent_exit"));

    private static TableSchema Limits() => new(
    [
        .. Array.ConvertAll(
            LimitForm.All,
            ((string Name, int Resource, TextForm Form) limit) => new KeySchema(limit.Name, ValueKinds.Number | ValueKinds.Text) { Words = ["infinity", "keep"], Form = limit.Form }),
        Duration("runtime_max").Later(),
        new("oom_score_adjust", ValueKinds.Number) { Least = 0, Most = 1000 },
        Text("cpu_affinity", TextForm.Processors),
        Reserved("cgroup"),
    ]);

    private static TableSchema Environment() => new(
        Word("policy", "clean", "keep"),
        Texts("keep", TextForm.VariablePattern) with { Default = KeptVariables },
        Of("set", () => new() { Rest = Text("", TextForm.SetValue), RestName = TextForm.SetVariable }),
        Texts("unset", TextForm.Variable),
        Texts("path", TextForm.SearchDirectory) with { Default = SearchPath },
        Texts("user_vars", TextForm.VariablePattern));

    private static TableSchema Session() => new(
        Text("label", TextForm.ProfileName),
        Word("scope", "process", "user").Later(),
        Word("join", "owner", "none"),
        Number("max_sessions", 1, 100_000),
        Duration("runtime_max"),
        Word("on_exit", "kill", "wait"),
        Flag("allow_detach"));

    private static TableSchema Login() => new(
        Text("shell", TextForm.Path),
        Texts("shell_args", TextForm.Free),
        Flag("allow_interactive"),
        Flag("allow_command"),
        Text("sftp_server", TextForm.Path));

    private static TableSchema Log() => new(
        Word("level", "all", "deny"),
        Word("args", "none", "full"),
        Flag("required"),
        Flag("exit_status"));
}
