using System.Buffers.Binary;
using NsHelper.Planning.Sessions;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Devices of the host's /dev: what a name there leads to is mounted only if it is the device that was meant, by the kernel's word and not by the name.</summary>
internal sealed unsafe class DeviceLowering(CallBuilder calls)
{
    /// <summary>The part of struct statx from stx_mode to stx_rdev_minor.</summary>
    private const int StatxModeOffset = 0x1c;
    private const int MajorOffset = 0x80 - StatxModeOffset;
    private const int MinorOffset = 0x84 - StatxModeOffset;
    private const int Length = 0x88 - StatxModeOffset;

    private const ushort Type = 0xf000; // S_IFMT
    private const ushort CharacterDevice = 0x2000; // S_IFCHR

    /// <summary>The bits in which character and block devices are alike, and like nothing else.</summary>
    private const ushort TypeOfDevice = 0xb000;

    /// <summary>Before the namespace is left.</summary>
    public Slot Take(SetupStep.DeviceMount device)
    {
        calls.Builder.About(SetupStage.Devices, device.Target.Text, device.Location);
        Slot source = calls.Open("device", AT_FDCWD, device.Target.Text, CallBuilder.PathOnly, CallBuilder.NoLinks);
        byte* found = calls.Statx(source, (uint)STATX_BASIC_STATS, 0xa5);
        calls.ExpectMemory(Expectation.Equal, found + StatxModeOffset, Part(CharacterDevice, device.Number ?? default), Length);
        calls.Builder.Last.Mask = device.Number is null ? Part(TypeOfDevice, default) : Part(Type, new DeviceNumber(uint.MaxValue, uint.MaxValue));
        Slot tree = calls.CloneTree("tree", source, recursive: false);
        calls.SetAttributes(tree, recursive: false, device.Attributes, PlanLowering.PropagationBits(device.Propagation));
        calls.Close(source);
        return tree;
    }

    private byte* Part(ushort mode, DeviceNumber number)
    {
        byte* part = calls.Builder.Memory.Allocate(Length);
        BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(part, sizeof(ushort)), mode);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(part + MajorOffset, sizeof(uint)), number.Major);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(part + MinorOffset, sizeof(uint)), number.Minor);
        return part;
    }
}
