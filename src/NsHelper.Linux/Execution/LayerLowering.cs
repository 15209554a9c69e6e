using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Sessions;
using static NsHelper.Linux.Execution.KernelConstants;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Execution;

/// <summary>
/// The directories in which overlays keep what sessions change: made and opened with the file system ids of root, each checked, before the
/// namespace is left. A start that is killed leaves directories that the next one takes as they are.
/// </summary>
internal sealed unsafe class LayerLowering(CallBuilder calls, CredentialLowering credentials, SessionPlan plan)
{
    /// <summary>Larger than what the sessions that may be kept take.</summary>
    private const int ListingSize = 4096;

    /// <summary>Bytes that getdents64(2) writes for "." and "..", and for a session id: a header of 19, the name with its NUL, up to a multiple of 8.</summary>
    private const int EmptyListing = 24 + 24;
    private const int SessionRecord = (19 + LayerPlaces.SessionIdLength + 1 + 7) & ~7;

    private readonly InstructionBuilder builder = calls.Builder;
    private bool isCounted;

    /// <summary>The tree with `upper` and `work`, private and apart from the host's mounts.</summary>
    public Slot Take(SetupStep.OverlayMount overlay, OverlayUpper.Kept kept)
    {
        builder.About(SetupStage.Layers, LayerPlaces.Directory, overlay.Location);
        credentials.SetFileIds(new UserId(0), new GroupId(0));
        Slot directory = calls.Open("state", AT_FDCWD, StateDirectories.Persistent, CallBuilder.PathDirectory, CallBuilder.NoLinks);
        calls.ExpectOwnerOnly(directory);

        // The administrator may have a file system of its own there, with a quota; below it nothing is mounted.
        directory = Enter(directory, LayerPlaces.Name, CallBuilder.Beneath);
        builder.About(SetupStage.Layers, kept.Place, overlay.Location);
        for (int i = 0; i < kept.Parts.Length; i++)
        {
            if (kept.Parts[i] == plan.SessionId && !isCounted)
            {
                CountSessions(directory);
                isCounted = true;
            }

            calls.MakeDirectory(directory, kept.Parts[i], CallBuilder.OwnerOnlyMode);
            directory = Enter(directory, kept.Parts[i], CallBuilder.Beneath | (ulong)RESOLVE_NO_XDEV);
        }

        OverlayLowering.MakeLayers(calls, directory, overlay);
        Slot tree = calls.CloneTree("layers", directory, recursive: false);
        calls.SetAttributes(tree, recursive: false, MountAttributes.NoSuid | MountAttributes.NoDev, (ulong)MS_PRIVATE);
        calls.Close(directory);
        credentials.SetFileIds(plan.Credentials.UserId, plan.Credentials.GroupId);
        return tree;
    }

    private Slot Enter(Slot directory, string name, ulong resolve)
    {
        Slot next = calls.Open("layers", directory, name, CallBuilder.ReadDirectory, resolve);
        calls.Close(directory);
        calls.ExpectOwnerOnly(next);
        return next;
    }

    /// <summary>One start at a time, and no more sessions than may be kept: their names are all of one length, and so is what lists them.</summary>
    private void CountSessions(Slot directory)
    {
        // The lock ends with the descriptor, when the session's own directory is there.
        builder.Add(SystemCall.Flock, [directory, LOCK_EX]);
        builder.Add(SystemCall.GetDents64, [directory, builder.Memory.Allocate(ListingSize), ListingSize]);
        builder.Expect(Expectation.AtMost, EmptyListing + ((LayerPlaces.MostSessions - 1) * SessionRecord));
    }
}
