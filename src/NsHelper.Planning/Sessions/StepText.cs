using System.Diagnostics;
using System.Globalization;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Output;
using NsHelper.Planning.Overlays;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Sessions;

/// <summary>One step of a plan in the words of the profile: what is done, to what, and with which settings.</summary>
internal readonly record struct StepText(string Kind, IReadOnlyList<string> Subject, IReadOnlyList<string> Settings)
{
    public static StepText Of(SetupStep step) => step switch
    {
        SetupStep.BindMount bind => Of(bind),
        SetupStep.TmpfsMount tmpfs => Of(tmpfs),
        SetupStep.KernelMount kernel => Of(kernel),
        SetupStep.DeviceMount device => Of(device),
        SetupStep.MaskMount mask => Of(mask),
        SetupStep.OverlayMount overlay => Of(overlay),
        SetupStep.ShareMount share => Of(share),
        SetupStep.Symlink link => new("symlink", [Escaped.Text(link.Target.Text), $"to {Escaped.Text(link.Text)}"], [Making(link)]),
        SetupStep.NewDirectory directory => new("directory", [Escaped.Text(directory.Target.Text)], [.. Ownership(directory.Mode, directory.Owner, directory.Group), Making(directory)]),
        SetupStep.NewFile file => new(
            "file",
            [Escaped.Text(file.Target.Text)],
            [string.Create(CultureInfo.InvariantCulture, $"content {file.Content.Length} bytes"), .. Ownership(file.Mode, file.Owner, file.Group), Making(file)]),
        SetupStep.SetHostname name => new("hostname", [Escaped.Text(name.Hostname)], []),
        SetupStep.BringLoopbackUp => new("loopback", ["up"], []),
        _ => throw new UnreachableException(),
    };

    /// <summary>The settings as pieces that do not break.</summary>
    public IEnumerable<string> SettingPieces => Sheet.Separated(Settings, ",");

    private static StepText Of(SetupStep.BindMount bind)
    {
        string source = Escaped.Text(bind.Source.Text);
        List<string> settings =
        [
            Options(bind.Attributes, bind.Recursive ? "rbind" : "bind"),
            $"propagation {PlanWords.Of(bind.Propagation)}",
            Creation(bind),
        ];
        if (bind.Within is AbsolutePath within)
        {
            settings.Add($"by no link out of {Escaped.Text(within.Text)}");
        }

        if (bind.AsRoot)
        {
            settings.Add("source opened as root");
        }

        if (bind.Optional)
        {
            settings.Add("skipped if the source is missing");
        }

        if (bind.OfSession)
        {
            settings.Add("taken in the session");
        }

        return bind.IsOntoItself
            ? new("bind", [source, "onto itself"], settings)
            : new("bind", [source, $"on {Escaped.Text(bind.Target.Text)}"], settings);
    }

    private static StepText Of(SetupStep.TmpfsMount tmpfs) => new(
        "tmpfs",
        [$"on {Escaped.Text(tmpfs.Target.Text)}"],
        [
            Options(tmpfs.Attributes, null),
            $"propagation {PlanWords.Of(tmpfs.Propagation)}",
            $"size {PlanWords.Size(tmpfs.Size)}",
            string.Create(CultureInfo.InvariantCulture, $"inodes {tmpfs.Inodes}"),
            $"mode {PlanWords.Mode(tmpfs.Mode)}",
            $"owner {tmpfs.Owner}",
            $"group {tmpfs.Group}",
            Creation(tmpfs),
        ]);

    private static StepText Of(SetupStep.KernelMount kernel)
    {
        List<string> settings = [Options(kernel.Attributes, null), $"propagation {PlanWords.Of(kernel.Propagation)}", Creation(kernel)];
        if (kernel.Visibility is ProcessVisibility visibility)
        {
            settings.Add($"hidepid {PlanWords.Of(visibility)}");
        }

        if (kernel.ProcessesOnly)
        {
            settings.Add("subset pid");
        }

        return new(PlanWords.Of(kernel.FileSystem), [$"on {Escaped.Text(kernel.Target.Text)}"], settings);
    }

    private static StepText Of(SetupStep.DeviceMount device) => new(
        "device",
        [Escaped.Text(device.Target.Text)],
        [Options(device.Attributes, null), $"propagation {PlanWords.Of(device.Propagation)}", device.Number is DeviceNumber number ? $"character device {number}" : "any device", Creation(device)]);

    private static StepText Of(SetupStep.MaskMount mask) => new(
        "mask",
        [$"{(mask.IsFile ? "file" : "directory")} {Escaped.Text(mask.Target.Text)}"],
        [Options(mask.Attributes, null), $"propagation {PlanWords.Of(mask.Propagation)}"]);

    private static StepText Of(SetupStep.OverlayMount overlay)
    {
        List<string> subject = [];
        foreach (OverlayLower lower in overlay.Lowers)
        {
            subject.Add(Escaped.Text(lower.Path.Text));
        }

        subject.Add($"on {Escaped.Text(overlay.Target.Text)}");
        List<string> settings = [Options(overlay.Attributes, null), $"propagation {PlanWords.Of(overlay.Propagation)}"];
        settings.AddRange(PlanWords.Of(overlay.Upper));
        settings.AddRange([$"mode {PlanWords.Mode(overlay.Mode)}", $"group {overlay.Group}", Creation(overlay)]);
        return new("overlay", subject, settings);
    }

    private static StepText Of(SetupStep.ShareMount share) => new(
        share.Name is null ? "private" : "share",
        [share.Key, $"on {Escaped.Text(share.Target.Text)}"],
        [
            Options(share.Attributes, null),
            $"propagation {PlanWords.Of(share.Propagation)}",
            Creation(share),
        ]);

    private static string Making(SetupStep.Entry entry) => $"made as root on the session's {Escaped.Text(entry.CreatedOn.Text)}";

    private static string[] Ownership(int mode, UserId owner, GroupId group) => [$"mode {PlanWords.Mode(mode)}", $"owner {owner}", $"group {group}"];

    /// <summary>What is made of a missing target, and as whom when not as the caller.</summary>
    private static string Creation(SetupStep.MountStep mount) =>
        $"create {PlanWords.Of(mount.Create)}" + (mount.CreatedOn is AbsolutePath own && mount.Create != Profiles.CreateTarget.No ? $" as root on the session's {Escaped.Text(own.Text)}" : "");

    private static string Options(MountAttributes attributes, string? bind)
    {
        string words = string.Join(' ', PlanWords.Of(attributes));
        return bind is null ? $"options {words}" : $"options {bind} {words}";
    }
}
