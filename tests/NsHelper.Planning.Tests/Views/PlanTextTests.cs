using System.Text.RegularExpressions;
using NsHelper.Planning.Output;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;

namespace NsHelper.Planning.Tests.Views;

public sealed class PlanTextTests
{
    private static readonly OutputStyle Colored = new(ColorMode.Sgr, LineStyle.Utf8);

    [Fact]
    public void A_plan_with_every_kind_of_step_reads_like_this()
    {
        Assert.Equal(
            """
            profile build
              session       0123456789abcdef0123456789abcdef
              name          work
              at most       32 of the profile, 128 of the user, 500 of the host
              join          nobody
              caller        alice, uid 1000, gid 1000 (alice)
              home          /home/alice
              shell         /bin/bash

            shares, kept on the host for all sessions that have them
              u1000.scratch tmpfs, size 1G, inodes 16384, mode 0700, owner 1000, group 1000,
                            on /run/nshelper/share/u1000.scratch
                                                        /etc/nshelper/profiles/build.toml:20
              all.reference directory /srv/reference, on /run/nshelper/share/all.reference
                                                        /etc/nshelper/profiles/build.toml:27

            namespaces                                   /etc/nshelper/profiles/build.toml:9
              private       mnt net pid uts
              the host's    cgroup ipc time user

            root                                        /etc/nshelper/profiles/build.toml:14
              mode          host
              propagation   slave, of every mount
              read_only     false

            processes                                   /etc/nshelper/profiles/build.toml:12
              command       child of an init, which is process 1 of the session
              terminal      its own, of the session's /dev/pts, stdin stderr
              end           when all its processes have ended, after 3600 s at the latest,
                            or when nshelper is killed

            steps, in this order
               1 hostname   build                        /etc/nshelper/profiles/build.toml:9
               2 loopback   up                           /etc/nshelper/profiles/build.toml:9
               3 tmpfs      on /tmp                     /etc/nshelper/profiles/build.toml:17
                            options nosuid nodev, propagation private, size 64M,
                            inodes 16384, mode 01777, owner 0, group 0, create no
               4 bind       /usr/include onto itself    /etc/nshelper/profiles/build.toml:36
                            options bind ro nosuid nodev noexec noatime nosymfollow,
                            propagation private, create auto
               5 bind       /srv/teams/compilers/toolchains/2026/stable on /opt/toolchain
                                                        /etc/nshelper/profiles/build.toml:41
                            options rbind ro nosuid nodev noexec noatime nosymfollow,
                            propagation private, create auto,
                            skipped if the source is missing
               6 share      u1000.scratch on /home/alice/scratch
                                                        /etc/nshelper/profiles/build.toml:20
                            options nosuid nodev, propagation shared, create dir
               7 proc       on /proc                    /etc/nshelper/profiles/build.toml:46
                            options nosuid nodev noexec, propagation private, create no,
                            hidepid invisible, subset pid
               8 mqueue     on /dev/mqueue              /etc/nshelper/profiles/build.toml:50
                            options nosuid nodev noexec, propagation private, create dir
               9 device     /dev/null                   /etc/nshelper/profiles/build.toml:51
                            options nosuid noexec, propagation private,
                            character device 1:3, create file as root on the session's /dev
              10 mask       file /etc/machine-id        /etc/nshelper/profiles/build.toml:54
                            options ro nosuid nodev noexec, propagation private
              11 overlay    /srv/sdk/patches /srv/sdk/base on /opt/sdk
                                                        /etc/nshelper/profiles/build.toml:58
                            options nosuid nodev, propagation private, changes in a tmpfs,
                            size 256M, inodes 16384, mode 0755, group 0, create no
              12 overlay    /srv/template on /home/alice/try
                                                        /etc/nshelper/profiles/build.toml:62
                            options nosuid nodev, propagation private,
                            changes kept in /var/lib/nshelper/overlay/user/1000/build.home-alice-try,
                            mode 0750, group 27, create dir
              13 symlink    /dev/fd to /proc/self/fd    /etc/nshelper/profiles/build.toml:51
                            made as root on the session's /dev
              14 directory  /dev/below                  /etc/nshelper/profiles/build.toml:70
                            mode 01777, owner 1000, group 27,
                            made as root on the session's /dev
              15 file       /dev/below/note             /etc/nshelper/profiles/build.toml:74
                            content 7 bytes, mode 0600, owner 0, group 0,
                            made as root on the session's /dev

            identity
              user          1000, as real, effective and saved id
              group         1000, as real, effective and saved id
              supplementary 27 100
              capabilities  none (bounding, permitted, effective, inheritable, ambient)
              no_new_privs  set

            environment, names only: values may be secrets
                            HOME LANG LOGNAME NSHELPER_PROFILE NSHELPER_SESSION PATH SHELL
                            TERM TOKEN USER

            command
              directory     /home/alice/work
                            else /
              execute       /usr/local/bin/make
                            else /usr/bin/make
              arguments     make -j2 "CC=gcc -O2" "" \x1b\xff
              umask         0022
              restored      limits, signal mask, ignored signals, timers of the caller

            """,
            PlanText.Of(HandMadePlan.Full, OutputStyle.Plain));
    }

