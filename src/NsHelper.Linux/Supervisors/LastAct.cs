using System.Globalization;
using NsHelper.Linux.Process;
using NsHelper.Planning;

namespace NsHelper.Linux.Supervisors;

/// <summary>
/// `nshelper gc` as the last act of a monitor whose session had a share that ends with it. It becomes that program, since a process whose children
/// were to be in a process namespace that has ended gets no child any more.
/// </summary>
internal static class LastAct
{
    /// <summary>Returns when it cannot be started. What it does not do the next start of such a session does.</summary>
    public static void Become(int status)
    {
        string number = status.ToString(CultureInfo.InvariantCulture);
        ProgramAnew.Become(
            [ByteString.FromText("nshelper"), ByteString.FromText("gc"), ByteString.FromText("-q"), ByteString.FromText("--exit-status"), ByteString.FromText(number)], []);
    }
}
