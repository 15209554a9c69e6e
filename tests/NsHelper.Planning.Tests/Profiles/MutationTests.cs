using System.Text;
using NsHelper.Planning.Access;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using NsHelper.Planning.Tests.Access;
using NsHelper.Planning.Tests.Sessions;
using Tomlyn.Parsing;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: the reader runs on bytes of files; whatever they are, it answers with a profile or with diagnostics that have a place.</summary>
public sealed class MutationTests
{
    private const string Seed = """
        schema = 1
        description = "a profile with every table"
        [allow]
        users = ["alice", "#1000", "*"]
        deny_groups = ["contractors"]
        verbs = ["run"]
        commands = "listed"
        [[command]]
        path = "/bin/true"
        default = true
        [namespaces]
        uts = "private"
        network = "private"
        hostname = "box"
        [root]
        read_only = true
        working_directory = "%h"
        [protect]
        private_tmp = true
        [[mount]]
        target = "/srv/%u"
        options = ["ro", "noexec"]
        [[mount]]
        target = "/data"
        type = "tmpfs"
        size = "64M"
        mode = "1777"
        [[share]]
        name = "work"
        target = "/mnt"
        scope = "group"
        group = "staff"
        [environment]
        keep = ["TERM"]
        set = { A = "%h/x", B = "é" }
        path = ["/bin"]
        [identity]
        umask = "caller"
        [capabilities]
        bounding = []
        """;

    private static readonly byte[] Interesting = "\"'\\[]{}=.,#\n\r\t %0-_é\0\u00ff"u8.ToArray();

    [Fact]
    public void The_seed_is_valid() => Reading.Valid(Seed);

    [Fact]
    public void Every_prefix_is_answered()
    {
        byte[] seed = Encoding.UTF8.GetBytes(Seed);
        for (int length = 0; length < seed.Length; length++)
        {
            Answered(seed[..length]);
        }
    }

    [Fact]
    public void Every_missing_byte_is_answered()
    {
        byte[] seed = Encoding.UTF8.GetBytes(Seed);
        for (int i = 0; i < seed.Length; i++)
        {
            Answered([.. seed[..i], .. seed[(i + 1)..]]);
        }
    }

    [Fact]
    public void Twenty_thousand_random_mutations_are_answered()
    {
        var random = new Random(20_260_101);
        byte[] seed = Encoding.UTF8.GetBytes(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            List<byte> bytes = [.. seed];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                Mutate(bytes, random);
            }

            Answered([.. bytes]);
        }
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count);
        byte b = random.Next(4) == 0 ? (byte)random.Next(256) : Interesting[random.Next(Interesting.Length)];
        switch (random.Next(4))
        {
            case 0:
                bytes[at] = b;
                break;
            case 1:
                bytes.Insert(at, b);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Next(1, 30)));
                break;
            default:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 30))));
                break;
        }
    }

    private static void Answered(byte[] bytes)
    {
        ProfileReading reading = Reading.Of(bytes);
        if (reading is ProfileReading.Valid valid)
        {
            // The library's own validation, which the reader does without, would not have found more.
            Assert.False(SyntaxParser.Parse(Encoding.UTF8.GetString(bytes), "f", validate: true).HasErrors);
            Planned(valid.Profile);
            return;
        }

        var invalid = Assert.IsType<ProfileReading.Invalid>(reading);

        int lines = bytes.Count(b => b == (byte)'\n') + 1;
        Assert.NotEmpty(invalid.Diagnostics);
        Assert.All(invalid.Diagnostics, fault =>
        {
            Assert.InRange(fault.Location.Line, 1, lines);
            Assert.InRange(fault.Location.Column, 1, fault.SourceLine.Length + 1);
            Assert.InRange(fault.Length, 1, Math.Max(1, fault.SourceLine.Length));
            Assert.NotEqual("", fault.Message);
        });
        Assert.DoesNotContain(DiagnosticText.Plain(invalid.Diagnostics), c => c is not ('\n' or '\t' or (>= ' ' and < '\u007f')));
    }

    /// <summary>What the reader lets pass, the planner can plan or refuse, and every plan keeps nosuid and nodev.</summary>
    private static void Planned(Profile profile)
    {
        if (AccessRules.Decide(profile, People.Alice, People.Database, "run", [ByteString.FromText("/bin/true")]) is Decision.Allowed allowed
            && Plans.Of(allowed.Grant) is PlanningResult.Valid plan)
        {
            Assert.All(plan.Plan.Steps.OfType<SetupStep.BindMount>(), mount => Assert.True(mount.Attributes.HasFlag(MountAttributes.NoSuid | MountAttributes.NoDev)));
            Assert.All(plan.Plan.Steps.OfType<SetupStep.TmpfsMount>(), mount => Assert.True(mount.Size > 0 && mount.Inodes > 0));
        }
    }
}
