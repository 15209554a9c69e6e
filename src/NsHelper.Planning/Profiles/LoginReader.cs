using System.Collections.Immutable;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Toml;

namespace NsHelper.Planning.Profiles;

/// <summary>[login]; without it a profile has no shell.</summary>
internal static class LoginReader
{
    public static LoginSettings? Read(TableReader top, AllowRules allow)
    {
        if (top.Table("login") is not TableReader table)
        {
            if (allow.Verbs.Contains(Access.ShellRequest.LoginVerb) && !top.Has("login"))
            {
                top.Refuse(top.Table("allow")?.SpanOf("verbs") ?? top.Span, "allow.verbs has login, and there is no [login]", $"add [login], with shell = \"...\" unless it is {LoginSettings.DefaultShell}");
            }

            return null;
        }

        var settings = new LoginSettings
        {
            Shell = PathOf(table, "shell") ?? AbsolutePath.Parse(LoginSettings.DefaultShell),
            Arguments = ArgumentsOf(table),
            AllowsInteractive = table.Flag("allow_interactive") ?? true,
            AllowsCommand = table.Flag("allow_command") ?? true,
            SftpServer = PathOf(table, "sftp_server"),
            Location = DiagnosticList.LocationOf(table.Span),
        };
        if (settings is { AllowsInteractive: false, AllowsCommand: false, SftpServer: null } && !table.Has("sftp_server"))
        {
            table.Refuse(table.SpanOf("allow_command"), "no shell, no commands and no sftp_server: a login could do nothing", "leave one of the two out, or name an sftp_server");
        }

        if (settings.Shell.IsRoot)
        {
            table.RefuseKey("shell", "\"/\" is no shell", null);
        }

        table.Finish();
        return settings;
    }

    // The schema has seen the form.
    private static AbsolutePath? PathOf(TableReader table, string key) =>
        table.Text(key) is TomlText text && AbsolutePath.TryParse(text.Value, out AbsolutePath? path) ? path : null;

    private static ImmutableArray<string> ArgumentsOf(TableReader table)
    {
        var arguments = ImmutableArray.CreateBuilder<string>();
        foreach (TomlText text in table.Texts("shell_args") ?? [])
        {
            arguments.Add(text.Value);
        }

        return arguments.ToImmutable();
    }
}
