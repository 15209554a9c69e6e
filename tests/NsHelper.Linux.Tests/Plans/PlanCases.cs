using System.Collections.Immutable;
using NsHelper.Planning;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;

namespace NsHelper.Linux.Tests.Plans;

/// <summary>The one caller, request and host that the plans of the tests are made for.</summary>
internal static class PlanCases
{
    private const int LastCapability = 40;

    public static Caller Alice { get; } = new()
    {
        UserId = new UserId(12001),
        GroupId = new GroupId(12001),
        SupplementaryGroups = [new GroupId(12001), new GroupId(12010)],
        Name = "alice",
        GroupName = "alice",
        Home = AbsolutePath.Parse("/home/alice"),
        Shell = AbsolutePath.Parse("/bin/sh"),
    };

    public static ImmutableArray<ByteString> TrueCommand { get; } = [ByteString.FromText("/bin/true")];

    /// <summary>alice, any command, private_tmp.</summary>
    public static Profile PrivateTmp => ProfileReader.Read(
        ProfileName.Parse("private-tmp"),
        [new ProfileText("private-tmp.toml", [.. "schema = 1\n[allow]\nusers = [\"alice\"]\ncommands = \"any\"\n[protect]\nprivate_tmp = true\n"u8])]) is ProfileReading.Valid valid
            ? valid.Profile
            : throw new InvalidOperationException();

    public static SessionPlan PlanOf(Profile profile)
    {
        AccountNames names = AccountNames.None with { Groups = [new NamedGroup("nsok", new GroupId(12010))] };
        var grant = (Decision.Allowed)(profile.Allow.Verbs.Contains("run")
            ? AccessRules.Decide(profile, Alice, names, "run", TrueCommand, SettingsOf(profile))
            : AccessRules.Decide(profile, Alice, names, LoginTo(profile), SettingsOf(profile)));
        PathFacts facts = PathFacts.None with
        {
            Resolved = [new ResolvedTarget(AbsolutePath.Parse("/var/run/scratch"), AbsolutePath.Parse("/run/scratch"))],
            Missing = [AbsolutePath.Parse("/home/alice/made/here"), AbsolutePath.Parse("/home/alice/made/file")],
            Files = [AbsolutePath.Parse("/etc/hostname")],
            Lowers =
            [
                new LowerFact(AbsolutePath.Parse("/srv/above")) { FileSystemType = 0xef53, Mode = 0x1e8, Group = new GroupId(12010) },
                new LowerFact(AbsolutePath.Parse("/srv/below")) { FileSystemType = 0x58465342, Mode = 0x1ed },
                new LowerFact(AbsolutePath.Parse("/srv/chroot/stable")) { FileSystemType = 0xef53, Mode = 0x1ed },
            ],
        };
        var request = new SessionRequest("0123456789abcdef0123456789abcdef", "host", LastCapability, [], null);
        return ((PlanningResult.Valid)SessionPlanner.Plan(grant.Grant, names, State, request, facts)).Plan;
    }

    /// <summary>As by ssh without a command, or by sftp where there is nothing else.</summary>
    private static ShellRequest LoginTo(Profile profile) => new(
        ShellRequest.LoginVerb,
        IsLogin: true,
        profile.Login is { AllowsInteractive: false, SftpServer: { } server } ? ByteString.FromText(server.Text) : null);

    /// <summary>What must be set is a directory of alice's in the cases there are.</summary>
    private static ImmutableArray<(ByteString Name, ByteString Value)> SettingsOf(Profile profile) =>
        [.. profile.Parameters.Where(parameter => parameter.Default is null).Select(parameter => (ByteString.FromText(parameter.Name), ByteString.FromText("/home/alice/work")))];

    private static CallerState State { get; } = new()
    {
        Arguments = [ByteString.FromText("nshelper")],
        Environment = [ByteString.FromText("TERM=xterm"), ByteString.FromText("LANG=C.UTF-8"), ByteString.FromText("SECRET=1")],
        WorkingDirectory = ByteString.FromText("/home/alice/work"),
        Umask = 0x12,
        ChangedLimits = [new ResourceLimit(4, 1024, ulong.MaxValue)],
        HardLimits = [.. Enumerable.Range(0, 16).Select(resource => resource == 7 ? 4096 : ulong.MaxValue)], // nofile
        BlockedSignals = 0,
        IgnoredSignals = 1UL << 12,
        Timers = [default, default, default],
    };
}
