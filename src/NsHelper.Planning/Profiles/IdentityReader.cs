using System.Collections.Immutable;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[identity] and [capabilities]: other than what always happens in this version is not available.</summary>
internal static class IdentityReader
{
    public static void Check(TableReader top)
    {
        if (top.Table("identity") is TableReader identity)
        {
            CheckIdentity(identity);
        }

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
    }

    private static void CheckIdentity(TableReader identity)
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

        identity.Choice("umask");
        identity.Finish();
    }
}
