using NsHelper.Linux.Execution;
using Xunit;

namespace NsHelper.Linux.Tests.Execution;

/// <summary>Why: what is not in the table cannot be in a plan, however a profile is written.</summary>
public sealed class SystemCallTests
{
    /// <summary>mnt-chmod-after: rights are changed through a descriptor of what the plan has made itself, or given with the file system, and never by a path.</summary>
    [Theory]
    [InlineData("mount")]
    [InlineData("chmod")]
    [InlineData("fchmodat")]
    [InlineData("fchmodat2")]
    [InlineData("chown")]
    [InlineData("lchown")]
    [InlineData("fchownat")]
    [InlineData("utimensat")]
    [InlineData("setxattr")]
    [InlineData("lsetxattr")]
    [InlineData("open")]
    [InlineData("openat")]
    public void No_plan_has_a_call_that_acts_on_a_path_with_rights_of_its_own(string name) =>
        Assert.DoesNotContain(Enum.GetValues<SystemCall>(), call => SystemCalls.NameOf(call) == name);
}
