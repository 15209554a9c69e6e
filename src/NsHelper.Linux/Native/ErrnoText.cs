using System.Globalization;

namespace NsHelper.Linux.Native;

/// <summary>The words of strerror(3) for the errors a user of this program meets, in lower case; independent of the locale.</summary>
internal static class ErrnoText
{
    public static string Of(int errno) => errno switch
    {
        1 => "operation not permitted",
        2 => "no such file or directory",
        3 => "no such process",
        4 => "interrupted system call",
        5 => "input/output error",
        6 => "no such device or address",
        7 => "argument list too long",
        8 => "exec format error",
        9 => "bad file descriptor",
        11 => "resource temporarily unavailable",
        12 => "cannot allocate memory",
        13 => "permission denied",
        14 => "bad address",
        16 => "device or resource busy",
        17 => "file exists",
        18 => "a mount or file system is crossed where none may be",
        19 => "no such device",
        20 => "not a directory",
        21 => "is a directory",
        22 => "invalid argument",
        23 => "too many open files in system",
        24 => "too many open files",
        26 => "text file busy",
        27 => "file too large",
        28 => "no space left on device",
        30 => "read-only file system",
        36 => "file name too long",
        38 => "function not implemented",
        40 => "a symbolic link is in the way",
        75 => "value too large",
        95 => "operation not supported",
        104 => "connection reset by peer",
        111 => "connection refused",
        116 => "stale file handle",
        122 => "disk quota exceeded",
        _ => string.Create(CultureInfo.InvariantCulture, $"errno {errno}"),
    };
}
