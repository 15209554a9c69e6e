using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Native;

/// <summary>An open file description of ours, from the call that made it to close(2); always close-on-exec.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    private FileDescriptor(int number)
        : base(new IntPtr(-1), ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle.ToInt32() < 0;

    /// <summary>The raw number; meaningful only while this object is reachable.</summary>
    public int Number => handle.ToInt32();

    /// <summary>Takes what a system call returned; -1 becomes a <see cref="SystemCallException"/> with the errno of that call.</summary>
    public static FileDescriptor Take(int result, string call, string subject) =>
        result >= 0 ? new FileDescriptor(result) : throw SystemCallException.Last(call, subject);

    /// <summary>The number, which is the taker's to close from now on.</summary>
    public int Release()
    {
        int number = Number;
        SetHandleAsInvalid();
        return number;
    }

    protected override bool ReleaseHandle() => close(Number) == 0;
}
