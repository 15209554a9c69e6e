using static NsHelper.Planning.Schema.KeySchema;

namespace NsHelper.Planning.Schema;

/// <summary>Every key of nshelper.toml and its drop-ins.</summary>
internal static class SiteSchema
{
    public static readonly string[] Facilities = ["auth", "authpriv", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"];

    public static TableSchema Top { get; } = new(
        Of("log", () => new(Word("level", "all", "deny"), Word("args", "none", "full"), Flag("required"), Word("facility", Facilities))),
        Of("tmpfs", () => new(Size("default_size"), Size("max_size"))),
        Of("sessions", () => new(Number("max_per_user", 1, 100_000), Number("max_total", 1, 1_000_000), Duration("stop_timeout"))),
        Of("allow", () => new(ProfileSchema.Principals(ProfileSchema.Verbs))),
        Of("defaults", () => new(ProfileSchema.Body())),
        Of("ceiling", Ceiling))
    {
        Synonyms = [("schema", "leave it out: this file has none")],
    };

    private static TableSchema Ceiling() => new(
        Texts("capabilities", TextForm.Capability),
        Flag("no_new_privileges"),
        Of("namespaces", () => new(Array.ConvertAll(["pid", "ipc", "uts", "network", "cgroup", "time"], (string kind) => Word(kind, "host", "private")))),
        Texts("mount_sources_below", TextForm.Path));
}
