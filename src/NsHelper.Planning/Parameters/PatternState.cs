namespace NsHelper.Planning.Parameters;

/// <summary>One state of a pattern's machine: it takes one character and goes on to the next state, or it is two states at once.</summary>
/// <param name="IsFork">Else it takes a character of <paramref name="Set"/>.</param>
/// <param name="First">Distance to a state that a fork stands for; so a piece of a machine can be copied as it is.</param>
/// <param name="Second">The other.</param>
internal readonly record struct PatternState(bool IsFork, CharacterSet Set, int First, int Second)
{
    public static PatternState Take(CharacterSet set) => new(false, set, 0, 0);

    public static PatternState Fork(int first, int second) => new(true, default, first, second);

    public static PatternState Jump(int distance) => new(true, default, distance, distance);
}
