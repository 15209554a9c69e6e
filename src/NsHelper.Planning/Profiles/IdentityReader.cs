using System.Collections.Immutable;
using NsHelper.Planning.Toml;
using Tomlyn.Syntax;

namespace NsHelper.Planning.Profiles;

/// <summary>[identity] and [capabilities]: what is written must be what always happens in this version.</summary>
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
                    capabilities.Refuse(texts[0].Span, $"capabilities.{key} with an entry is not available in this version", $"write {key} = []");
                }
            }

            capabilities.Finish(ProfileKeys.Capabilities, []);
        }
    }

    private static void CheckIdentity(TableReader identity)
    {
        if (identity.Flag("no_new_privileges") == false)
        {
            identity.Refuse(identity.SpanOf("no_new_privileges"), "identity.no_new_privileges = false is not available in this version", "write true, or leave it out");
        }

        if (identity.Content.Find("supplementary_groups")?.Value is ArraySyntax)
        {
            identity.RefuseKey("supplementary_groups", "identity.supplementary_groups as a list is not available in this version", "accepted: keep");
        }
        else
        {
            identity.Choice("supplementary_groups", ["keep"], ["none"]);
        }

        if (identity.Text("umask") is TomlText umask && umask.Value != "caller")
        {
            bool isOctal = umask.Value.Length is 3 or 4 && !umask.Value.AsSpan().ContainsAnyExceptInRange('0', '7');
            identity.RefuseWord("umask", umask, ["caller"], isOctal ? [umask.Value] : []);
        }

        identity.Finish(ProfileKeys.Identity, ProfileKeys.IdentityLater);
    }
}
