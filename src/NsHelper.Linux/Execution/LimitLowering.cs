using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Profiles;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// What bounds the session, each in its place: the score for the out-of-memory killer before the host's /proc is left, hard limits above the
/// caller's while there is a privilege, everything else in the command's own part, where no step of ours is left that it could cut short.
/// </summary>
internal sealed unsafe class LimitLowering(CallBuilder calls)
{
    private const int ScoreSize = 16;
    private const int ProcessorBytes = (ProcessorSet.Last + 1) / 8;

    private readonly InstructionBuilder builder = calls.Builder;

    /// <summary>
    /// The kernel takes less than what a privileged process has set only with a capability, which is not taken for it. The file is root's, as are all
    /// of a process that cannot be dumped: so the file system uid is root's, for this one file below a directory that is proc's.
    /// </summary>
    public void WriteScore(StartPlan plan, CredentialLowering credentials)
    {
        if (plan.OutOfMemoryScore is not OutOfMemoryScore score)
        {
            return;
        }

        builder.About(SetupStage.Limits, "oom_score_adjust", score.Location);
        Slot proc = calls.Open("proc", AT_FDCWD, "/proc", CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.ExpectFileSystem(proc, PROC_SUPER_MAGIC);

        credentials.SetFileIds(new UserId(0), plan.Credentials.GroupId);
        Slot file = calls.Open("score", proc, "self/oom_score_adj", O_RDWR | O_CLOEXEC, (ulong)(RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV));
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
        string text = score.Value.ToString(CultureInfo.InvariantCulture);
        builder.Add(SystemCall.Write, [file, calls.Text(text), text.Length]);
        builder.Expect(Expectation.Result, text.Length);
        byte* now = builder.Memory.Allocate(ScoreSize);
        builder.Add(SystemCall.Pread64, [file, now, ScoreSize, 0]);
        calls.ExpectMemory(Expectation.Equal, now, builder.Memory.String(text + "\n"), text.Length + 1);
        calls.Close(file);
        calls.Close(proc);
    }

    /// <summary>A soft limit of 0 for core dumps: this process must leave none.</summary>
    public void RaiseHard(ImmutableArray<LimitSetting> limits)
    {
        foreach (LimitSetting setting in limits)
        {
            ulong hard = setting.Limit.Hard;
            Set(setting, setting.Limit.Resource == RLIMIT_CORE ? 0 : hard, hard);
        }
    }

    public void Apply(Launch launch)
    {
        foreach (LimitSetting setting in launch.Limits)
        {
            Set(setting, setting.Limit.Soft, setting.Limit.Hard);
            byte* actual = Numbers([setting.Limit.Soft ^ 1, setting.Limit.Hard ^ 1]);
            builder.Add(SystemCall.Prlimit, [0, setting.Limit.Resource, 0, actual]);
            calls.ExpectMemory(Expectation.Equal, actual, Numbers([setting.Limit.Soft, setting.Limit.Hard]), 2 * sizeof(ulong));
        }

        if (launch.Processors is ProcessorSet processors)
        {
            Bind(processors);
        }
    }

    private void Set(LimitSetting setting, ulong soft, ulong hard)
    {
        builder.About(SetupStage.Limits, $"the limit {PlanWords.LimitName(setting.Limit.Resource)}", setting.Location);
        builder.Add(SystemCall.Prlimit, [0, setting.Limit.Resource, Argument.Numbers(Numbers([soft, hard])), 0]);
    }

    /// <summary>Processors that the host does not have are left out by the kernel; read back is that there is no other among them.</summary>
    private void Bind(ProcessorSet processors)
    {
        builder.About(SetupStage.Limits, "cpu_affinity", processors.Location);
        byte* wanted = builder.Memory.Allocate(ProcessorBytes);
        foreach (int number in processors.Numbers)
        {
            wanted[number / 8] |= (byte)(1 << (number % 8));
        }

        byte* others = builder.Memory.Allocate(ProcessorBytes);
        for (int i = 0; i < ProcessorBytes; i++)
        {
            others[i] = (byte)(0xff ^ wanted[i]);
        }

        // All ones in the first word, which every kernel writes: a call that wrote nothing is noticed.
        byte* actual = builder.Memory.Allocate(ProcessorBytes);
        new Span<byte>(actual, sizeof(ulong)).Fill(0xff);
        builder.Add(SystemCall.SchedSetAffinity, [0, ProcessorBytes, wanted]);
        builder.Add(SystemCall.SchedGetAffinity, [0, ProcessorBytes, actual]);
        calls.ExpectMemory(Expectation.Equal, actual, builder.Memory.Allocate(ProcessorBytes), ProcessorBytes);
        builder.Last.Mask = others;
    }

    private byte* Numbers(ReadOnlySpan<ulong> numbers)
    {
        byte* block = builder.Memory.Allocate(numbers.Length * sizeof(ulong));
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(block + (i * sizeof(ulong)), sizeof(ulong)), numbers[i]);
        }

        return block;
    }
}
