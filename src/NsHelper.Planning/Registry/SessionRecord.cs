using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NsHelper.Planning.Identity;

namespace NsHelper.Planning.Registry;

/// <summary>
/// What is known of a session before it stands. It is the text of a symbolic link that leads nowhere: the kernel makes one whole or not at all, whatever
/// limits and signals the caller sends along.
/// </summary>
internal sealed record SessionRecord
{
    /// <summary>The longest text of a link, without the byte that ends it.</summary>
    public const int MaxBytes = 4095;

    /// <summary>Where nothing says which boot this is. State of an earlier one is gone with /run, on all hosts but odd ones.</summary>
    public const string UnknownBoot = "unknown";

    private const string Version = "nshelper-session-1";

    public required UserId User { get; init; }

    /// <summary>Of every configuration file that the profile was made of.</summary>
    public required ulong Digest { get; init; }

    /// <summary>Of the boot in which the processes are what they are: /proc/sys/kernel/random/boot_id.</summary>
    public required string BootId { get; init; }

    /// <summary>The namespace in which <see cref="Monitor"/> has its number, as an inode number on nsfs.</summary>
    public required ulong Processes { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long Started { get; init; }

    /// <summary>The process that was started: the monitor, or the command itself.</summary>
    public required ProcessIdentity Monitor { get; init; }

    /// <summary>--set, as the session has it; null when it was too long to be kept.</summary>
    public required ImmutableArray<(string Name, string Value)>? Parameters { get; init; }

    /// <summary>The same as the command line has them.</summary>
    public ImmutableArray<(ByteString Name, ByteString Value)> Settings
    {
        get
        {
            var settings = ImmutableArray.CreateBuilder<(ByteString, ByteString)>();
            foreach ((string name, string value) in Parameters ?? [])
            {
                settings.Add((ByteString.FromText(name), ByteString.FromText(value)));
            }

            return settings.ToImmutable();
        }
    }

    /// <summary>Whether these are parameters of it.</summary>
    public bool Has(ImmutableArray<(ByteString Name, ByteString Value)> settings)
    {
        ImmutableArray<(ByteString Name, ByteString Value)> own = Settings;
        foreach ((ByteString Name, ByteString Value) setting in settings)
        {
            if (!own.Contains(setting))
            {
                return false;
            }
        }

        return true;
    }

    public bool IsOfAnotherBoot(string bootId) => BootId != bootId && BootId != UnknownBoot && bootId != UnknownBoot;

    /// <summary>Null for any text that <see cref="ToString"/> does not write.</summary>
    public static SessionRecord? Parse(string text)
    {
        string[] words = text.Split(' ');
        if (words.Length < 7 || words[0] != Version || !uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint user)
            || !ulong.TryParse(words[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong digest)
            || !ulong.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out ulong processes)
            || !long.TryParse(words[5], NumberStyles.None, CultureInfo.InvariantCulture, out long started)
            || MonitorIn(words[6]) is not ProcessIdentity monitor)
        {
            return null;
        }

        ImmutableArray<(string, string)>? parameters = ParametersIn(words.AsSpan(7), out bool isWrong);
        var record = new SessionRecord
        {
            User = new UserId(user), Digest = digest, BootId = words[3], Processes = processes, Started = started, Monitor = monitor, Parameters = parameters,
        };
        return isWrong || record.ToString() != text ? null : record;
    }

    /// <summary>ASCII, and short enough.</summary>
    public override string ToString()
    {
        // No interpolation: on the way of every start it is what brings the pools of the runtime to life.
        StringBuilder text = new StringBuilder(Version)
            .Append(' ').Append(Text(User.Value)).Append(' ').Append(Digest.ToString("x16", CultureInfo.InvariantCulture)).Append(' ').Append(BootId).Append(' ')
            .Append(Text(Processes)).Append(' ').Append(Started.ToString(CultureInfo.InvariantCulture)).Append(' ')
            .Append(Text((ulong)Monitor.Pid)).Append(':').Append(Text(Monitor.StartTime));
        if (Parameters is not { } parameters)
        {
            return text.Append(" -").ToString();
        }

        int length = text.Length;
        foreach ((string name, string value) in parameters)
        {
            text.Append(' ').Append(name).Append('=').Append(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)));
        }

        return text.Length <= MaxBytes ? text.ToString() : text.Append(" -").Remove(length, text.Length - 2 - length).ToString();
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static ProcessIdentity? MonitorIn(string word)
    {
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(word.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0
            && ulong.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong start)
                ? new ProcessIdentity(pid, start)
                : null;
    }

    private static ImmutableArray<(string, string)>? ParametersIn(ReadOnlySpan<string> words, out bool isWrong)
    {
        isWrong = false;
        if (words is ["-"])
        {
            return null;
        }

        var parameters = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            isWrong |= equals <= 0 || ValueIn(word[(equals + 1)..]) is null;
            if (!isWrong)
            {
                parameters.Add((word[..equals], ValueIn(word[(equals + 1)..])!));
            }
        }

        return parameters.ToImmutable();
    }

    private static string? ValueIn(string digits)
    {
        try
        {
            return new ByteString(Convert.FromHexString(digits)).ToStrictText();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
