using System.Collections.Immutable;
using System.Text;
using NsHelper.Planning;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Invocations;
using NsHelper.Planning.Mounts;
using NsHelper.Planning.Output;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Settings;

namespace NsHelper.Fuzz;

/// <summary>What reads foreign bytes, each with what must be true of its answer: a value or a typed refusal, and never anything else.</summary>
internal static class Targets
{
    /// <summary>Begins a further file of a profile; a name behind it begins the files of another one.</summary>
    private const string Separator = "#---";

    private static readonly Caller Caller = new()
    {
        UserId = new UserId(1000),
        GroupId = new GroupId(100),
        SupplementaryGroups = [new GroupId(27), new GroupId(500)],
        Name = "alice",
        GroupName = "users",
        Home = AbsolutePath.Parse("/home/alice"),
        Shell = AbsolutePath.Parse("/bin/sh"),
    };

    private static readonly AccountNames Names = new() { Users = [], Groups = [new("staff", new GroupId(500))], DatabaseGroups = [] };

    private static readonly CallerState State = new()
    {
        Arguments = [ByteString.FromText("nshelper")],
        Environment =
        [
            .. ((string[])["TERM=xterm", "LANG=C", "EDITOR=vi", "LD_PRELOAD=/x", "LD_X=1", "DOTNET_X=1", "COMPlus_X=1", "GLIBC_TUNABLES=x", "BASH_ENV=/x", "ENV=/x", "BASH_FUNC_x%%=() { :; }", "PATH=/x", "HOME=/x", "TZ=/x"])
                .Select(ByteString.FromText),
        ],
        WorkingDirectory = ByteString.FromText("/home/alice"),
        Umask = 0x12,
        ChangedLimits = [],
        HardLimits = [.. Enumerable.Repeat(ulong.MaxValue, 16)],
        BlockedSignals = 0,
        IgnoredSignals = 0,
        Timers = [],
    };

    private static readonly SiteSettings Site = SiteSettings.Default with { TmpfsMaxSize = 1L << 40 };

    private static readonly ImmutableArray<ByteString> Command = [ByteString.FromText("/bin/true")];

    /// <summary>The readers of one kind of input. Each says what is wrong with its answer, or null; an exception is wrong too, and the caller's to catch.</summary>
    public static Func<byte[], string?>[] Of(string kind) => kind switch
    {
        ".toml" => [ProfileFault, LayersFault, SettingsFault],
        ".mountinfo" => [MountsFault],
        ".arguments" => [ArgumentsFault],
        _ => throw new ArgumentException($"nothing reads a {kind}", nameof(kind)),
    };

    private static string? ProfileFault(byte[] input)
    {
        ProfileText file = new("input.toml", [.. input]);
        return ReadingFault(ProfileReader.Read(ProfileName.Parse("input"), [file], Site), [file]);
    }

    /// <summary>The parts of the input as the files of a profile and of those it extends; those whose separator bears no name are drop-ins.</summary>
    private static string? LayersFault(byte[] input)
    {
        Dictionary<string, List<ProfileText>> profiles = new() { ["input"] = [] };
        List<ProfileText> files = [];
        string name = "input";
        int start = 0;
        while (start <= input.Length)
        {
            int end = input.AsSpan(start).IndexOf(Encoding.ASCII.GetBytes("\n" + Separator));
            end = end < 0 ? input.Length : start + end + 1;
            ProfileText file = new($"{files.Count}.toml", [.. input[start..end]]);
            files.Add(file);
            profiles.TryAdd(name, []);
            profiles[name].Add(file);
            int lineEnd = Array.IndexOf(input, (byte)'\n', end);
            string next = Encoding.UTF8.GetString(input[end..(lineEnd < 0 ? input.Length : lineEnd)]).Replace(Separator, "", StringComparison.Ordinal).Trim();
            name = next.Length > 0 ? next : name;
            start = end == input.Length ? input.Length + 1 : lineEnd < 0 ? input.Length : lineEnd + 1;
        }

        if (files.Count == 1)
        {
            return null;
        }

        var assembly = new ProfileAssembly(ProfileName.Parse("input"), Site);
        while (assembly.Wanted is ProfileName wanted)
        {
            assembly.Supply(profiles.TryGetValue(wanted.Text, out List<ProfileText>? own) ? [.. own] : []);
        }

        return ReadingFault(assembly.Read(), files);
    }

    private static string? ReadingFault(ProfileReading reading, IReadOnlyList<ProfileText> files) => reading switch
    {
        ProfileReading.Invalid invalid => invalid.Diagnostics.IsEmpty ? "refused without a diagnostic" : DiagnosticFault(invalid.Diagnostics, files),
        ProfileReading.Valid valid => DiagnosticFault(valid.Profile.Unavailable, files) ?? PlanFault(valid.Profile) ?? PlanFault(Opened(valid.Profile)),
        _ => "neither a profile nor a refusal",
    };

    /// <summary>The same for everybody, so that most profiles get as far as a plan.</summary>
    public static Profile Opened(Profile profile) => profile with
    {
        Enabled = true,
        IsAbstract = false,
        Unavailable = [],
        Allow = profile.Allow with { Users = [new PrincipalRule("*", default)], DenyUsers = [], DenyGroups = [], Verbs = ["run"], Commands = AllowedCommands.Any },
    };

