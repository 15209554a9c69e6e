using System.Collections.Immutable;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[identity] and [capabilities].</summary>
internal static class IdentityReader
{
    public static IdentitySettings Read(TableReader top)
    {
        if (top.Table("capabilities") is TableReader capabilities)
        {
            foreach (string key in (ReadOnlySpan<string>)["bounding", "ambient"])
            {
                if (capabilities.Texts(key) is ImmutableArray<TomlText> { IsEmpty: false } texts)
                {
                    capabilities.NotAvailable(texts[0].Span, $"capabilities.{key} with an entry", $"write {key} = []");
                }
            }

            capabilities.Finish();
        }

        return top.Table("identity") is TableReader identity ? ReadIdentity(identity) : IdentitySettings.OfCaller;
    }

    private static IdentitySettings ReadIdentity(TableReader identity)
    {
        if (identity.Flag("no_new_privileges") == false)
        {
            identity.NotAvailable(identity.SpanOf("no_new_privileges"), "identity.no_new_privileges = false", "write true, or leave it out");
        }

        if (identity.Texts("supplementary_groups") is not null)
        {
            identity.NotAvailable(identity.SpanOf("supplementary_groups"), "identity.supplementary_groups as a list", "accepted: keep");
        }
        else
        {
            identity.Choice("supplementary_groups");
        }

        var settings = new IdentitySettings { Umask = identity.Text("umask") is TomlText text ? (uint?)Amounts.BitsOf(text.Value) : null };
        identity.Finish();
        return settings;
    }
}
