using NsHelper.Planning.Identity;
using NsHelper.Planning.Schema;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>
/// Resource limits as a profile writes them: one value for both limits, or "soft:hard", each a number or "infinity"; where the kernel counts bytes
/// or seconds, with a unit too.
/// </summary>
internal static class LimitForm
{
    /// <summary>RLIM_INFINITY.</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>The names of [limits] with their numbers (RLIMIT_*) and how their values are written.</summary>
    public static (string Name, int Resource, TextForm Form)[] All =>
    [
        ("cpu", 0, TextForm.TimeLimit), ("fsize", 1, TextForm.SizeLimit), ("data", 2, TextForm.SizeLimit), ("stack", 3, TextForm.SizeLimit),
        ("core", 4, TextForm.SizeLimit), ("nproc", 6, TextForm.Limit), ("nofile", 7, TextForm.Limit), ("memlock", 8, TextForm.SizeLimit),
        ("as", 9, TextForm.SizeLimit), ("locks", 10, TextForm.Limit), ("sigpending", 11, TextForm.Limit), ("msgqueue", 12, TextForm.SizeLimit),
        ("nice", 13, TextForm.Limit), ("rtprio", 14, TextForm.Limit), ("rttime", 15, TextForm.Limit),
    ];

    public static string HintOf(TextForm form) => form switch
    {
        TextForm.SizeLimit => "bytes, or a number with K, M, G or T, or soft:hard, as \"64M:1G\"",
        TextForm.TimeLimit => "seconds, or a number with s, min, h or d, or soft:hard, as \"10min:1h\"",
        _ => "a number, or soft:hard, as \"1024:4096\"",
    };

    /// <summary>Null for what is no limit, and for a soft limit above the hard one.</summary>
    public static ResourceLimit? Parse(TextForm form, int resource, string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        ulong? soft = Value(form, colon < 0 ? text : text[..colon]);
        ulong? hard = colon < 0 ? soft : Value(form, text[(colon + 1)..]);
        return soft is ulong least && hard is ulong most && least <= most ? new ResourceLimit(resource, least, most) : null;
    }

    private static ulong? Value(TextForm form, string text) =>
        text == "infinity" ? Infinity
        : (ulong?)(TomlNumbers.Canonical(text) ?? form switch
        {
            TextForm.SizeLimit => Amounts.BytesOf(text),
            TextForm.TimeLimit => Amounts.SecondsOf(text),
            _ => null,
        });
}
