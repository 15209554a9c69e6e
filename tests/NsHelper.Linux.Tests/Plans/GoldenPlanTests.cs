using System.Runtime.CompilerServices;
using System.Text;
using NsHelper.Linux.Execution;
using NsHelper.Planning.Access;
using NsHelper.Planning.Output;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using Xunit;

namespace NsHelper.Linux.Tests.Plans;

/// <summary>
/// Every case folder holds a profile, the plan it means for alice (plan.txt, what `explain` prints) and the system calls it becomes (calls.txt).
/// Every shipped profile is a case, so examples cannot rot. `make golden` rewrites the files; the diff is the review.
/// </summary>
public sealed class GoldenPlanTests
{
    private const string UpdateVariable = "GOLDEN";

    public static TheoryData<string> Cases => [.. Names()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_plan_and_the_calls_are_as_reviewed(string name)
    {
        SessionPlan plan = PlanOf(name);
        AssertGolden(name, "plan.txt", PlanText.Of(plan, OutputStyle.Plain));
        AssertGolden(name, "calls.txt", CallsText.Of(PlanLowering.Lower(plan, SupervisionDescriptors.Shown(plan))));
    }

    /// <summary>A profile somebody adds to profiles/ without a case would be an example nobody tried.</summary>
    [Fact]
    public void Every_shipped_profile_is_a_case()
    {
        IEnumerable<string> shipped = Directory.GetFiles(Shipped(), "*.toml").Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.NotEmpty(shipped);
        Assert.Subset(Names().ToHashSet(), shipped.ToHashSet());
    }

    /// <summary>A shipped profile grants nothing until an administrator allows somebody.</summary>
    [Fact]
    public void Every_shipped_profile_denies_everybody()
    {
        foreach (string file in Directory.GetFiles(Shipped(), "*.toml"))
        {
            Profile profile = Read(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
            Assert.IsType<Decision.Denied>(AccessRules.Decide(profile, PlanCases.Alice, AccountNames.None, "run", PlanCases.TrueCommand));
        }
    }

    private static SessionPlan PlanOf(string name)
    {
        string own = Path.Combine(Folder(), name, "profile.toml");
        string text = File.ReadAllText(File.Exists(own) ? own : Path.Combine(Shipped(), name + ".toml"));

        // What an administrator does with a shipped profile before it can be used.
        Profile profile = Read(name, text.Replace("users = []", "users = [\"alice\"]", StringComparison.Ordinal));
        return PlanCases.PlanOf(profile);
    }

    private static Profile Read(string name, string text)
    {
        var file = new ProfileText($"/etc/nshelper/profiles/{name}.toml", [.. Encoding.UTF8.GetBytes(text)]);
        return ProfileReader.Read(ProfileName.Parse(name), [file]) switch
        {
            ProfileReading.Valid valid => valid.Profile,
            ProfileReading.Invalid invalid => throw new InvalidOperationException(DiagnosticText.Plain(invalid.Diagnostics)),
            _ => throw new InvalidOperationException(),
        };
    }

    private static void AssertGolden(string name, string file, string actual)
    {
        string path = Path.Combine(Folder(), name, file);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "write")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static IEnumerable<string> Names() => Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(RealPath(source))!;

    private static string Shipped() => Path.GetFullPath(Path.Combine(Folder(), "../../../profiles"));

    // The compiler maps the tree away; the tests run from tests/PROJECT/bin/CONFIGURATION/FRAMEWORK.
    private static string RealPath(string source) => File.Exists(source)
        ? source
        : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../Plans", Path.GetFileName(source)));
}
