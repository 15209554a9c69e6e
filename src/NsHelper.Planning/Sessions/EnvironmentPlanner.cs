using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Builds the command's environment from nothing: what the profile keeps, sets and lets the user set, and the names that are always set.</summary>
internal static class EnvironmentPlanner
{
    /// <summary>Values of these steer the C library and programs to files; sudo's env_check refuses '/' and '%' in them for the same reason.</summary>
    private static readonly string[] CheckedNames = ["TERM", "COLORTERM", "TZ", "LANG", "LANGUAGE", "LC_*"];

    /// <summary>Names that load code or change a shell's or runtime's start; they pass under no policy.</summary>
    public static readonly string[] NeverPassed = ["LD_*", "DOTNET_*", "COMPlus_*", "GLIBC_TUNABLES", "BASH_ENV", "ENV", "BASH_FUNC_*"];

    public static readonly string[] AlwaysSet = ["HOME", "USER", "LOGNAME", "SHELL", "PATH", "NSHELPER_PROFILE", "NSHELPER_SESSION"];

    public static ImmutableArray<ByteString> Plan(Profile profile, Caller caller, Specifiers specifiers, ParameterValues parameters, CallerState state, SessionRequest request)
    {
        EnvironmentSettings settings = profile.Environment;
        var variables = new SortedVariables();
        foreach (ByteString entry in state.Environment)
        {
            if (NameOf(entry) is string name && Passes(name, entry, settings))
            {
                variables.AddFirst(name, entry);
            }
        }

        foreach ((string name, string value) in settings.Set)
        {
            var entry = ByteString.FromText($"{name}={specifiers.Expand(value, parameters)}");
            if (TemplateScan.HasParameter(value) && !ValueIsHarmless(name, entry.Span[(name.Length + 1)..]))
            {
                throw new PlanningRefusal($"variable {name} would have a value that is not accepted", null);
            }

            variables.Set(name, entry);
        }

        foreach ((ByteString name, ByteString value) in request.Variables)
        {
            string asked = AcceptedName(name, value, settings);
            variables.Set(asked, new ByteString([.. name.Span, (byte)'=', .. value.Span]));
        }

        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)
        [
            ("HOME", caller.Home.Text), ("USER", caller.Name), ("LOGNAME", caller.Name), ("SHELL", (profile.Login?.Shell ?? caller.Shell).Text),
            ("PATH", SearchPath(settings)),
            ("NSHELPER_PROFILE", profile.Name.Text), ("NSHELPER_SESSION", request.SessionId),
        ])
        {
            variables.Set(name, ByteString.FromText($"{name}={value}"));
        }

        return variables.Entries;
    }

    /// <summary>Whether a pattern (a name, or a name with a last '*') matches.</summary>
    public static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.AsSpan().StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal)
        : pattern == name;

    /// <summary>Whether a name or a whole pattern is one that no policy lets through from the caller.</summary>
    public static bool NeverPasses(string pattern) => pattern.EndsWith('*') ? NeverPassed.Contains(pattern) || MatchesAny(NeverPassed, pattern[..^1]) : MatchesAny(NeverPassed, pattern) || IsAlwaysSet(pattern);

    public static bool IsAlwaysSet(string name) => MatchesAny(AlwaysSet, name);

    private static bool Passes(string name, ByteString entry, EnvironmentSettings settings)
    {
        if (MatchesAny(NeverPassed, name) || MatchesAny(AlwaysSet, name) || settings.Unset.Contains(name))
        {
            return false;
        }

        bool wanted = settings.Policy == EnvironmentPolicy.Keep || MatchesAny(settings.Keep.AsSpan(), name);
        return wanted && ValueIsHarmless(name, entry.Span[(name.Length + 1)..]);
    }

    private static string AcceptedName(ByteString name, ByteString value, EnvironmentSettings settings)
    {
        string? text = name.ToStrictText();
        if (text is null || MatchesAny(NeverPassed, text) || MatchesAny(AlwaysSet, text) || !MatchesAny(settings.UserVariables.AsSpan(), text))
        {
            throw new PlanningRefusal($"--env may not set {name} in this profile", null);
        }

        return ValueIsHarmless(text, value.Span) ? text : throw new PlanningRefusal($"--env has a value that is not accepted for {name}", null);
    }

    private static bool ValueIsHarmless(string name, ReadOnlySpan<byte> value)
    {
        // "() {" is how a shell function travelled in a variable of any name.
        if (value.StartsWith("()"u8))
        {
            return false;
        }

        return !MatchesAny(CheckedNames, name) || value.IndexOfAny((byte)'/', (byte)'%') < 0;
    }

    private static string SearchPath(EnvironmentSettings settings)
    {
        var text = new StringBuilder();
        foreach (AbsolutePath directory in settings.Path)
        {
            text.Append(text.Length > 0 ? ":" : "").Append(directory.Text);
        }

        return text.ToString();
    }

    private static bool MatchesAny(ReadOnlySpan<string> patterns, string name)
    {
        foreach (string pattern in patterns)
        {
            if (Matches(pattern, name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name before '=' when it is an identifier, else null: nothing else is a variable a profile can speak of.</summary>
    private static string? NameOf(ByteString entry)
    {
        int length = entry.Span.IndexOf((byte)'=');
        if (length <= 0)
        {
            return null;
        }

        ReadOnlySpan<byte> name = entry.Span[..length];
        foreach (byte b in name)
        {
            if (!(char.IsAsciiLetterOrDigit((char)b) || b == (byte)'_'))
            {
                return null;
            }
        }

        return Encoding.ASCII.GetString(name);
    }
}
