using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Tests.Profiles;

/// <summary>Why: an administrator mends a profile once, not ten times.</summary>
public sealed class TenMistakesTests
{
    private const string Text = """
        schema = 1
        descripton = "one: a misspelt key"
        enabled = "two: a string for a boolean"

        [allow]
        users = ["alice", "1000"]
        commands = "some"

        [namespaces]
        ipc = "own"

        [root]
        propagation = slave

        [[mount]]
        target = "/srv/%q"
        options = ["ro", "nosiud"]

        [[mount]]
        target = "/data"
        type = "tmpfs"
        size = "64 M"

        [seccomp]
        """;

    private const string Shown = """
        test.toml:2:1: error: unknown key "descripton"
          descripton = "one: a misspelt key"
          ^~~~~~~~~~
          hint: did you mean "description"?
        test.toml:3:11: error: enabled must be true or false, not a string
          enabled = "two: a string for a boolean"
                    ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~
        test.toml:6:19: error: "1000" is no name in allow.users
          users = ["alice", "1000"]
                            ^~~~~~
          hint: write "#1000" for an id
        test.toml:7:12: error: "some" is no value of allow.commands
          commands = "some"
                     ^~~~~~
          hint: accepted: listed, any
        test.toml:10:7: error: "own" is no value of namespaces.ipc
          ipc = "own"
                ^~~~~
          hint: accepted: host, private
        test.toml:13:15: error: not TOML: a value is missing its quotation marks: slave
          propagation = slave
                        ^~~~~
          hint: write "slave"
        test.toml:16:16: error: unknown specifier %q
          target = "/srv/%q"
                         ^~
          hint: known: %u %U user, %g %G group, %h home, %n profile, %H host, %% for a %
        test.toml:17:18: error: "nosiud" is no value of mount.options
          options = ["ro", "nosiud"]
                           ^~~~~~~~
          hint: did you mean "nosuid"? accepted: ro, rw, nosuid, nodev, noexec, noatime,
                nosymfollow, bind, rbind
        test.toml:22:8: error: "64 M" is no size
          size = "64 M"
                 ^~~~~~
          hint: accepted: bytes, or a number with K, M, G or T, as "64M"; at least 1, at
                most 1024T
        test.toml:24:2: error: [seccomp] needs schema 2
          [seccomp]
           ^~~~~~~

        """;

    [Fact]
    public void Ten_mistakes_give_ten_diagnostics_at_their_places()
    {
        ImmutableArray<Diagnostic> faults = Reading.Faults(Text);
        Assert.Equal(
            [(2, 1), (3, 11), (6, 19), (7, 12), (10, 7), (13, 15), (16, 16), (17, 18), (22, 8), (24, 2)],
            faults.Select(fault => (fault.Location.Line, fault.Location.Column)));
    }

    [Fact]
    public void Each_is_shown_with_its_line_and_a_mark_under_the_fault() => Assert.Equal(Shown, DiagnosticText.Plain(Reading.Faults(Text)));
}
