using System.Globalization;
using System.Text;

namespace NsHelper.Fuzz;

/// <summary>An input to which an answer was wrong.</summary>
internal sealed record Finding(string Fault, string Kind, byte[] Input)
{
    /// <summary>The fault and the input, readable and whole.</summary>
    public override string ToString() => $"{Fault}\n{Kind} input, {Input.Length} bytes, in base64: {Convert.ToBase64String(Input)}\n{Encoding.UTF8.GetString(Input.AsSpan(0, Math.Min(Input.Length, 2000)))}";
}

/// <summary>Runs mutations of the corpus through the targets. Without coverage the same seed gives the same inputs.</summary>
internal sealed class Fuzzer(Sample[] corpus, int seed, Coverage? coverage)
{
    /// <summary>No input may take longer; attack matrix, cfg-parser-bomb.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Until the code is compiled and its types are loaded, times say nothing.</summary>
    private const int WarmUp = 2000;

    private readonly List<Sample> samples = [.. corpus];
    private readonly Random random = new(seed);
    private readonly Mutation mutation = new(new Random(seed));

    public long Runs { get; private set; }

    public int Samples => samples.Count;

    public TimeSpan Slowest { get; private set; }

    /// <summary>The corpus as it is.</summary>
    public IEnumerable<Finding> RunCorpus() => corpus.Select(Run).OfType<Finding>();

    /// <summary>One input; null when all answers to it are good.</summary>
    public Finding? Run(Sample sample) => Run(sample.Kind, sample.Bytes);

    /// <summary>One mutation; null when its answers are good.</summary>
    /// <param name="before">Is shown each input before it runs: what ends the process can then be found.</param>
    public Finding? RunOne(Action<byte[]>? before)
    {
        Sample sample = samples[random.Next(samples.Count)];
        Sample other = samples[random.Next(samples.Count)];
        byte[] input = mutation.Of(sample.Bytes, other.Bytes);
        before?.Invoke(input);
        coverage?.Clear();
        Finding? finding = Run(sample.Kind, input);
        if (coverage?.FoundNew() == true)
        {
            samples.Add(new Sample(string.Create(CultureInfo.InvariantCulture, $"found-{samples.Count}{sample.Kind}"), input));
        }

        return finding;
    }

    private Finding? Run(string kind, byte[] input)
    {
        Runs++;
        foreach (Func<byte[], string?> target in Targets.Of(kind))
        {
            if (FaultOf(target, input) is string fault)
            {
                return new Finding($"{target.Method.Name}: {fault}", kind, input);
            }
        }

        return null;
    }

    private string? FaultOf(Func<byte[], string?> target, byte[] input)
    {
        (string? fault, TimeSpan time) = Timed(target, input);
        if (fault is not null || Runs <= WarmUp)
        {
            return fault;
        }

        // A collection of garbage or a busy sibling of the processor may disturb one run, but not each.
        for (int again = 0; again < 9 && time > MostTime; again++)
        {
            TimeSpan next = Timed(target, input).Time;
            time = next < time ? next : time;
        }

        Slowest = time > Slowest ? time : Slowest;
        return time > MostTime ? $"takes {time.TotalMilliseconds:F0} ms" : null;
    }

    private static (string? Fault, TimeSpan Time) Timed(Func<byte[], string?> target, byte[] input)
    {
        TimeSpan start = ThreadTime.Now;
        try
        {
            return (target(input), ThreadTime.Now - start);
        }
        catch (Exception exception)
        {
            return ($"throws {exception}", ThreadTime.Now - start);
        }
    }
}
