using System.Globalization;
using System.Text;
using NsHelper.Linux.Files;
using NsHelper.Linux.Native;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Layers;

/// <summary>
/// Which layers running sessions of the caller have: the name under which a layer was mounted stands in the mount table of every process that sees
/// the overlay. Who hides his own processes from this disturbs his own session alone.
/// </summary>
internal static unsafe class LiveLayers
{
    private static ReadOnlySpan<byte> Before => "upperdir="u8;

    private static ReadOnlySpan<byte> After => "/upper,"u8;

    /// <summary>The names of layers that are mounted, each with a process that has it.</summary>
    public static List<(string Name, int Process)> Read()
    {
        List<(string Name, int Process)> live = [];
        foreach (int pid in Processes())
        {
            try
            {
                Add(live, pid, ProcFile.Read(pid, "mountinfo"));
            }
            catch (SystemCallException)
            {
                continue; // it has ended, or is somebody else's
            }
        }

        return live;
    }

    private static void Add(List<(string Name, int Process)> live, int pid, ReadOnlySpan<byte> mounts)
    {
        for (int start = mounts.IndexOf(Before); start >= 0; start = mounts.IndexOf(Before))
        {
            mounts = mounts[(start + Before.Length)..];
            int end = mounts.IndexOf(After);

            // A layer in memory has no name, and a foreign one may have a path.
            if (end > 0 && mounts[..end].IndexOfAny((byte)'/', (byte)',', (byte)'\n') < 0)
            {
                live.Add((Encoding.ASCII.GetString(mounts[..end]), pid));
            }
        }
    }

    private static List<int> Processes()
    {
        List<int> processes = [];
        fixed (byte* path = "/proc\0"u8)
        {
            using FileDescriptor proc = FileDescriptor.Take(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open", "/proc");
            foreach (string name in DirectoryListing.Read(proc, "/proc"))
            {
                if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
                {
                    processes.Add(pid);
                }
            }
        }

        return processes;
    }
}
