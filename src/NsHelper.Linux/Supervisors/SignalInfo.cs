using System.Runtime.InteropServices;

namespace NsHelper.Linux.Supervisors;

/// <summary>The head of siginfo_t, as rt_sigtimedwait(2) fills it for signals of processes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SignalInfo
{
    [FieldOffset(8)]
    public int Code;

    [FieldOffset(16)]
    public int Process;
}
