namespace NsHelper.Planning.Profiles;

/// <summary>
/// Every key of schema 1: those that work, and those that are refused until they do. The readers, the hints and the tests of
/// manual and schema use these lists. Properties, not fields: a valid profile never builds them.
/// </summary>
internal static class ProfileKeys
{
    public static string[] Top =>
        ["schema", "description", "enabled", "message", "allow", "command", "namespaces", "root", "protect", "mount", "share", "environment", "identity", "capabilities"];

    public static string[] TopLater => ["extends", "abstract", "parameters", "private", "limits", "session", "login", "log"];

    /// <summary>Tables that only a later schema gives a meaning to; never ignored.</summary>
    public static string[] Reserved => ["seccomp", "landlock"];

    public static string[] Allow => ["users", "groups", "deny_users", "deny_groups", "verbs", "commands"];

    public static string[] Command => ["path", "default"];

    public static string[] CommandLater => ["args", "argv0", "remove"];

    public static string[] Namespaces => ["mount", "pid", "ipc", "uts", "network", "cgroup", "time", "hostname"];

    public static string[] NamespacesLater => ["user"];

    public static string[] Root => ["mode", "propagation", "read_only", "working_directory", "working_directory_fallback"];

    public static string[] RootLater => ["directory", "size"];

    public static string[] Protect => ["private_tmp"];

    public static string[] ProtectLater =>
    [
        "protect_system", "protect_home", "private_devices", "device_allow", "private_run_user", "protect_proc", "proc_subset", "protect_kernel_tunables",
        "protect_control_groups", "protect_kernel_logs", "read_only_paths", "read_write_paths", "inaccessible_paths", "no_exec_paths", "exec_paths",
    ];

    public static string[] Mount => ["target", "type", "source", "options", "propagation", "size", "inodes", "mode", "optional", "create"];

    public static string[] MountLater => ["source_as", "owner", "group", "lower", "upper", "content", "order", "remove"];

    public static string[] Share => ["name", "target", "scope", "group", "source", "access", "mode", "size", "propagation", "create"];

    public static string[] ShareLater => ["lifetime", "remove"];

    public static string[] Environment => ["policy", "keep", "set", "unset", "path", "user_vars"];

    public static string[] Identity => ["no_new_privileges", "supplementary_groups", "umask"];

    public static string[] IdentityLater => ["pty", "kill_on_parent_exit"];

    public static string[] Capabilities => ["bounding", "ambient"];
}
