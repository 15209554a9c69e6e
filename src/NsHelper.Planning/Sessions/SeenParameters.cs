using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>
/// What a session was started with by --set: what the registry kept of it, or else as far as its mount table shows it: a target that a parameter
/// is a part of gives the parameter's value away. Else the default counts; without one, a mount whose target needs the value is left out.
/// </summary>
internal static class SeenParameters
{
    /// <summary>Where a mount comes from does not matter here, only that it is from elsewhere.</summary>
    private const string Elsewhere = "/";

    /// <param name="table">The session's mounts.</param>
    /// <param name="kept">All of them, when they are known.</param>
    public static ProfileUse Of(
        Profile profile, Caller caller, string hostName, ImmutableArray<MountNode> table, ImmutableArray<(string Name, string Value)>? kept)
    {
        var specifiers = new Specifiers(caller, profile.Name.Text, hostName);
        var known = ImmutableArray.CreateBuilder<Parameter>();
        var settings = ImmutableArray.CreateBuilder<(ByteString, ByteString)>();
        foreach (Parameter parameter in profile.Parameters)
        {
            if (parameter.For(specifiers, out _) is Parameter own && (KeptOf(own, kept) ?? ValueOf(own, profile, specifiers, table)) is string value)
            {
                known.Add(parameter);
                settings.Add((ByteString.FromText(parameter.Name), ByteString.FromText(value)));
            }
        }

        ParameterValues values = ParameterValues.Resolve(known.ToImmutable(), settings.ToImmutable(), specifiers, out _) ?? ParameterValues.None;
        var mounts = ImmutableArray.CreateBuilder<MountSettings>(profile.Mounts.Length);
        foreach (MountSettings mount in profile.Mounts)
        {
            if (IsKnown(mount.Target, values))
            {
                mounts.Add(mount switch
                {
                    MountSettings.Bind bind when !IsKnown(bind.Source, values) => bind with { Source = Elsewhere },
                    MountSettings.Symlink link when !IsKnown(link.Source, values) => link with { Source = Elsewhere },
                    _ => mount,
                });
            }
        }

        // Where sources lie was judged when the session started.
        return new ProfileUse(profile with { Mounts = mounts.ToImmutable(), SourceCeiling = null }, caller, values);
    }

    private static string? KeptOf(Parameter parameter, ImmutableArray<(string Name, string Value)>? kept)
    {
        foreach ((string name, string value) in kept ?? [])
        {
            if (name == parameter.Name)
            {
                return value;
            }
        }

        return kept is null ? null : parameter.Default;
    }

    private static string? ValueOf(Parameter parameter, Profile profile, Specifiers specifiers, ImmutableArray<MountNode> table)
    {
        List<string> seen = [];
        foreach (MountSettings mount in profile.Mounts)
        {
            if (AroundOf(mount.Target, parameter, specifiers) is not var (before, after))
            {
                continue;
            }

            foreach (MountNode node in table)
            {
                if (node.Entry.Target.ToStrictText() is string text && ValueIn(text, before, after) is string value
                    && !seen.Contains(value) && Fits(parameter, value) && IsOfSession(node.Entry) && !IsNamed(profile, specifiers, text))
                {
                    seen.Add(value);
                }
            }
        }

        // Several would be guessing.
        return seen.Count == 1 ? seen[0] : parameter.Default;
    }

    /// <summary>What a profile mounts, but for terminals, is nodev; most of what a host mounts is not.</summary>
    private static bool IsOfSession(MountEntry mount) => mount.Options.ToString().Split(',').Contains("nodev");

    /// <summary>Whether the target is that of another mount of the profile, which needs no parameter to be it.</summary>
    private static bool IsNamed(Profile profile, Specifiers specifiers, string target)
    {
        foreach (MountSettings mount in profile.Mounts)
        {
            if (!TemplateScan.HasParameter(mount.Target) && specifiers.Expand(mount.Target, ParameterValues.None) == target)
            {
                return true;
            }
        }

        foreach (ShareSettings share in profile.Shares)
        {
            if (specifiers.Expand(share.Target) == target)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text around the parameter in a target where it stands once and no other does; else null.</summary>
    private static (string Before, string After)? AroundOf(string template, Parameter parameter, Specifiers specifiers)
    {
        var scan = new TemplateScan(template);
        (string Before, string After)? around = null;
        string text = "";
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Text)
            {
                text += specifiers.Expand(scan.Value);
            }
            else if (scan.Value == parameter.Name && around is null)
            {
                (around, text) = ((text, ""), "");
            }
            else
            {
                return null;
            }
        }

        return around is var (before, _) ? (before, text) : null;
    }

    private static string? ValueIn(string text, string before, string after) =>
        text.Length > before.Length + after.Length && text.StartsWith(before, StringComparison.Ordinal) && text.EndsWith(after, StringComparison.Ordinal)
            ? text[before.Length..^after.Length]
            : null;

    private static bool Fits(Parameter parameter, string value) =>
        parameter.Accepts(value) && (parameter.Type == ParameterType.PathBelow || (!value.Contains('/', StringComparison.Ordinal) && value is not ("." or "..")));

    private static bool IsKnown(string template, ParameterValues values)
    {
        var scan = new TemplateScan(template);
        while (scan.Next())
        {
            if (scan.Kind == PieceKind.Parameter && !Has(values, scan.Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(ParameterValues values, string name)
    {
        foreach ((Parameter parameter, _) in values.All)
        {
            if (parameter.Name == name)
            {
                return true;
            }
        }

        return false;
    }
}
