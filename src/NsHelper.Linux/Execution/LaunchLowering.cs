using System.Buffers.Binary;
using System.Collections.Immutable;
using NsHelper.Planning;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>What is done as the caller for good: working directory, umask, limits, timers and signals as they were, then the command.</summary>
internal sealed unsafe class LaunchLowering(CallBuilder calls)
{
    private const int SignalSetSize = 8;
    private const int KernelSigactionSize = 32;
    private const long IgnoreSignal = 1; // SIG_IGN

    private readonly InstructionBuilder builder = calls.Builder;

    public void Lower(Launch launch)
    {
        EnterDirectory(launch.WorkingDirectories);
        Restore(launch.Restore);
        new LimitLowering(calls).Apply(launch);
        Execute(launch);
    }

    /// <summary>From the last resort to the first choice, each tried: what is entered last stays.</summary>
    private void EnterDirectory(ImmutableArray<ByteString> directories)
    {
        for (int i = directories.Length - 1; i >= 0; i--)
        {
            builder.About(SetupStage.Directory, directories[i].ToString(), null);

            // By name in the finished tree, never through what the caller had open; a link of /proc could lead back out.
            Slot directory = calls.Open("directory", directories[i].Span, CallBuilder.PathDirectory, (ulong)RESOLVE_NO_MAGICLINKS);
            bool isLastResort = i == directories.Length - 1;
            if (!isLastResort)
            {
                builder.Last.Foreseen = Foreseen.AnyError;
            }

            builder.OnlyWith(directory);
            builder.Add(SystemCall.Fchdir, [directory]);
            if (!isLastResort)
            {
                builder.Last.Foreseen = Foreseen.AnyError;
            }

            calls.Close(directory);
            builder.OnlyWith(null);
        }
    }

    private void Restore(CallerState state)
    {
        builder.About(SetupStage.Surroundings, "the caller's state", null);
        builder.Add(SystemCall.Umask, [state.Umask]);
        foreach (ResourceLimit limit in state.ChangedLimits)
        {
            builder.Add(SystemCall.Prlimit, [0, limit.Resource, Numbers([limit.Soft, limit.Hard]), 0]);
        }

        for (int i = 0; i < state.Timers.Length; i++)
        {
            IntervalTimer timer = state.Timers[i];
            builder.Add(SystemCall.SetItimer, [i, Numbers([(ulong)timer.IntervalSeconds, (ulong)timer.IntervalMicroseconds, (ulong)timer.ValueSeconds, (ulong)timer.ValueMicroseconds]), 0]);
        }

        for (int signal = 1; signal <= 64; signal++)
        {
            if ((state.IgnoredSignals & (1UL << (signal - 1))) != 0)
            {
                byte* action = builder.Memory.Allocate(KernelSigactionSize);
                BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(action, sizeof(long)), IgnoreSignal);
                builder.Add(SystemCall.SigAction, [signal, action, 0, SignalSetSize]);
            }
        }

        builder.Add(SystemCall.SigProcMask, [SIG_SETMASK, Numbers([state.BlockedSignals]), 0, SignalSetSize]);
    }

    private void Execute(Launch launch)
    {
        RequestedCommand command = launch.Command;
        byte** arguments = builder.Memory.Strings(command.Arguments.AsSpan());
        byte** environment = builder.Memory.Strings(launch.Environment.AsSpan());
        for (int i = 0; i < command.Candidates.Length; i++)
        {
            CommandCandidate candidate = command.Candidates[i];
            byte** own = candidate.ArgumentZero == command.Arguments[0]
                ? arguments
                : builder.Memory.Strings([candidate.ArgumentZero, .. command.Arguments.AsSpan()[1..]]);
            builder.About(SetupStage.Command, candidate.Path.ToString(), null);
            builder.Add(SystemCall.Execve, [calls.Text(candidate.Path.Span), (byte*)own, (byte*)environment]);
            if (i < command.Candidates.Length - 1)
            {
                builder.Last.Foreseen = Foreseen.NotFound;
            }
        }
    }

    private Argument Numbers(ReadOnlySpan<ulong> numbers)
    {
        byte* block = builder.Memory.Allocate(numbers.Length * sizeof(ulong));
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(block + (i * sizeof(ulong)), sizeof(ulong)), numbers[i]);
        }

        return Argument.Numbers(block);
    }
}
