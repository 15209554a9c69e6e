using System.Collections.Immutable;
using NsHelper.Planning.Paths;

namespace NsHelper.Planning.Profiles;

/// <summary>[login]: the shell of the session, and what may be done with it.</summary>
internal sealed record LoginSettings
{
    /// <summary>What holds unless it is written: neither $SHELL, which the caller wrote, nor the password entry, which has nshelper itself.</summary>
    public const string DefaultShell = "/bin/sh";

    public required AbsolutePath Shell { get; init; }

    /// <summary>Always given, before -c too: what narrows a shell narrows its commands.</summary>
    public required ImmutableArray<string> Arguments { get; init; }
    public required bool AllowsInteractive { get; init; }
    public required bool AllowsCommand { get; init; }

    /// <summary>Executed without a shell when a login asks for exactly this; null: sftp is a command like any other.</summary>
    public required AbsolutePath? SftpServer { get; init; }
    public required SourceLocation Location { get; init; }
}
