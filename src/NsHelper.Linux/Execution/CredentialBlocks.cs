using System.Buffers.Binary;
using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using static NsHelper.Linux.Execution.KernelConstants;

namespace NsHelper.Linux.Execution;

/// <summary>What capset(2), capget(2) and setgroups(2) take, in the plan's memory.</summary>
internal sealed unsafe class CredentialBlocks(UnmanagedMemory memory)
{
    private const int CapabilityHeaderSize = 8;
    public const int CapabilityDataSize = 24;

    public byte* CapabilityHeader()
    {
        byte* header = memory.Allocate(CapabilityHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(header, 4), LINUX_CAPABILITY_VERSION_3);
        return header;
    }

    /// <summary>struct __user_cap_data_struct[2]: effective, permitted, inheritable of capabilities 0-31, then of 32-63.</summary>
    public byte* CapabilityData(ulong effective, ulong permitted, ulong inheritable = 0)
    {
        byte* data = memory.Allocate(CapabilityDataSize);
        for (int half = 0; half < 2; half++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(data + (12 * half), 4), (uint)((effective >> (32 * half)) & uint.MaxValue));
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(data + (12 * half) + 4, 4), (uint)((permitted >> (32 * half)) & uint.MaxValue));
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(data + (12 * half) + 8, 4), (uint)((inheritable >> (32 * half)) & uint.MaxValue));
        }

        return data;
    }

    public byte* Groups(ImmutableArray<GroupId> groups)
    {
        byte* list = memory.Allocate(groups.Length * sizeof(uint));
        for (int i = 0; i < groups.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(list + (4 * i), 4), groups[i].Value);
        }

        return list;
    }
}
