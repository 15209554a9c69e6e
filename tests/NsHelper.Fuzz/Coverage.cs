using System.Runtime.InteropServices;
using NsHelper.Planning;
using SharpFuzz.Common;

namespace NsHelper.Fuzz;

/// <summary>Which branches an input took, where `make fuzz` has instrumented the assemblies: an input that takes a new one is worth mutating further.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    private readonly byte* map;
    private readonly byte[] seen = new byte[Size];

    // Safe: the map is never freed, so instrumented code may write to it until the process ends.
    private Coverage() => Trace.SharedMem = map = (byte*)NativeMemory.AllocZeroed(Size);

    public int Branches { get; private set; }

    /// <summary>Null where nothing is instrumented. To be called before anything of the tested assemblies runs.</summary>
    public static Coverage? Start() =>
        Array.Exists(typeof(ByteString).Assembly.GetReferencedAssemblies(), name => name.Name == typeof(Trace).Assembly.GetName().Name) ? new Coverage() : null;

    public void Clear()
    {
        new Span<byte>(map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether a branch was taken for the first time, or for the first time that often (by powers of two).</summary>
    public bool FoundNew()
    {
        bool found = false;
        for (int i = 0; i < Size; i++)
        {
            if (map[i] != 0)
            {
                var level = (byte)(1 << (31 - int.LeadingZeroCount(map[i])));
                found |= (seen[i] & level) == 0;
                Branches += seen[i] == 0 ? 1 : 0;
                seen[i] |= level;
            }
        }

        return found;
    }
}
