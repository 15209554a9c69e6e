using System.Collections.Immutable;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Access;

/// <summary>What a login, or who asks for a shell, gets of a profile: its shell or its sftp server, and never anything else.</summary>
internal static class ShellRules
{
    private static readonly ByteString CommandOption = ByteString.FromText("-c");

    /// <summary>The command that may run; null after a refusal, which is then in <paramref name="refusal"/>.</summary>
    public static RequestedCommand? Choose(Profile profile, ShellRequest request, out Decision.Denied? refusal)
    {
        refusal = null;
        if (profile.Login is not { } login)
        {
            refusal = Refused("the profile has no shell: it has no [login]", profile.Location);
            return null;
        }

        // sshd hands the command line of its Subsystem to the shell. Compared whole, and no shell sees it: it needs none, and the profile may have none.
        if (request.Command is ByteString asked && login.SftpServer is { } server && asked == ByteString.FromText(server.Text))
        {
            return Only(asked, asked, [asked], request);
        }

        if (request.Command is null ? !login.AllowsInteractive : !login.AllowsCommand)
        {
            string what = request.Command is null ? "no interactive shell" : "no commands";
            refusal = Refused($"the profile allows {what}{(login.SftpServer is null ? "" : "; it serves sftp")}", login.Location);
            return null;
        }

        var shell = ByteString.FromText(login.Shell.Text);
        var words = ImmutableArray.CreateBuilder<ByteString>();
        words.Add(shell);
        foreach (string argument in login.Arguments)
        {
            words.Add(ByteString.FromText(argument));
        }

        if (request.Command is ByteString command)
        {
            words.AddRange(CommandOption, command);
        }

        string name = login.Shell.Parts[^1];
        return Only(shell, ByteString.FromText(request.IsLogin ? $"-{name}" : name), words.ToImmutable(), request);
    }

    private static RequestedCommand Only(ByteString path, ByteString argumentZero, ImmutableArray<ByteString> words, ShellRequest request) =>
        new([new CommandCandidate(path, argumentZero)], words) { Shell = request };

    // Who gets as far as this is one whom the profile is for.
    private static Decision.Denied Refused(string reason, SourceLocation rule) => new(reason, rule) { IsAboutCommand = true };
}
