using System.Diagnostics;
using System.Globalization;

namespace NsHelper.Fuzz;

/// <summary>`make fuzz`: for SECONDS, from SEED, findings into DIRECTORY; exit status 1 when there is one. With a file instead of seconds: that input alone.</summary>
internal static class Program
{
    private const int MostFindings = 20;

    private static int Main(string[] arguments)
    {
        // Before anything that may be instrumented.
        Coverage? coverage = Coverage.Start();
        if (arguments.Length == 1 && File.Exists(arguments[0]))
        {
            Finding? finding = new Fuzzer([], 0, null).Run(new Sample(arguments[0], File.ReadAllBytes(arguments[0])));
            Console.WriteLine(finding?.Fault ?? "good");
            return finding is null ? 0 : 1;
        }

        int seconds = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        int seed = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        Directory.CreateDirectory(arguments[2]);
        return Run(new Fuzzer(Sample.ReadAll(), seed, coverage), coverage, seconds, seed, arguments[2]);
    }

    private static int Run(Fuzzer fuzzer, Coverage? coverage, int seconds, int seed, string directory)
    {
        Console.WriteLine($"seed {seed}, {seconds} s, {fuzzer.Samples} samples, {(coverage is null ? "without" : "with")} coverage");
        Dictionary<string, Finding> findings = [];
        foreach (Finding finding in fuzzer.RunCorpus())
        {
            Keep(findings, finding, directory);
        }

        // What ends the process, or never comes back, is in this file.
        using FileStream last = File.Create(Path.Combine(directory, "last-input"));
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds && findings.Count < MostFindings)
        {
            Finding? finding = fuzzer.RunOne(input =>
            {
                last.SetLength(input.Length);
                RandomAccess.Write(last.SafeFileHandle, input, 0);
            });
            if (finding is not null)
            {
                Keep(findings, finding, directory);
            }
        }

        Console.WriteLine($"{fuzzer.Runs} inputs, slowest {fuzzer.Slowest.TotalMilliseconds:F1} ms, {fuzzer.Samples} samples{(coverage is null ? "" : $", {coverage.Branches} branches")}, {findings.Count} findings");
        return findings.Count == 0 ? 0 : 1;
    }

    /// <summary>One input a fault, the smallest.</summary>
    private static void Keep(Dictionary<string, Finding> findings, Finding finding, string directory)
    {
        // Of an exception the type and where it was thrown, of anything else the first words.
        string[] lines = finding.Fault.Split('\n');
        string key = string.Join(' ', lines[0].Split(' ')[..3]) + (lines.Length > 1 ? lines[1] : "");
        if (findings.TryGetValue(key, out Finding? known) && known.Input.Length <= finding.Input.Length)
        {
            return;
        }

        if (known is null)
        {
            Console.WriteLine($"finding {findings.Count + 1}: {finding.Fault}");
        }

        findings[key] = finding;
        int number = 1 + findings.Keys.ToList().IndexOf(key);
        File.WriteAllBytes(Path.Combine(directory, $"finding-{number}{finding.Kind}"), finding.Input);
    }
}
