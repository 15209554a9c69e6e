using System.Collections.Immutable;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>The presets and the lists of paths in [protect], in the words and with the meaning of systemd.exec(5).</summary>
internal static class ProtectedPlacesReader
{
    private static readonly (string Key, ProtectPreset Preset)[] Flags =
    [
        ("protect_kernel_tunables", ProtectPreset.KernelTunables),
        ("protect_control_groups", ProtectPreset.ControlGroups),
        ("protect_kernel_logs", ProtectPreset.KernelLogs),
    ];

    private static readonly (string Key, PlaceRule Rule, bool MayBeRoot)[] Lists =
    [
        ("read_only_paths", PlaceRule.ReadOnly, true),
        ("read_write_paths", PlaceRule.ReadWrite, false),
        ("inaccessible_paths", PlaceRule.Inaccessible, false),
        ("no_exec_paths", PlaceRule.NoExec, true),
        ("exec_paths", PlaceRule.Exec, false),
    ];

    public static ImmutableArray<PresetSettings> Presets(TableReader top, TableReader? table)
    {
        ImmutableArray<PresetSettings>.Builder presets = ImmutableArray.CreateBuilder<PresetSettings>();
        Add(presets, table, "protect_system", Word(table, "protect_system") switch
        {
            "true" => ProtectPreset.System,
            "full" => ProtectPreset.SystemFull,
            "strict" => ProtectPreset.SystemStrict,
            _ => null,
        });
        Add(presets, table, "protect_home", Word(table, "protect_home") switch
        {
            "true" => ProtectPreset.HomeHidden,
            "read-only" => ProtectPreset.HomeReadOnly,
            "tmpfs" => ProtectPreset.HomeTmpfs,
            _ => null,
        });

        // Sockets of the user's own services are a way out of a login session.
        if (table?.Flag("private_run_user") ?? top.Has("login"))
        {
            presets.Add(new PresetSettings(ProtectPreset.PrivateRunUser, DiagnosticList.LocationOf(table?.SpanOf("private_run_user") ?? top.SpanOf("login"))));
        }

        foreach ((string key, ProtectPreset preset) in Flags)
        {
            Add(presets, table, key, table?.Flag(key) == true ? preset : null);
        }

        return presets.ToImmutable();
    }

    public static ImmutableArray<ListedPath> Paths(TableReader? table)
    {
        ImmutableArray<ListedPath>.Builder paths = ImmutableArray.CreateBuilder<ListedPath>();
        foreach ((string key, PlaceRule rule, bool mayBeRoot) in Lists)
        {
            foreach (TomlText text in table?.Texts(key) ?? [])
            {
                bool optional = text.Value.StartsWith('-');
                string path = optional ? text.Value[1..] : text.Value;
                if (path == "/" && !mayBeRoot)
                {
                    table?.Refuse(text.Span, $"\"/\" is no path of {key}", rule == PlaceRule.Inaccessible ? "nothing would be left" : "it is that without being named");
                }

                paths.Add(new ListedPath(rule, path, optional, DiagnosticList.LocationOf(text.Span)));
            }
        }

        return paths.ToImmutable();
    }

    /// <summary>The place that makes the whole tree read-only, by protect_system = "strict" or by a "/" in read_only_paths; null when none does.</summary>
    public static TomlText? ReadOnlyRoot(TomlTable top)
    {
        TomlTable? table = TableValues.TableOf(top, "protect");
        return Root(table, "read_only_paths") ?? (TableValues.TextOf(table, "protect_system") is { Value: "strict" } strict ? strict : null);
    }

    /// <summary>The "/" of no_exec_paths; null when there is none.</summary>
    public static TomlText? NoExecRoot(TomlTable top) => Root(TableValues.TableOf(top, "protect"), "no_exec_paths");

    private static TomlText? Root(TomlTable? table, string key) => TableValues.TextsOf(table, key).Find(text => text.Value is "/" or "-/");

    private static void Add(ImmutableArray<PresetSettings>.Builder presets, TableReader? table, string key, ProtectPreset? preset)
    {
        if (preset is ProtectPreset known && table is not null)
        {
            presets.Add(new PresetSettings(known, DiagnosticList.LocationOf(table.SpanOf(key))));
        }
    }

    /// <summary>A key that takes true, false or a word.</summary>
    private static string? Word(TableReader? table, string key) => table?.Flag(key) switch
    {
        true => "true",
        false => null,
        null => table?.Text(key)?.Value,
    };
}
