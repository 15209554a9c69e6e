using System.Text;
using NsHelper.Planning.Invocations;

namespace NsHelper.Planning.Tests.Invocations;

/// <summary>Parses command lines that tests write as strings.</summary>
internal static class Parsing
{
    public static ParsedInvocation Of(params string[] arguments) => InvocationParser.Parse([.. arguments.Select(ByteString.FromText)]);

    public static T Valid<T>(params string[] arguments)
        where T : class =>
        Of(["nshelper", .. arguments]) switch
        {
            ParsedInvocation.Valid valid => Assert.IsType<T>(valid.Invocation),
            ParsedInvocation.Usage usage => throw new InvalidOperationException(usage.Message),
            _ => throw new InvalidOperationException(),
        };

    public static (string Message, int Status) Refused(params string[] arguments)
    {
        var usage = Assert.IsType<ParsedInvocation.Usage>(Of(["nshelper", .. arguments]));
        return (usage.Message, usage.ExitStatus);
    }

    public static string[] Texts(IEnumerable<ByteString> words) => [.. words.Select(word => Encoding.UTF8.GetString(word.Span))];
}
