using System.Globalization;
using System.Text;
using NsHelper.Linux.Layers;
using NsHelper.Linux.Native;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace NsHelper.Linux.Files;

/// <summary>A directory that only root can enter.</summary>
internal static unsafe class RootDirectory
{
    private const uint PermissionBits = 0xfff;
    private const uint OwnerOnly = 0x1c0; // 0700

    /// <summary>One name in a directory, or an absolute path, through no link; null when there is none. Anything but root's with mode 0700 is not to be trusted.</summary>
    public static FileDescriptor? Open(FileDescriptor? parent, string name, ulong resolve, string path)
    {
        FileDescriptor? directory = LayerCalls.Open(parent, Encoding.UTF8.GetBytes(name), O_RDONLY | O_DIRECTORY, resolve, path);
        if (directory is not null)
        {
            stat status = StatusOf(directory, path);
            if (status.st_uid != 0 || ((uint)status.st_mode & PermissionBits) != OwnerOnly)
            {
                throw new UntrustedFileException(path, string.Create(CultureInfo.InvariantCulture, $"must be a directory of root's with mode 0700"));
            }
        }

        return directory;
    }

    public static stat StatusOf(FileDescriptor directory, string path)
    {
        stat status = default;
        SystemCallException.ThrowIfNegative(fstat(directory.Number, &status), "fstat", path);
        return status;
    }
}