    [Fact]
    public void What_a_plan_does_not_have_is_not_mentioned()
    {
        string text = PlanText.Of(HandMadePlan.Full with { Backings = [], Steps = [] }, OutputStyle.Plain);
        Assert.DoesNotContain("shares", text, StringComparison.Ordinal);
        Assert.DoesNotContain("steps", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_adds_codes_and_changes_nothing_else()
    {
        string colored = PlanText.Of(HandMadePlan.Full, Colored);
        Assert.Contains("\e[1mprofile build\e[0m\n", colored, StringComparison.Ordinal);
        Assert.Equal(PlanText.Of(HandMadePlan.Full, OutputStyle.Plain), Regex.Replace(colored, "\e\\[[0-9]+m", ""));
    }

    [Fact]
    public void Values_of_variables_are_never_shown()
    {
        Assert.DoesNotContain("secret-value", PlanText.Of(HandMadePlan.Full, OutputStyle.Plain), StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", PlanJson.Of(HandMadePlan.Full), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\"b", "\"a\\x22b\"")]
    [InlineData("$(reboot)", "\"$(reboot)\"")]
    [InlineData("--opt=/a,b:c@d_%+\\", "--opt=/a,b:c@d_%+\\x5c")]
    [InlineData("line\nfeed", "line\\x0afeed")]
    public void Arguments_are_quoted_and_escaped(string argument, string shown)
    {
        SessionPlan plan = HandMadePlan.Full;
        plan = plan with { Launch = plan.Launch with { Command = plan.Launch.Command with { Arguments = [HandMadePlan.Bytes("make"), HandMadePlan.Bytes(argument)] } } };
        Assert.Contains($"  arguments     make {shown}\n", PlanText.Of(plan, OutputStyle.Plain), StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_is_not_ascii_cannot_reach_the_terminal_raw()
    {
        SessionPlan plan = HandMadePlan.Full;
        var bind = (SetupStep.BindMount)plan.Steps[3];
        plan = plan with { Steps = [bind with { Target = AbsolutePath.Parse("/m\u00fcll\u202e") }] };
        string text = PlanText.Of(plan, OutputStyle.Plain);
        Assert.Contains("/usr/include on /m\\xc3\\xbcll\\xe2\\x80\\xae", text, StringComparison.Ordinal);
        Assert.All(text, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(1024, "1K")]
    [InlineData(1025, "1025")]
    [InlineData(64L << 20, "64M")]
    [InlineData(3L << 30, "3G")]
    public void Sizes_have_the_largest_unit_that_loses_nothing(long bytes, string shown) => Assert.Equal(shown, PlanWords.Size(bytes));
}
