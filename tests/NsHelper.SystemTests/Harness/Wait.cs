namespace NsHelper.SystemTests.Harness;

/// <summary>Waiting for what another process does, with an end.</summary>
internal static class Wait
{
    public static void Until(Func<bool> condition, Func<string> complaint, int milliseconds = 10_000)
    {
        if (!Happens(condition, milliseconds))
        {
            throw new TimeoutException(complaint());
        }
    }

    public static bool Happens(Func<bool> condition, int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        while (!condition())
        {
            if (Environment.TickCount64 > end)
            {
                return false;
            }

            Thread.Sleep(2);
        }

        return true;
    }
}
