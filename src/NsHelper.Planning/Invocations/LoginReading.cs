using System.Collections.Immutable;
using NsHelper.Planning.Access;

namespace NsHelper.Planning.Invocations;

/// <summary>
/// The command line of a login shell, as sshd(8), login(1) and su(1) write it. argv[0] answers one question: whether this is one. What
/// follows -c is the user's, and is not looked into.
/// </summary>
internal static class LoginReading
{
    private const string Accepted = "accepted: -l, -c CMD, -l -c CMD; see nshelper-shell(8)";

    private static ReadOnlySpan<byte> Name => "nshelper-shell"u8;

    public static bool IsLogin(ByteString argumentZero) => NameIn(argumentZero, out _).SequenceEqual(Name);

    public static ParsedInvocation Parse(ImmutableArray<ByteString> arguments)
    {
        _ = NameIn(arguments[0], out bool isLogin);
        int next = 1;
        if (Is("-l"u8, next, arguments))
        {
            isLogin = true;
            next++;
        }

        ByteString? command = null;
        if (Is("-c"u8, next, arguments))
        {
            if (next + 1 == arguments.Length)
            {
                return Usage("-c needs a command");
            }

            command = arguments[next + 1];
            next += 2;
        }

        return next < arguments.Length
            ? Usage($"unexpected argument {Ascii.Quoted(arguments[next])}")
            : new ParsedInvocation.Valid(new Invocation.Login(new ShellRequest(ShellRequest.LoginVerb, isLogin, command)) { Output = default });
    }

    private static bool Is(ReadOnlySpan<byte> option, int index, ImmutableArray<ByteString> arguments) => index < arguments.Length && arguments[index].Span.SequenceEqual(option);

    private static ParsedInvocation.Usage Usage(string fault) => new($"nshelper-shell: {fault}; {Accepted}", VerbTable.RunFailure);

    /// <summary>The last part of a path, without the dash that marks a login shell.</summary>
    private static ReadOnlySpan<byte> NameIn(ByteString argumentZero, out bool hasDash)
    {
        ReadOnlySpan<byte> name = argumentZero.Span[(argumentZero.Span.LastIndexOf((byte)'/') + 1)..];
        hasDash = argumentZero.Span is [(byte)'-', ..] || name is [(byte)'-', ..];
        return name is [(byte)'-', ..] ? name[1..] : name;
    }
}
