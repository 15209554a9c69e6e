using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>[allow] of the site: whom the profiles of this host are for at all. By the rules of a profile's own: default deny, deny wins, root is listed.</summary>
internal static class SiteGate
{
    /// <summary>Why the caller is not let through; null when it is, or when there is no gate.</summary>
    /// <param name="verb">Null for a question that no verb stands behind.</param>
    public static Decision.Denied? Denial(AllowRules? gate, Caller caller, AccountNames names, string? verb)
    {
        if (gate is null)
        {
            return null;
        }

        Decision.Denied? denied =
            verb is not null && !gate.Verbs.Contains(verb) ? new Decision.Denied($"the site does not allow {Escaped.Shown(verb)}", gate.Location)
            : PrincipalRules.Denial(gate, caller, names) is Decision.Denied byRule ? byRule
            : PrincipalRules.Permission(gate, caller, names) is null ? new Decision.Denied("no rule of the site allows this user", gate.Location)
            : null;
        return denied is null ? null : denied with { IsOfSite = true };
    }
}
