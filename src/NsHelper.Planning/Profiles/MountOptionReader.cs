using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>The option words of a mount, and whether bind or rbind was among them.</summary>
internal readonly record struct MountOptionWords(MountOptions Options, bool? Recursive);

/// <summary>mount.options: words of mount(8). nosuid and nodev may be written and are always set; there is no word that takes them away.</summary>
internal static class MountOptionReader
{
    public static MountOptionWords Read(TableReader table)
    {
        MountOptions options = default;
        bool? recursive = null;
        string? access = null;
        foreach (TomlText text in table.Texts("options") ?? [])
        {
            switch (text.Value)
            {
                case "ro" or "rw":
                    RefuseBoth(table, text, access);
                    access = text.Value;
                    options = options with { ReadOnly = text.Value == "ro" };
                    break;
                case "bind" or "rbind":
                    RefuseBoth(table, text, recursive is null ? null : recursive.Value ? "rbind" : "bind");
                    recursive = text.Value == "rbind";
                    break;
                case "noexec":
                    options = options with { NoExec = true };
                    break;
                case "noatime":
                    options = options with { NoAtime = true };
                    break;
                case "nosymfollow":
                    options = options with { NoSymFollow = true };
                    break;
                default:
                    break; // nosuid, nodev
            }
        }

        return new MountOptionWords(options, recursive);
    }

    private static void RefuseBoth(TableReader table, TomlText text, string? other)
    {
        if (other is not null && other != text.Value)
        {
            table.Refuse(text.Span, $"options \"{other}\" and \"{text.Value}\" exclude each other", null);
        }
    }
}
