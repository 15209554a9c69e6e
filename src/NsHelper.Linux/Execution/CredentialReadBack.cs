using System.Buffers.Binary;
using System.Collections.Immutable;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Native.Libc;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>Asks the kernel for what was set: a call that only claims to have succeeded ends the start.</summary>
internal sealed unsafe class CredentialReadBack(InstructionBuilder builder)
{
    private readonly CredentialBlocks blocks = new(builder.Memory);

    /// <summary>Real, effective, saved and file system ids.</summary>
    public void Ids(Credentials credentials)
    {
        Ids(SystemCall.GetResUid, credentials.UserId.Value);
        Ids(SystemCall.GetResGid, credentials.GroupId.Value);
        FileIds(credentials.UserId, credentials.GroupId);
    }

    public void All(Credentials credentials)
    {
        Ids(credentials);
        Groups(credentials.SupplementaryGroups);
        Capabilities(credentials.Ambient);
        if (credentials.Bounding != 0)
        {
            Given(credentials);
        }

        builder.Add(SystemCall.Prctl, [PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, credentials.NoNewPrivileges ? 1 : 0);
        builder.Add(SystemCall.Prctl, [PR_GET_DUMPABLE, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, 0);
        NoWayBack(credentials);
    }

    private void Given(Credentials credentials)
    {
        for (int capability = 0; capability <= credentials.LastCapability; capability++)
        {
            builder.Add(SystemCall.Prctl, [PR_CAPBSET_READ, capability, 0, 0, 0]);
            builder.Expect(Expectation.Result, (long)(credentials.Bounding >> capability & 1));
            builder.Add(SystemCall.Prctl, [PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0]);
            builder.Expect(Expectation.Result, (long)(credentials.Ambient >> capability & 1));
        }

        builder.Add(SystemCall.Prctl, [PR_GET_SECUREBITS, 0, 0, 0, 0]);
        builder.Expect(Expectation.Result, 0);
    }

    public void Capabilities(ulong kept)
    {
        byte* data = Sentinel(CredentialBlocks.CapabilityDataSize);
        builder.Add(SystemCall.Capget, [blocks.CapabilityHeader(), data]);
        Compare(data, blocks.CapabilityData(0, kept, kept), CredentialBlocks.CapabilityDataSize);
    }

    public void NoWayBack(Credentials credentials)
    {
        if (!credentials.UserId.IsRoot)
        {
            builder.Add(SystemCall.SetResUid, [uint.MaxValue, 0, uint.MaxValue]);
            builder.Expect(Expectation.Failure, EPERM);
        }
    }

    private void Ids(SystemCall call, uint id)
    {
        byte* actual = Sentinel(12);
        builder.Add(call, [actual, actual + 4, actual + 8]);
        byte* expected = builder.Memory.Allocate(12);
        for (int i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(expected + (4 * i), 4), id);
        }

        Compare(actual, expected, 12);
    }

    public void FileIds(UserId user, GroupId group)
    {
        builder.Add(SystemCall.SetFsUid, [uint.MaxValue]);
        builder.Expect(Expectation.Result, user.Value);
        builder.Add(SystemCall.SetFsGid, [uint.MaxValue]);
        builder.Expect(Expectation.Result, group.Value);
    }

    private void Groups(ImmutableArray<GroupId> groups)
    {
        int size = groups.Length * sizeof(uint);
        byte* expected = blocks.Groups(groups);

        // Asked for the number first: a list that grew would not fit and a shorter one would leave old bytes.
        builder.Add(SystemCall.GetGroups, [0, 0]);
        builder.Expect(Expectation.Result, groups.Length);
        if (groups.Length > 0)
        {
            byte* actual = Sentinel(size);
            builder.Add(SystemCall.GetGroups, [groups.Length, actual]);
            Compare(actual, expected, size);
        }
    }

    private void Compare(byte* actual, byte* expected, int length)
    {
        ref Instruction instruction = ref builder.Expect(Expectation.Equal);
        instruction.Actual = actual;
        instruction.Reference = expected;
        instruction.Length = length;
    }

    /// <summary>Memory that no right answer leaves as it is, so a call that wrote nothing is noticed.</summary>
    private byte* Sentinel(int size)
    {
        byte* block = builder.Memory.Allocate(size);
        new Span<byte>(block, size).Fill(0xa5);
        return block;
    }
}
