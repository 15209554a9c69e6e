using System.Diagnostics;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Parameters;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>The links, directories and files that a profile wants made, as steps for this caller.</summary>
internal sealed class EntryPlanner(Specifiers specifiers, ParameterValues parameters, OwnerPlanner owners)
{
    private const int OthersWrite = 2;
    private const int GroupWrite = 0x10;

    public SetupStep.Entry Plan(MountSettings.Entry entry, AbsolutePath target) => entry switch
    {
        MountSettings.Symlink link => new SetupStep.Symlink { Location = link.Location, Target = target, Text = specifiers.Expand(link.Source, parameters) },
        MountSettings.Directory directory => new SetupStep.NewDirectory
        {
            Location = directory.Location,
            Target = target,
            Mode = directory.Mode,
            Owner = owners.UserOf(directory, new UserId(0)),
            Group = owners.GroupOf(directory, new GroupId(0)),
        },
        MountSettings.File file => new SetupStep.NewFile
        {
            Location = file.Location,
            Target = target,
            Mode = file.Mode,
            Owner = owners.UserOf(file, new UserId(0)),
            Group = owners.GroupOf(file, new GroupId(0)),
            Content = ByteString.FromText(file.Content),
        },
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether users decide what is found there: by what a link leads to, or by writing to it.</summary>
    public static bool IsTheUsers(SetupStep.Entry entry) => entry switch
    {
        SetupStep.Symlink link => SystemPlaces.IsUsers(Destination(link)),
        SetupStep.NewDirectory directory => MayOthersWrite(directory.Mode, directory.Owner.IsRoot, directory.Group.Value == 0),
        SetupStep.NewFile file => MayOthersWrite(file.Mode, file.Owner.IsRoot, file.Group.Value == 0),
        _ => throw new UnreachableException(),
    };

    /// <summary>Whether somebody but root can change what has this mode.</summary>
    public static bool MayOthersWrite(int mode, bool isRoots, bool isRootGroups) =>
        !isRoots || (mode & OthersWrite) != 0 || (!isRootGroups && (mode & GroupWrite) != 0);

    /// <summary>Where the link leads as far as its text says it, without the links on the way.</summary>
    public static string Destination(SetupStep.Symlink link)
    {
        List<string> parts = [];
        string[] above = link.Text.StartsWith('/') ? [] : link.Target.Parts[..^1];
        foreach (string part in (string[])[.. above, .. link.Text.Split('/')])
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>The file system of the session's own that the entry lies on: root makes nothing anywhere else, where it would last or be somebody's.</summary>
    public static AbsolutePath PlaceOf(SetupStep.Entry entry, SetupStep.MountStep? enclosing, SessionRoot root)
    {
        OverlayUpper? upper = enclosing is SetupStep.OverlayMount overlay ? overlay.Upper : enclosing is null && root is SessionRoot.Overlay own ? own.Mount.Upper : null;
        string? fault = enclosing is null && !root.IsOwn ? "on the host's tree"
            : enclosing is not (null or SetupStep.TmpfsMount or SetupStep.OverlayMount) ? $"on {enclosing.Target}, which is not of the session alone"
            : upper is OverlayUpper.Kept ? "on an overlay that is kept, where the next session would find it"
            : enclosing?.Attributes.HasFlag(MountAttributes.ReadOnly) == true ? $"on {enclosing.Target}, which is read-only"
            : null;
        return fault is not null
            ? throw new PlanningRefusal($"{entry.Target} would be made {fault}; mount a tmpfs above it, or make it on the host", entry.Location)
            : enclosing?.Target ?? AbsolutePath.Root;
    }
}
