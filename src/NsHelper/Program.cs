namespace NsHelper;

/// <summary>The entry point.</summary>
internal static class Program
{
    private static int Main() => 0;
}
