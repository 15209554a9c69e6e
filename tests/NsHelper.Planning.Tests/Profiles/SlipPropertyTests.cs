using CsCheck;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why (cfg-fail-open): a slip of the hand in a profile is noticed, or means the same. It never takes a restriction away in silence.</summary>
public sealed class SlipPropertyTests
{
    /// <summary>Every restriction a profile has, and no number: one digit more is another value, not a slip that can be seen.</summary>
    private const string Careful = """
        schema = 1
        [allow]
        users = ["alice", "bob"]
        groups = ["staff"]
        deny_users = ["mallory"]
        deny_groups = ["guests"]
        verbs = ["run"]
        commands = "listed"
        [[command]]
        path = "/usr/bin/make"
        default = true
        [namespaces]
        ipc = "private"
        uts = "private"
        network = "private"
        cgroup = "private"
        hostname = "box"
        [root]
        read_only = true
        propagation = "private"
        working_directory = "/srv"
        [protect]
        private_tmp = true
        [[mount]]
        target = "/srv"
        source = "/srv/data"
        options = ["ro", "noexec", "nosymfollow"]
        create = "no"
        [[mount]]
        target = "/scratch"
        type = "tmpfs"
        size = "1M"
        mode = "0700"
        options = ["noexec"]
        [[share]]
        name = "work"
        target = "/work"
        scope = "group"
        group = "staff"
        access = "ro"
        size = "2M"
        propagation = "slave"
        [environment]
        policy = "clean"
        keep = ["TERM"]
        set = { "A" = "x" }
        unset = ["B"]
        path = ["/bin"]
        user_vars = []
        [identity]
        no_new_privileges = true
        umask = "caller"
        [capabilities]
        bounding = []
        """;

    /// <summary>No sign of comments: who comments a line out means it.</summary>
    private const string Keys = "abcdeghilmnoprstuvy_AZ=.,[]{}\"' \t\n-";

    private static readonly int[] Places = [.. OutsideOfTexts()];

    [Fact]
    public void A_slip_is_refused_or_means_the_same()
    {
        string meant = Meaning.Of(Reading.Of(Careful));
        Assert.IsType<ProfileReading.Valid>(Reading.Of(Careful));
        Gen.Select(Gen.OneOf(Places), Gen.OneOf([.. Keys]), Gen.Int[0, 4]).Sample(
            (place, key, kind) =>
            {
                string slipped = Slipped(place, key, kind);
                Assert.True(Reading.Of(slipped) is not ProfileReading.Valid valid || Meaning.Of(valid) == meant, slipped);
            },
            iter: 10_000);
    }

    private static string Slipped(int place, char key, int kind) => kind switch
    {
        0 when !EndsText(place) => Careful.Insert(place, key.ToString()),
        1 => Careful.Remove(place, 1),
        2 => Careful.Remove(place, 1).Insert(place, key.ToString()),
        3 => Careful.Insert(place, Careful[place].ToString()),
        _ => place + 1 < Careful.Length && Careful[place] != '"' && Careful[place + 1] != '"' ? Careful.Remove(place, 2).Insert(place, $"{Careful[place + 1]}{Careful[place]}") : Careful,
    };

    /// <summary>What is written before the quote that closes a text is still of the text.</summary>
    private static bool EndsText(int place) => Careful[place] == '"' && Careful[..place].Count(c => c == '"') % 2 == 1;

    /// <summary>In a text, another letter is another name: whose, nobody can know.</summary>
    private static IEnumerable<int> OutsideOfTexts()
    {
        bool inText = false;
        for (int i = 0; i < Careful.Length; i++)
        {
            inText ^= Careful[i] == '"';
            if (!inText)
            {
                yield return i;
            }
        }
    }
}
