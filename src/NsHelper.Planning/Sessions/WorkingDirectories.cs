using System.Collections.Immutable;
using NsHelper.Planning.Access;
using NsHelper.Planning.Identity;
using NsHelper.Planning.Paths;
using NsHelper.Planning.Profiles;

namespace NsHelper.Planning.Sessions;

/// <summary>Where the command starts: what the user asked for, or what the profile tries one after the other.</summary>
internal static class WorkingDirectories
{
    public static ImmutableArray<ByteString> Of(Profile profile, Specifiers specifiers, CallerState state, SessionRequest request, ShellRequest? shell)
    {
        // What the user asked for by name is entered or the start fails; the profile's own choice may fall back.
        if (request.ChangeDirectory is ByteString asked)
        {
            return asked.Length > 0 && asked.Span[0] == (byte)'/'
                ? [asked]
                : throw new PlanningRefusal("--chdir needs an absolute path", null);
        }

        ImmutableArray<ByteString>.Builder directories = ImmutableArray.CreateBuilder<ByteString>();
        if (shell?.Verb == ShellRequest.LoginVerb && BeginsAtHome(shell, specifiers, state))
        {
            directories.Add(ByteString.FromText(specifiers.Caller.Home.Text));
        }

        foreach (string text in (ReadOnlySpan<string>)[profile.Root.WorkingDirectory, profile.Root.WorkingDirectoryFallback])
        {
            if (DirectoryOf(text, profile, specifiers, state) is ByteString directory && !directories.Contains(directory))
            {
                directories.Add(directory);
            }
        }

        return directories.Count > 0 ? directories.ToImmutable() : [ByteString.FromText("/")];
    }

    /// <summary>A login does, but for su(1) without a dash, whose user stays where it was. sshd(8) leaves "/" where the host has no such home; the session may.</summary>
    private static bool BeginsAtHome(ShellRequest shell, Specifiers specifiers, CallerState state) =>
        shell.IsLogin || state.WorkingDirectory is not ByteString directory || directory == ByteString.FromText("/") || directory == ByteString.FromText(specifiers.Caller.Home.Text);

    private static ByteString? DirectoryOf(string text, Profile profile, Specifiers specifiers, CallerState state) => text switch
    {
        "caller" => state.WorkingDirectory,
        "~" => ByteString.FromText(specifiers.Caller.Home.Text),
        _ => specifiers.TryExpandPath(text, out AbsolutePath? path)
            ? ByteString.FromText(path.Value.Text)
            : throw new PlanningRefusal($"working directory \"{Escaped.Text(text)}\" is not an absolute path for this user", profile.Root.Location),
    };
}
