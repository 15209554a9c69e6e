namespace NsHelper.Commands;

/// <summary>`--version`.</summary>
internal static class VersionCommand
{
    public static int Run() => Report.Answer($"nshelper {ProductVersion.Text}\n");
}
