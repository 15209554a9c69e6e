using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using NsHelper.Linux.Native;
using NsHelper.Planning;
using NsHelper.Planning.Paths;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>Looks with the caller's rights at the paths a profile names, before planning: which targets are there, which lie behind root's own links, which sources are files.</summary>
internal static unsafe class PathFactsReader
{
    private const int OpenHowSize = 24;
    private const int MaxLinks = 8;
    private const int Deadline = 10; // seconds
    private const uint OthersMayWrite = 0x12; // S_IWGRP | S_IWOTH

    public static PathFacts Read(PathQuestions questions)
    {
        // A path may lead to a file server of the user's, which need not answer; SIGALRM ends the process then.
        EndAfter(Deadline);
        var resolved = ImmutableArray.CreateBuilder<ResolvedTarget>();
        var missing = ImmutableArray.CreateBuilder<AbsolutePath>();
        var files = ImmutableArray.CreateBuilder<AbsolutePath>();
        var fileTargets = ImmutableArray.CreateBuilder<AbsolutePath>();
        foreach (AbsolutePath target in questions.Targets)
        {
            if (questions.RootOf(target) is not { } rootPath)
            {
                continue; // of a new root nothing is there
            }

            string root = rootPath.IsRoot ? "" : rootPath.Text;
            AbsolutePath place = target;
            int error = ErrnoOf(root, target, out bool isFile);
            if (error == ELOOP)
            {
                place = WithoutLinks(root, target);
                resolved.Add(new ResolvedTarget(target, place));
                error = ErrnoOf(root, place, out isFile);
            }

            if (error == ENOENT)
            {
                missing.Add(place);
            }

            if (isFile)
            {
                fileTargets.Add(place);
            }
        }

        foreach (AbsolutePath source in questions.Sources)
        {
            if (IsFile(source))
            {
                files.Add(source);
            }
        }

        ImmutableArray<LowerFact> lowers = LowerFactsReader.Read(questions.Lowers);
        EndAfter(0);
        return new PathFacts
        {
            Resolved = resolved.ToImmutable(),
            Missing = missing.ToImmutable(),
            Files = files.ToImmutable(),
            FileTargets = fileTargets.ToImmutable(),
            Lowers = lowers,
        };
    }

    /// <summary>Seconds; 0 takes it back.</summary>
    private static void EndAfter(int seconds)
    {
        var timer = new Libc.itimerval { it_value_sec = seconds };
        SystemCallException.ThrowIfNegative(Libc.setitimer(Libc.ITIMER_REAL, &timer, null), "setitimer", "the time for looking at paths");
    }

    /// <summary>0 when the path opens without links. Other errors than ENOENT and ELOOP are left to the step that meets them again.</summary>
    private static int ErrnoOf(string root, AbsolutePath path, out bool isFile)
    {
        isFile = false;
        open_how how = default;
        how.flags = (ulong)(uint)(O_PATH | O_CLOEXEC); // with O_NOFOLLOW a last link would be opened itself
        how.resolve = (ulong)(RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS);
        fixed (byte* text = Encoding.UTF8.GetBytes(root + path.Text + '\0'))
        {
            int result = (int)openat2(AT_FDCWD, text, &how, OpenHowSize);
            if (result < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            using FileDescriptor opened = FileDescriptor.Take(result, "openat2", path.Text);
            stat status = default;
            isFile = fstat(result, &status) == 0 && (status.st_mode & S_IFMT) != S_IFDIR;
            return 0;
        }
    }

    private static bool IsFile(AbsolutePath path)
    {
        stat status = default;
        fixed (byte* text = Encoding.UTF8.GetBytes(path.Text + '\0'))
        {
            return stat(text, &status) == 0 && (status.st_mode & S_IFMT) != S_IFDIR;
        }
    }

    /// <summary>Follows, component by component and as seen from the root of the tree, links that root owns in directories nobody else may write to; any other link ends the start.</summary>
    private static AbsolutePath WithoutLinks(string root, AbsolutePath path)
    {
        var left = new List<string>(path.Parts);
        left.Reverse();
        string place = "";
        int links = 0;
        while (left.Count > 0)
        {
            string part = left[^1];
            left.RemoveAt(left.Count - 1);
            if (part == "..")
            {
                place = place.Length == 0 ? "" : place[..place.LastIndexOf('/')];
                continue;
            }

            if (LinkAt($"{root}{place}/{part}", root.Length + place.Length == 0 ? "/" : root + place) is not { } link)
            {
                place = $"{place}/{part}";
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new SystemCallException("openat2", path.Text, ELOOP);
            }

            place = link.StartsWith('/') ? "" : place;
            string[] components = link.Split('/', StringSplitOptions.RemoveEmptyEntries);
            for (int i = components.Length - 1; i >= 0; i--)
            {
                if (components[i] != ".")
                {
                    left.Add(components[i]);
                }
            }
        }

        return AbsolutePath.TryParse(place.Length == 0 ? "/" : place, out AbsolutePath? result)
            ? result.Value
            : throw new SystemCallException("openat2", path.Text, ELOOP);
    }

    /// <summary>The text of a trusted link; null when the path is no link (or not there, which its step will meet).</summary>
    private static string? LinkAt(string path, string parent)
    {
        const int pathMax = 4096;
        stat status = default;
        stat above = default;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + '\0'))
        fixed (byte* parentText = Encoding.UTF8.GetBytes(parent + '\0'))
        {
            if (lstat(text, &status) < 0 || (status.st_mode & S_IFMT) != S_IFLNK)
            {
                return null;
            }

            bool trusted = status.st_uid == 0 && lstat(parentText, &above) == 0 && above.st_uid == 0 && ((uint)above.st_mode & OthersMayWrite) == 0;
            byte* buffer = stackalloc byte[pathMax];
            long length = trusted ? (long)readlink(text, buffer, pathMax) : -1;

            // Safe: `length` is at most the size of the buffer.
            return length is > 0 and < pathMax && new ByteString(new ReadOnlySpan<byte>(buffer, (int)length)).ToStrictText() is { } link
                ? link
                : throw new SystemCallException("openat2", path, ELOOP);
        }
    }
}
