using System.Collections.Immutable;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[identity] and [capabilities].</summary>
internal static class IdentityReader
{
    public static IdentitySettings Read(TableReader top)
    {
        TableReader? identity = top.Table("identity");
        TableReader? capabilities = top.Table("capabilities");
        ulong bounding = Set(capabilities, "bounding", ulong.MaxValue);
        var settings = new IdentitySettings
        {
            Umask = identity?.Text("umask") is TomlText text ? (uint?)Amounts.BitsOf(text.Value) : null,
            Groups = Groups(identity),
            NoNewPrivileges = identity?.Flag("no_new_privileges") ?? true,
            NoNewPrivilegesLocation = DiagnosticList.LocationOf(identity?.SpanOf("no_new_privileges") ?? top.Span),
            Bounding = bounding,
            Ambient = Set(capabilities, "ambient", bounding),
            CapabilitiesLocation = DiagnosticList.LocationOf((capabilities ?? top).Span),
        };
        identity?.Finish();
        capabilities?.Finish();
        return settings;
    }

    private static ImmutableArray<PrincipalRule>? Groups(TableReader? identity)
    {
        const string key = "supplementary_groups";
        if (identity?.Texts(key) is not null)
        {
            return PrincipalReader.List(identity, key);
        }

        // The form of a name is for the list; alone it is none of the words.
        if (identity?.Text(key) is { Value: not ("keep" or "none") } other)
        {
            identity.Refuse(other.Span, $"\"{Escaped.Shown(other.Value)}\" is no value of identity.{key}", "accepted: keep, none, or a list of groups");
        }

        return identity?.Text(key)?.Value == "none" ? [] : null;
    }

    private static ulong Set(TableReader? table, string key, ulong within)
    {
        ulong set = 0;
        foreach (TomlText text in table?.Texts(key) ?? [])
        {
            ulong bit = 1UL << Array.IndexOf(Capabilities.Names, text.Value);
            set |= bit;
            if ((bit & within) == 0)
            {
                table!.Refuse(text.Span, $"capabilities.{key} names {text.Value}, which bounding does not have", "add it to bounding too");
            }
        }

        return set;
    }
}