    private static string? PlanFault(Profile profile)
    {
        if (AccessRules.Decide(profile, Caller, Names, "run", Command) is not Decision.Allowed allowed)
        {
            return null;
        }

        _ = SessionPlanner.QuestionsOf(allowed.Grant.Use, "host");
        if (SessionPlanner.Plan(allowed.Grant, Names, State, new SessionRequest(new string('0', 32), "host", 40, [], null), PathFacts.None) is not PlanningResult.Valid valid)
        {
            return null;
        }

        return PlanInvariants.FaultOf(valid.Plan, allowed.Grant, State, Site)
            ?? UnprintableFault(PlanText.Of(valid.Plan, OutputStyle.Plain)) ?? UnprintableFault(PlanJson.Of(valid.Plan));
    }

    private static string? SettingsFault(byte[] input)
    {
        ProfileText file = new("nshelper.toml", [.. input]);
        return SiteSettingsReader.Read([file]) switch
        {
            SiteSettingsReading.Invalid invalid => invalid.Diagnostics.IsEmpty ? "settings refused without a diagnostic" : DiagnosticFault(invalid.Diagnostics, [file]),
            SiteSettingsReading.Valid { Settings: SiteSettings settings } =>
                settings.TmpfsDefaultSize < 1 || settings.TmpfsDefaultSize > settings.TmpfsMaxSize || !Enum.IsDefined(settings.LogFacility) ? $"settings out of bounds: {settings}" : null,
            _ => "neither settings nor a refusal",
        };
    }

    private static string? MountsFault(byte[] input)
    {
        if (!MountInfoText.TryParse(input, out ImmutableArray<MountEntry>? mounts, out int badLine))
        {
            return badLine >= 1 && badLine <= input.Count(b => b == (byte)'\n') + 1 ? null : $"line {badLine} is refused";
        }

        return UnprintableFault(MountText.Of(MountReport.Of(mounts.Value, null), OutputStyle.Plain, Verbosity.Verbose)) ?? UnprintableFault(MountJson.Of(MountReport.Of(mounts.Value, null)))
            ?? DifferenceFault(mounts.Value, mounts.Value[(mounts.Value.Length / 2)..]);
    }

    /// <summary>A table against itself is empty, and against a part of itself has as many differences as the part against the table.</summary>
    private static string? DifferenceFault(ImmutableArray<MountEntry> table, ImmutableArray<MountEntry> part)
    {
        if (!MountDifferences.Of(table, table, PropagationForm.Compared).IsEmpty)
        {
            return "a table differs from itself";
        }

        ImmutableArray<MountDifference> differences = MountDifferences.Of(table, part, PropagationForm.Compared);
        return differences.Length != MountDifferences.Of(part, table, PropagationForm.Compared).Length ? "the mirror has another number of differences"
            : UnprintableFault(DifferenceText.Of(differences, "a", "b", OutputStyle.Plain, Verbosity.Normal, PropagationForm.Compared))
                ?? UnprintableFault(DifferenceJson.Of(differences, null, 1));
    }

    /// <summary>Words are separated by NUL bytes, as in /proc/PID/cmdline.</summary>
    private static string? ArgumentsFault(byte[] input)
    {
        var words = ImmutableArray.CreateBuilder<ByteString>();
        foreach (Range range in input.AsSpan().Split((byte)0))
        {
            words.Add(new ByteString(input.AsSpan(range)));
        }

        return InvocationParser.Parse(words.ToImmutable()) is ParsedInvocation.Usage usage
            ? UnprintableFault(usage.Message) ?? (usage.ExitStatus is 2 or 125 ? null : $"status {usage.ExitStatus}")
            : null;
    }

    private static string? DiagnosticFault(ImmutableArray<Diagnostic> diagnostics, IReadOnlyList<ProfileText> files)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            SourceLocation place = diagnostic.Location;
            ProfileText? file = files.FirstOrDefault(candidate => candidate.File == place.File);
            if (file is null || place.Line < 1 || place.Line > file.Bytes.Count(b => b == (byte)'\n') + 1
                || place.Column < 1 || place.Column > diagnostic.SourceLine.Length + 1 || diagnostic.Length < 1 || diagnostic.Length > Math.Max(1, diagnostic.SourceLine.Length))
            {
                return $"a diagnostic lies outside of the files: {place.File}:{place.Line}:{place.Column}+{diagnostic.Length} {diagnostic.Message}";
            }

            if (diagnostic.Message.Length is 0 or > 1000)
            {
                return $"a message of {diagnostic.Message.Length} characters";
            }
        }

        return UnprintableFault(DiagnosticText.Plain(diagnostics)) ?? UnprintableFault(DiagnosticText.Json(diagnostics));
    }

    private static string? UnprintableFault(string shown)
    {
        int index = shown.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        while (index >= 0 && shown[index] is '\n' or '\t')
        {
            int next = shown.AsSpan(index + 1).IndexOfAnyExceptInRange(' ', '~');
            index = next < 0 ? -1 : index + 1 + next;
        }

        return index < 0 ? null : $"an answer has the character U+{(int)shown[index]:X4}";
    }
}
