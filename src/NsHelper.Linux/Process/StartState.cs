using System.Collections.Immutable;
using NsHelper.Linux.Native;
using NsHelper.Planning;

namespace NsHelper.Linux.Process;

/// <summary>
/// argv and environ as bytes, copied before any managed code may look at the caller's environment, which is empty afterwards.
/// Main(string[]) would replace what is not UTF-8.
/// </summary>
internal static unsafe class StartState
{
    /// <summary>More arguments and variables than this are refused, as are longer ones in total (bytes).</summary>
    public const int MaxStrings = 200_000;
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <param name="argumentCount">Length of Main's args: argv without argv[0].</param>
    public static (ImmutableArray<ByteString> Arguments, ImmutableArray<ByteString> Environment) Take(int argumentCount)
    {
        byte** environ = Libc.GetEnviron();

        // Safe: the kernel lays out argc, argv, NULL, environ, NULL on the initial stack; checked below before it is relied on.
        byte** argv = environ - 1 - (argumentCount + 1);
        if (argv[argumentCount + 1] != null || ((nint*)argv)[-1] != argumentCount + 1)
        {
            throw new StartFaultException("the initial stack is not as the kernel lays it out");
        }

        ImmutableArray<ByteString> arguments = Copy(argv, argumentCount + 1);
        int count = 0;
        while (environ[count] != null)
        {
            count++;
        }

        ImmutableArray<ByteString> environment = Copy(environ, count);
        *environ = null;
        return (arguments, environment);
    }

    private static ImmutableArray<ByteString> Copy(byte** strings, int count)
    {
        if (count > MaxStrings)
        {
            throw new StartFaultException("too many arguments or variables");
        }

        long total = 0;
        ImmutableArray<ByteString>.Builder copies = ImmutableArray.CreateBuilder<ByteString>(count);
        for (int i = 0; i < count; i++)
        {
            // Safe: each string of argv and environ ends in a NUL the kernel wrote.
            ReadOnlySpan<byte> text = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(strings[i]);
            total += text.Length;
            if (total > MaxBytes)
            {
                throw new StartFaultException("arguments or variables are too long");
            }

            copies.Add(new ByteString(text));
        }

        return copies.MoveToImmutable();
    }
}
