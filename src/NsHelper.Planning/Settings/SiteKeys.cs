namespace NsHelper.Planning.Settings;

/// <summary>Every key of nshelper.toml: those that work, and those that are refused until they do.</summary>
internal static class SiteKeys
{
    public static string[] Top => ["log", "tmpfs"];

    public static string[] TopLater => ["sessions", "allow", "defaults", "ceiling"];

    public static string[] Log => ["level", "args", "required", "facility"];

    public static string[] Tmpfs => ["default_size", "max_size"];
}
