using NsHelper.Linux.Execution;
using NsHelper.Linux.Native;
using NsHelper.Linux.Tests.Plans;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;
using Xunit;

namespace NsHelper.Linux.Tests.Execution;

/// <summary>Why: the loop is all that runs with privilege. It must stop where a call is refused, skip what hangs on an empty slot, and allocate nothing.</summary>
public sealed class PlanExecutorTests
{
    private const int ENOENT = 2;

    [Fact]
    public void It_stops_at_the_first_call_that_fails_and_says_which_and_why()
    {
        var (builder, calls) = New();
        builder.Add(SystemCall.Umask, [0x12]);
        _ = calls.Open("missing", Tmds.Linux.LibC.AT_FDCWD, "/no/such/file", CallBuilder.PathOnly, CallBuilder.NoLinks);
        builder.Add(SystemCall.Umask, [0]);
        (int index, int errno) = Run(builder);
        Assert.Equal((1, ENOENT), (index, errno));
    }

    [Fact]
    public void A_foreseen_error_leaves_the_slot_empty_and_skips_what_hangs_on_it()
    {
        var (builder, calls) = New();
        Slot missing = calls.Open("missing", Tmds.Linux.LibC.AT_FDCWD, "/no/such/file", CallBuilder.PathOnly, CallBuilder.NoLinks);
        builder.Foresee(ENOENT);
        builder.OnlyWith(missing);
        calls.Close(missing);
        builder.OnlyWith(null);
        Slot root = calls.Open("root", Tmds.Linux.LibC.AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.Close(root);
        Assert.Equal((4, 0), Run(builder));
    }

    [Fact]
    public void An_answer_that_is_not_the_expected_one_ends_it_without_an_errno()
    {
        var (builder, _) = New();
        builder.Add(SystemCall.Prctl, [Libc.PR_GET_DUMPABLE, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, 77);
        Assert.Equal((0, 0), Run(builder));
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var (builder, calls) = New();
        for (int i = 0; i < 100; i++)
        {
            calls.Close(calls.Open("root", Tmds.Linux.LibC.AT_FDCWD, "/", CallBuilder.PathDirectory, CallBuilder.NoLinks));
        }

        _ = Run(builder);
        Assert.Equal(0, AllocatedBy(builder));
    }

    /// <summary>User ids go up to 2^32 - 2: as a signed number one of them could not be compared, or not even be lowered.</summary>
    [Fact]
    public void A_user_id_above_the_signed_range_is_lowered()
    {
        const uint large = 4_000_000_000;
        SessionPlan plan = PlanCases.PlanOf(PlanCases.PrivateTmp);
        LoweredPlan lowered = PlanLowering.Lower(plan with { Credentials = plan.Credentials with { UserId = new UserId(large), GroupId = new GroupId(large) } }, SupervisionDescriptors.Shown(plan));
        Assert.Contains("setfsuid(0xffffffff) = 4000000000", CallsText.Of(lowered), StringComparison.Ordinal);
    }

    private static (InstructionBuilder Builder, CallBuilder Calls) New()
    {
        var builder = new InstructionBuilder(8, new UnmanagedMemory());
        return (builder, new CallBuilder(builder));
    }

    private static unsafe (int Index, int Errno) Run(InstructionBuilder builder)
    {
        LoweredPlan plan = Built(builder);
        int index = PlanExecutor.Execute(plan.Instructions, plan.Count, plan.Slots, out int errno, out _);
        return (index, errno);
    }

    private static LoweredPlan Built(InstructionBuilder builder) => builder.Build(new InstructionBuilder(1, new UnmanagedMemory()), new InstructionBuilder(1, new UnmanagedMemory()));

    private static unsafe long AllocatedBy(InstructionBuilder builder)
    {
        LoweredPlan plan = Built(builder);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int index = PlanExecutor.Execute(plan.Instructions, plan.Count, plan.Slots, out _, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(plan.Count, index);
        return allocated;
    }
}
