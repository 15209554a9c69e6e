using System.Collections.Immutable;

namespace NsHelper.Planning.Doctor;

/// <summary>Collects findings of one area. What is wrong cannot be said without what repairs it.</summary>
internal sealed class HostFindings(HostArea area)
{
    private readonly ImmutableArray<HostFinding>.Builder found = ImmutableArray.CreateBuilder<HostFinding>();

    public ImmutableArray<HostFinding> All => found.ToImmutable();

    public void Ok(string id, string text) => found.Add(new HostFinding(area, FindingLevel.Ok, id, text, null));

    public void Note(string id, string text) => found.Add(new HostFinding(area, FindingLevel.Note, id, text, null));

    public void Unseen(string id, string what) => found.Add(new HostFinding(area, FindingLevel.Unseen, id, $"{what} (ask root)", null));

    public void Warn(string id, string text, string repair) => found.Add(new HostFinding(area, FindingLevel.Warning, id, text, repair));

    public void Wrong(string id, string text, string repair) => found.Add(new HostFinding(area, FindingLevel.Wrong, id, text, repair));

    /// <summary>Said where nothing before was anything but good.</summary>
    public void OkWhenNothing(string id, string text)
    {
        if (found.Count == 0)
        {
            Ok(id, text);
        }
    }
}
